"""`covey queue retry` sets what waits or is parked going again; `drop` ends it unsent."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime

import click

from federation.commands import queue_orders
from federation.commands.deeds import MACHINE
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.clock import Clock
from storage import delivery_orders, inbox_aside

EXAMPLES = """\b
Examples:
  covey queue retry 01K4B0ZZZZZZZZZZZZZZZZZZZZ
  covey queue retry --host other.example
  covey queue retry --parked
"""

ONE_WAY = "give ids, or --host"


@click.command("retry", epilog=EXAMPLES)
@click.argument("ids", nargs=-1, metavar="[ARGS]...")
@click.option("--host", default="", help="All that waits or is parked for this server.")
@click.option("--parked", is_flag=True, help="All that is parked, what has come here included.")
@json_option
@config_option
def retry_command(
    *, ids: tuple[str, ...], host: str, parked: bool, as_json: bool, config_path: str | None
) -> None:
    """Try deliveries again, or take in again what has come and is parked.

    ARGS are ids as covey queue list prints them. What was delivered, refused, cancelled or has
    expired stays as it is. A running node begins within five seconds.
    """
    if bool(ids) + bool(host) + parked != 1:
        raise click.UsageError(f"{ONE_WAY}, or --parked")
    now = Clock().now()

    async def retried() -> Mapping[str, int]:
        done = await queue_orders.retry(ids, host=host, every_parked=parked, now=now, by=MACHINE)
        return {"deliveries": done.deliveries, "inbox": done.inbox}

    _tell(inside(configured(config_path), retried), "tried again", as_json=as_json)


@click.command("drop", epilog="\b\nExample:\n  covey queue drop --host gone.example --dry-run\n")
@click.argument("ids", nargs=-1, metavar="[ARGS]...")
@click.option("--host", default="", help="All that waits or is parked for this server.")
@click.option("--dry-run", is_flag=True, help="Count it, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask at a terminal.")
@json_option
@config_option
def drop_command(
    *,
    ids: tuple[str, ...],
    host: str,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    config_path: str | None,
) -> None:
    """End deliveries unsent, or give up what has come and is parked.

    ARGS are ids as covey queue list prints them. Authors see the messages as refused, with the
    reason. Nothing that was dropped comes back.
    """
    if bool(ids) + bool(host) != 1:
        raise click.UsageError(ONE_WAY)
    config, now = configured(config_path), Clock().now()
    if not dry_run and not yes and sys.stdin.isatty():
        told = inside(config, lambda: _counted(ids, host))
        click.confirm(f"End {sum(told.values())} of them for good?", abort=True)
    done = inside(config, lambda: _counted(ids, host) if dry_run else _dropped(ids, host, now))
    _tell(done, "would end" if dry_run else "ended", as_json=as_json)


async def _counted(ids: tuple[str, ...], host: str) -> Mapping[str, int]:
    parked = {entry.id for entry in await inbox_aside.parked(limit=10_000)}
    return {
        "deliveries": await delivery_orders.count(ids, host=host),
        "inbox": len(parked.intersection(ids)),
    }


async def _dropped(ids: tuple[str, ...], host: str, now: datetime) -> Mapping[str, int]:
    done = await queue_orders.drop(ids, host=host, now=now, by=MACHINE)
    return {"deliveries": done.deliveries, "inbox": done.inbox}


def _tell(counted: Mapping[str, int], what: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(counted))
        return
    if not any(counted.values()):
        raise StopError("nothing of that waits or is parked; nothing was done")
    click.echo(f"{what}: {counted['deliveries']} deliveries, {counted['inbox']} that came here")

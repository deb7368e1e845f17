"""`covey queue` says what waits here and in whose way, and sets it going again or gives it up."""

import json
from collections.abc import Mapping
from typing import Final

import click

from federation.protocol.timestamps import format_time
from federation.queries.explained import why_set_aside
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.queue_orders import drop_command, retry_command
from node.cli.queue_status import status_command
from node.clock import Clock
from storage import deliveries, inbox_aside
from storage.deliveries import UNFINISHED, QueuedRow
from storage.inbox_aside import SetAside

# What is said of a row without a reason of its own.
WORDS: Final = {"pending": "waits for its turn", "sending": "is on its way"}


@click.group("queue", epilog="\b\nExample:\n  covey queue status\n")
def queue_command() -> None:
    """What waits to be delivered, and what has come and waits to be taken in."""


@queue_command.command("list", epilog="\b\nExample:\n  covey queue list --host other.example\n")
@click.option("--limit", default=100, show_default=True, help="At most this many rows.")
@click.option("--host", default="", help="Only what is for this server.")
@click.option("--inbox", is_flag=True, help="What has come and is set aside, not what leaves.")
@json_option
@config_option
def list_command(
    *, limit: int, host: str, inbox: bool, as_json: bool, config_path: str | None
) -> None:
    """Print what is not delivered yet, with the reasons.

    The oldest comes first. With --inbox: what has come from elsewhere and failed here or waits for
    something that is missing.
    """
    if inbox and host:
        raise click.UsageError("--host is about what leaves, --inbox about what has come")
    config = configured(config_path)
    if inbox:
        _print_inbox(inside(config, lambda: inbox_aside.set_aside(limit=limit)), as_json=as_json)
        return
    rows = inside(config, lambda: deliveries.listed(UNFINISHED, host=host, limit=limit))
    if as_json:
        click.echo(json.dumps([_described(row) for row in rows], indent=2))
        return
    for row in rows:
        next_try = f", next try {format_time(row.next_try)}" if row.next_try else ""
        reason = row.reason or WORDS.get(row.state, "no reason is known")
        click.echo(f"{row.id}  {row.host:<30} {row.state:<10} {reason}{next_try}")
    if not rows:
        click.echo("nothing waits")


for command in (status_command, retry_command, drop_command):
    queue_command.add_command(command)


def _print_inbox(entries: list[SetAside], *, as_json: bool) -> None:
    now = Clock().now()
    if as_json:
        told = [
            {
                "id": entry.id,
                "activity": entry.activity_id,
                "actor": entry.actor_uri,
                "received": format_time(entry.received_at),
                "state": "waiting" if entry.waits_for else "parked",
                "why": why_set_aside(entry, now),
            }
            for entry in entries
        ]
        click.echo(json.dumps(told, indent=2))
        return
    for entry in entries:
        click.echo(f"{entry.id}  {entry.actor_uri} {why_set_aside(entry, now)}")
    if not entries:
        click.echo("nothing is set aside")


def _described(row: QueuedRow) -> Mapping[str, object]:
    return {
        "id": row.id,
        "host": row.host,
        "state": row.state,
        "reason": row.reason,
        "attempts": row.attempts,
        "next_try": format_time(row.next_try) if row.next_try else None,
    }

"""`covey policy held` shows what rules hold and lets go of it or drops it."""

import json
from collections.abc import Mapping

import click

from federation.commands import held as commands
from federation.commands.deeds import MACHINE
from federation.protocol import strict_json
from federation.protocol.timestamps import format_time
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.clock import Clock
from node.entropy import Entropy
from storage import held
from storage.held import Shown

AT_ONCE = 1000


@click.group("held", epilog="\b\nExample:\n  covey policy held list\n")
def held_command() -> None:
    """What waits for a moderator because a rule holds it."""


@held_command.command("list", epilog="\b\nExample:\n  covey policy held list --json\n")
@click.option("--limit", default=100, show_default=True, help="At most this many.")
@click.option("--after", default="", help="Begin behind this one; the oldest come first.")
@json_option
@config_option
def list_command(*, limit: int, after: str, as_json: bool, config_path: str | None) -> None:
    """Print what is held, and no word of it.

    It says from whom and for whom it is, and which rule holds it. Times are UTC.
    """
    config = configured(config_path)
    shown = inside(config, lambda: held.listed(after=after, limit=min(limit, AT_ONCE)))
    if as_json:
        click.echo(json.dumps([_described(one) for one in shown], indent=2))
        return
    for one in shown:
        free = f", free at {format_time(one.due_at)}" if one.due_at is not None else ""
        person = one.person or "nobody in particular"
        click.echo(f"{one.id}  {one.type} of {one.actor_uri} for {person}")
        click.echo(f"    {format_time(one.held_at)}, by {one.rule_id or 'the policy'}{free}")
    if not shown:
        click.echo("nothing is held")


@held_command.command("release", epilog="\b\nExample:\n  covey policy held release 01J…\n")
@click.argument("ids", nargs=-1, metavar="[ARGS]...")
@click.option("--host", default="", help="All that is held from this host.")
@config_option
def release_command(*, ids: tuple[str, ...], host: str, config_path: str | None) -> None:
    """Let held items ARGS reach their people, as requests."""
    clock = Clock()
    new_id = Entropy(clock.now).new_id

    async def released() -> int:
        return await commands.release(
            await _meant(ids, host), new_id=new_id, now=clock.now(), by=MACHINE
        )

    _say(inside(configured(config_path), released), "released")


@held_command.command("drop", epilog="\b\nExample:\n  covey policy held drop --host bad.example\n")
@click.argument("ids", nargs=-1, metavar="[ARGS]...")
@click.option("--host", default="", help="All that is held from this host.")
@config_option
def drop_command(*, ids: tuple[str, ...], host: str, config_path: str | None) -> None:
    """Let held items ARGS reach nobody; their senders are told nothing."""
    clock = Clock()

    async def dropped() -> int:
        return await commands.drop(await _meant(ids, host), now=clock.now(), by=MACHINE)

    _say(inside(configured(config_path), dropped), "dropped")


async def _meant(ids: tuple[str, ...], host: str) -> list[str]:
    if bool(ids) == bool(host):
        raise click.UsageError("name items, or a host")
    return (await held.ids_of_host(host.lower()))[:AT_ONCE] if host else list(ids)


def _say(number: int, done: str) -> None:
    if not number:
        raise StopError("nothing like that is held")
    click.echo(f"{number} items {done}")


def _described(one: Shown) -> Mapping[str, object]:
    return {
        "id": one.id,
        "type": one.type,
        "actor": one.actor_uri,
        "activity": one.activity_id,
        "person": one.person,
        "host": one.host,
        "rule": one.rule_id,
        "facts": strict_json.loads((one.facts or "{}").encode()),
        "held_at": format_time(one.held_at),
        "free_at": format_time(one.due_at) if one.due_at is not None else None,
    }

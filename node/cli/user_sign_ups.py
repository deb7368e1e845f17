"""`covey user waiting`, `approve` and `reject` decide about those who ask for an account."""

import json

import click

from federation.commands import sign_ups
from federation.commands.deeds import MACHINE
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Allowed, Refused
from federation.queries.sign_ups import list_waiting
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.cli.user_mint import mint_of
from node.clock import Clock
from node.config.sections import Config
from node.names import check_secret


@click.command("waiting", epilog="\b\nExample:\n  covey user waiting --json\n")
@json_option
@config_option
def waiting_command(*, as_json: bool, config_path: str | None) -> None:
    """Print who waits for an account.

    Who has waited longest comes first, each with what they say of themselves.
    """
    found = inside(configured(config_path), list_waiting)
    if as_json:
        described = [
            {"name": one.name, "reason": one.reason, "asked": format_time(one.changed_at)}
            for one in found
        ]
        click.echo(json.dumps(described, indent=2))
        return
    for one in found:
        click.echo(f"{one.name:<30} {format_time(one.changed_at)}  {one.reason}")


@click.command("approve", epilog="\b\nExample:\n  covey user approve alice\n")
@click.argument("name")
@config_option
def approve_command(*, name: str, config_path: str | None) -> None:
    """Make the account of NAME, who waits for it."""
    config = configured(config_path)
    _required(inside(config, lambda: _approve(config, name)))
    click.echo(f"{name} has an account now")


@click.command("reject", epilog="\b\nExample:\n  covey user reject alice --word 'We are full.'\n")
@click.argument("name")
@click.option("--word", default="", help="What they read when they sign in.")
@config_option
def reject_command(*, name: str, word: str, config_path: str | None) -> None:
    """Refuse NAME, who waits for an account.

    For 30 days they are told so, with the word, when they sign in; the name is free at once.
    """
    clock = Clock()
    _required(
        inside(configured(config_path), lambda: sign_ups.reject(name, word, clock.now(), MACHINE))
    )
    click.echo(f"{name} is refused")


async def _approve(config: Config, name: str) -> Allowed | Refused:
    await check_secret(config.server)
    return await sign_ups.approve(mint_of(config), name, MACHINE)


def _required(verdict: Allowed | Refused) -> None:
    if isinstance(verdict, Refused):
        raise StopError(verdict.reason)


COMMANDS: tuple[click.Command, ...] = (waiting_command, approve_command, reject_command)

"""`covey invite` makes, lists and ends the links by which people make an account here."""

import json
from datetime import timedelta

import click

from federation.commands.deeds import MACHINE
from federation.protocol.timestamps import format_time
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.clock import Clock
from node.entropy import Entropy
from node.identity.sign_up_link import (
    LIFETIME_MAX,
    USES_MAX,
    create_sign_up_link,
    end_sign_up_link,
)
from storage import sign_up_links
from storage.sign_up_links import SignUpLink


@click.group("invite", epilog="\b\nExample:\n  covey invite create\n")
def invite_command() -> None:
    """Links by which people make an account here."""


@invite_command.command(
    "create", epilog="\b\nExample:\n  covey invite create --uses 20 --days 30\n"
)
@click.option(
    "--uses",
    type=click.IntRange(1, USES_MAX),
    default=1,
    show_default=True,
    help="How many people may come by it.",
)
@click.option(
    "--days",
    type=click.IntRange(1, LIFETIME_MAX.days),
    default=7,
    show_default=True,
    help="For how long.",
)
@json_option
@config_option
def create_command(*, uses: int, days: int, as_json: bool, config_path: str | None) -> None:
    """Print a link that makes an account of a member.

    It is shown this once; the database keeps only its hash. Whoever has it can use it, so send it
    to those who are meant.
    """
    config, clock = configured(config_path), Clock()
    link, url = inside(
        config,
        lambda: create_sign_up_link(
            config.server.base_url,
            uses=uses,
            lifetime=timedelta(days=days),
            entropy=Entropy(clock.now),
            by=MACHINE,
            now=clock.now(),
        ),
    )
    click.echo(json.dumps(_described(link) | {"url": url}) if as_json else url)


@invite_command.command("list", epilog="\b\nExample:\n  covey invite list --json\n")
@json_option
@config_option
def list_command(*, as_json: bool, config_path: str | None) -> None:
    """Print the links whose time has not come, without their secrets."""
    clock = Clock()
    links = inside(configured(config_path), lambda: sign_up_links.listed(clock.now()))
    if as_json:
        click.echo(json.dumps([_described(link) for link in links], indent=2))
        return
    for link in links:
        left = f"{link.uses_left} of {link.uses} left"
        click.echo(f"{link.id}  {left:<16} until {format_time(link.ends_at)}")


@invite_command.command("revoke", epilog="\b\nExample:\n  covey invite revoke 01KB3ZJ0Q0\n")
@click.argument("link_id", metavar="ID")
@config_option
def revoke_command(*, link_id: str, config_path: str | None) -> None:
    """End the link ID, as `covey invite list` names it.

    Accounts that were made by it stay.
    """
    clock = Clock()
    ended = inside(configured(config_path), lambda: end_sign_up_link(link_id, MACHINE, clock.now()))
    if not ended:
        raise StopError(f"there is no link {link_id}; see covey invite list")
    click.echo("nobody else can come by this link")


def _described(link: SignUpLink) -> dict[str, str | int]:
    return {
        "id": link.id,
        "uses": link.uses,
        "uses_left": link.uses_left,
        "created": format_time(link.created_at),
        "ends": format_time(link.ends_at),
    }

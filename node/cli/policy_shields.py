"""`covey policy shields` raises protection for some hours, lowers it, and says how it stands."""

import json

import click

from federation.commands import shields
from federation.commands.deeds import MACHINE
from federation.policy.expressions import Wrong, read_duration
from federation.policy.problem import Unreadable
from federation.policy.shields import Raised
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused
from federation.queries.shields import find_shields_now
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.clock import Clock
from node.config.rules import read_rules
from node.entropy import Entropy


@click.group("shields", epilog="\b\nExample:\n  covey policy shields up --for 6h\n")
def shields_command() -> None:
    """Raise protection while a wave lasts."""


@shields_command.command(
    "up", epilog="\b\nExample:\n  covey policy shields up --for 6h --reason 'A wave of spam'\n"
)
@click.option("--for", "length", default="", metavar="DURATION", help="Such as 6h.")
@click.option("--reason", default="", help="People here may read it.")
@config_option
def up_command(*, length: str, reason: str, config_path: str | None) -> None:
    """Raise protection for some hours, as [policy.shields] says.

    The rules that it names are enforced, and what strangers send is taken as it says. It
    ends by itself. A running node takes it up within two seconds.
    """
    config, clock = configured(config_path), Clock()
    written = read_rules(config.file, config.server.names)
    if isinstance(written, Unreadable):
        raise StopError(str(written.problems[0]))
    asked = read_duration(length) if length else None
    if isinstance(asked, Wrong):
        raise StopError(f"--for {asked.reason}")
    version = Entropy(clock.now).new_id()
    raised = inside(
        config,
        lambda: shields.up(written, asked, reason, version=version, now=clock.now(), by=MACHINE),
    )
    if isinstance(raised, Refused):
        raise StopError(raised.reason)
    click.echo(f"protection is raised until {format_time(raised.until)}")


@shields_command.command("down", epilog="\b\nExample:\n  covey policy shields down\n")
@config_option
def down_command(*, config_path: str | None) -> None:
    """Lower protection before it ends by itself."""
    clock = Clock()
    version = Entropy(clock.now).new_id()
    done = inside(
        configured(config_path),
        lambda: shields.down(version=version, now=clock.now(), by=MACHINE),
    )
    if isinstance(done, Refused):
        raise StopError(done.reason)
    click.echo("protection is lowered")


@shields_command.command("status", epilog="\b\nExample:\n  covey policy shields status --json\n")
@json_option
@config_option
def status_command(*, as_json: bool, config_path: str | None) -> None:
    """Print whether protection is raised, until when and why."""
    raised = inside(configured(config_path), lambda: find_shields_now(Clock().now()))
    if as_json:
        click.echo(json.dumps(_described(raised), indent=2))
        return
    if raised is None:
        click.echo("protection is not raised")
        return
    because = f": {raised.reason}" if raised.reason else ""
    click.echo(f"protection is raised until {format_time(raised.until)}{because}")


def _described(raised: Raised | None) -> dict[str, object]:
    if raised is None:
        return {"raised": False}
    return {
        "raised": True,
        "since": format_time(raised.since),
        "until": format_time(raised.until),
        "reason": raised.reason or None,
    }

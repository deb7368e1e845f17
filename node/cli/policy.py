"""`covey policy` says with whom this node exchanges nothing, and what that ends."""

import json
import sys
from collections.abc import Mapping

import click

from federation.commands import block_domain
from federation.commands.block_domain import Consequences
from federation.commands.deeds import MACHINE
from federation.commands.parting import Parting
from federation.protocol.verdict import Refused
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.policy_files import check_command, explain_command
from node.cli.policy_held import held_command
from node.cli.policy_import import import_command
from node.cli.policy_kept import export_command, log_command, show_command
from node.cli.policy_kept_out import described, find_kept_out, in_short, list_kept_out, told_of
from node.cli.policy_lists import adopt_command, diff_command, lists_command
from node.cli.policy_preview import preview_command
from node.cli.policy_purge import purge_command
from node.cli.policy_rules import add_command, edit_command, expire_command, revert_command
from node.cli.policy_shields import shields_command
from node.cli.stop import StopError
from node.clock import Clock
from node.entropy import Entropy
from node.parts import namespace_of


@click.group("policy", epilog="\b\nExample:\n  covey policy list\n")
def policy_command() -> None:
    """What this node lets in and out."""


policy_command.add_command(check_command)
policy_command.add_command(explain_command)
for command in (add_command, edit_command, expire_command, revert_command):
    policy_command.add_command(command)
for command in (preview_command, show_command, log_command, import_command, export_command):
    policy_command.add_command(command)
for command in (purge_command, lists_command, diff_command, adopt_command):
    policy_command.add_command(command)
for command in (held_command, shields_command):
    policy_command.add_command(command)


@policy_command.command(
    "block",
    epilog="\b\nExample:\n  covey policy block bad.example --reason 'harassment of our members'\n",
)
@click.argument("domain")
@click.option("--reason", default="", help="People here may read it.")
@click.option("--yes", is_flag=True, help="Do not ask at a terminal.")
@json_option
@config_option
def block_command(
    *, domain: str, reason: str, yes: bool, as_json: bool, config_path: str | None
) -> None:
    """Exchange nothing with DOMAIN and all names below it.

    Nothing is taken from there, fetched there or sent there. Members there are removed from groups
    that have their home here, and people here leave groups that have their home there. A running
    node takes it up within two seconds.
    """
    config = configured(config_path)
    clock, space = Clock(), namespace_of(config)
    if not yes and sys.stdin.isatty():
        told = inside(config, lambda: block_domain.foresee(domain, space))
        if isinstance(told, Refused):
            raise StopError(told.reason)
        click.confirm(f"{_in_words(told)}. No unblocking brings that back. Block it?", abort=True)
    new_id = Entropy(clock.now).new_id
    there = inside(config, lambda: find_kept_out(config, domain))
    done = inside(
        config,
        lambda: block_domain.block(
            domain, reason, space=space, new_id=new_id, now=clock.now(), by=MACHINE
        ),
    )
    if isinstance(done, Refused):
        raise StopError(done.reason)
    if there is not None:
        click.echo(f"it was kept out already by {told_of(there)}", err=True)
    click.echo(json.dumps(_counted(done)) if as_json else f"blocked {_in_words(done)}")


@policy_command.command("unblock", epilog="\b\nExample:\n  covey policy unblock bad.example\n")
@click.argument("domain")
@config_option
def unblock_command(*, domain: str, config_path: str | None) -> None:
    """Exchange messages with DOMAIN again.

    Memberships that have ended stay ended, and what was not sent is not sent now: people come back
    by new invitations. A running node takes it up within two seconds. Where a rule keeps the domain
    out as well, it is named with how it is taken back.
    """
    config, clock = configured(config_path), Clock()
    new_id = Entropy(clock.now).new_id
    done = inside(
        config,
        lambda: block_domain.unblock(domain, new_id=new_id, now=clock.now(), by=MACHINE),
    )
    still = inside(config, lambda: find_kept_out(config, domain))
    if isinstance(done, Refused):
        more = "" if still is None else f" It is kept out by {told_of(still)}."
        raise StopError(done.reason + more)
    if still is not None:
        click.echo(f"warning: it is still kept out by {told_of(still)}", err=True)
    click.echo(f"unblocked {done}")


@policy_command.command("list", epilog="\b\nExample:\n  covey policy list --json\n")
@json_option
@config_option
def list_command(*, as_json: bool, config_path: str | None) -> None:
    """Print every domain that is kept out, since when, and why.

    That are blocked domains, and what rules of files, of the database and of lists keep out; each
    says by which rule. `covey policy show` prints rules that do anything else.
    """
    config = configured(config_path)
    kept_out = inside(config, lambda: list_kept_out(config))
    if as_json:
        click.echo(json.dumps([described(one) for one in kept_out], indent=2))
        return
    for one in kept_out:
        click.echo(in_short(one))
    if not kept_out:
        click.echo("nothing is blocked")


def _groups(partings: tuple[Parting, ...]) -> int:
    return len({one.conversation_id for one in partings})


def _counted(told: Consequences) -> Mapping[str, object]:
    return {
        "domain": told.domain,
        "members_removed": len(told.removed),
        "groups_here": _groups(told.removed),
        "people_leaving": len(told.leaving),
        "groups_there": _groups(told.leaving),
        "deliveries_ended": told.waiting,
    }


def _in_words(told: Consequences) -> str:
    return (
        f"{told.domain}: {len(told.removed)} of its people leave {_groups(told.removed)} groups"
        f" here, {len(told.leaving)} of ours leave {_groups(told.leaving)} groups there,"
        f" {told.waiting} deliveries end unsent"
    )

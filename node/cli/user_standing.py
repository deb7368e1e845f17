"""`covey user suspend`, `restore` and `delete` decide whether an account may be used."""

import sys

import click

from federation.commands import appoint, end_account
from federation.commands.deeds import MACHINE
from federation.protocol.verdict import Refused
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option
from node.cli.stop import StopError
from node.clock import Clock
from node.entropy import Entropy
from node.identity.ending import close
from storage.accounts import Account

KEPT: str = (
    "Copies on servers that do not heed the Delete, or that are away for 30 days, stay there, and"
    " so does what people have copied. The name is given to nobody else. Nothing brings it back."
)


@click.command("role", epilog="\b\nExample:\n  covey user role alice moderator\n")
@click.argument("name")
@click.argument("role", type=click.Choice(tuple(appoint.RANKS)))
@config_option
def role_command(*, name: str, role: str, config_path: str | None) -> None:
    """Give the account NAME another role.

    Somebody stays who owns the node.
    """
    clock = Clock()
    _required(
        inside(configured(config_path), lambda: appoint.appoint(name, role, clock.now(), MACHINE))
    )
    click.echo(f"{name} has the role {role}")


@click.command("suspend", epilog="\b\nExample:\n  covey user suspend alice --reason 'case 12'\n")
@click.argument("name")
@click.option("--reason", default="", help="Why, for the audit log.")
@config_option
def suspend_command(*, name: str, reason: str, config_path: str | None) -> None:
    """Let nobody use the account NAME for a while.

    Its sessions, tokens and open event streams end, within two seconds also in a running node. Its
    messages that wait for other servers are not sent, and it is not found under its name. It stays
    a member of its groups.
    """
    clock = Clock()
    _required(
        inside(
            configured(config_path),
            lambda: close(name, end_account.suspend(name, clock.now(), MACHINE, reason=reason)),
        )
    )
    click.echo(f"{name} is suspended")


@click.command("restore", epilog="\b\nExample:\n  covey user restore alice\n")
@click.argument("name")
@config_option
def restore_command(*, name: str, config_path: str | None) -> None:
    """Let the suspended account NAME be used again.

    Its sessions and tokens stay ended, and what was not sent is not sent now.
    """
    clock = Clock()
    _required(
        inside(configured(config_path), lambda: end_account.restore(name, clock.now(), MACHINE))
    )
    click.echo(f"{name} is restored")


@click.command("delete", epilog="\b\nExample:\n  covey user delete alice --yes\n")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask at a terminal.")
@config_option
def delete_command(*, name: str, yes: bool, config_path: str | None) -> None:
    """Delete the account NAME and everything it has written, for good.

    Everybody elsewhere who knew it is told, and groups remove it. What is on servers that do not
    heed that, and what people have copied, cannot be recalled.
    """
    config = configured(config_path)
    if not yes and sys.stdin.isatty():
        click.confirm(f"{KEPT} Delete {name}?", abort=True)
    clock = Clock()
    new_id = Entropy(clock.now).new_id
    _required(
        inside(
            config,
            lambda: close(
                name, end_account.delete(name, new_id=new_id, now=clock.now(), by=MACHINE)
            ),
        )
    )
    click.echo(f"{name} is deleted. {KEPT}")


def _required(verdict: Account | Refused) -> None:
    if isinstance(verdict, Refused):
        raise StopError(verdict.reason)


COMMANDS: tuple[click.Command, ...] = (
    role_command,
    suspend_command,
    restore_command,
    delete_command,
)

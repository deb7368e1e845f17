"""`covey user password` and `reset-2fa` decide what opens an account."""

import click

from federation.commands.deeds import MACHINE
from node.cli.asking import ask_password
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option
from node.cli.stop import USAGE, StopError
from node.clock import Clock
from node.identity.ending import reset_password, reset_second_factor
from node.identity.passwords import Passwords
from storage.accounts import DELETED, Account, find_account


async def require_account(name: str) -> Account:
    """The account with this name, which is not deleted.

    Raises:
        StopError: There is none.
    """
    account = await find_account(name)
    if account is None or account.state == DELETED:
        raise StopError(f"there is no account {name}")
    return account


@click.command(
    "password",
    epilog="\b\nExample:\n  echo 'a long password' | covey user password alice --password-stdin\n",
)
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@config_option
def password_command(*, name: str, password_stdin: bool, config_path: str | None) -> None:
    """Give the account NAME another password.

    All its passkeys, sessions, tokens and open event streams end, within two seconds also in a
    running node. At a terminal the password is asked for.
    """
    config = configured(config_path)
    password = ask_password(from_stdin=password_stdin)
    if not password:
        raise StopError("give a password by --password-stdin, or at a terminal", USAGE)

    async def change() -> None:
        await require_account(name)
        hashed = await Passwords().hash(password)
        await reset_password(name, hashed, Clock().now(), MACHINE)

    inside(config, change)
    click.echo(f"{name} has another password; all passkeys, sessions and tokens have ended")


@click.command("reset-2fa", epilog="\b\nExample:\n  covey user reset-2fa alice\n")
@click.argument("name")
@config_option
def reset_2fa_command(*, name: str, config_path: str | None) -> None:
    """Ask the account NAME for no second factor any more.

    Its person has lost the authenticator, and signs in by password alone. All its passkeys,
    sessions, tokens and open event streams end. Make sure who asks for this.
    """
    clock = Clock()

    async def reset() -> None:
        await require_account(name)
        await reset_second_factor(name, clock.now(), MACHINE)

    inside(configured(config_path), reset)
    click.echo(f"{name} signs in by password alone; all passkeys, sessions and tokens have ended")

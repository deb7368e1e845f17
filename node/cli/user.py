"""`covey user` makes, shows and lists local accounts."""

import json

import click

from federation.commands.deeds import MACHINE
from federation.commands.register_account import register_account
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused
from node.cli.asking import ask_password
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.cli.user_access import password_command, reset_2fa_command
from node.cli.user_export import export_command
from node.cli.user_import import import_command
from node.cli.user_mint import mint_of
from node.cli.user_sign_ups import COMMANDS as SIGN_UPS
from node.cli.user_standing import COMMANDS
from node.config.sections import Config
from node.identity.passwords import Passwords
from node.names import check_secret
from storage.accounts import Account, find_account, get_account, list_accounts

ROLES = ("owner", "admin", "moderator", "member")


@click.group("user", epilog="\b\nExample:\n  covey user list\n")
def user_command() -> None:
    """Local accounts."""


@user_command.command(
    "add", epilog="\b\nExample:\n  echo 'a long password' | covey user add alice --password-stdin\n"
)
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="member",
    show_default=True,
    help="What they may do.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@json_option
@config_option
def add_command(
    *, name: str, role: str, password_stdin: bool, as_json: bool, config_path: str | None
) -> None:
    """Make the account NAME, its actor and its keys.

    Without a password nobody can sign in with it; a token works all the same. At a terminal the
    password is asked for.
    """
    config = configured(config_path)
    password = ask_password(from_stdin=password_stdin)
    account = inside(config, lambda: _add(config, name, role, password))
    if as_json:
        click.echo(json.dumps(_described(account)))
        return
    click.echo(f"added {account.name}@{config.server.domain} ({account.role})")
    if not password:
        click.echo("it has no password, so only tokens open it: covey token create")


@user_command.command("list", epilog="\b\nExample:\n  covey user list --json\n")
@json_option
@config_option
def list_command(*, as_json: bool, config_path: str | None) -> None:
    """Print every account with its role and state."""
    accounts = inside(configured(config_path), list_accounts)
    if as_json:
        click.echo(json.dumps([_described(each) for each in accounts], indent=2))
        return
    for each in accounts:
        click.echo(f"{each.name:<30} {each.role:<10} {each.state}")


@user_command.command("show", epilog="\b\nExample:\n  covey user show alice --json\n")
@click.argument("name")
@json_option
@config_option
def show_command(*, name: str, as_json: bool, config_path: str | None) -> None:
    """Print what there is to say of the account NAME."""
    account = inside(configured(config_path), lambda: find_account(name))
    if account is None:
        raise StopError(f"there is no account {name}")
    described = _described(account)
    if as_json:
        click.echo(json.dumps(described))
        return
    for key, value in described.items():
        click.echo(f"{key:<13} {value}")


for command in (
    password_command,
    reset_2fa_command,
    export_command,
    import_command,
    *COMMANDS,
    *SIGN_UPS,
):
    user_command.add_command(command)


async def _add(config: Config, name: str, role: str, password: str) -> Account:
    await check_secret(config.server)
    password_hash = await Passwords().hash(password) if password else ""
    verdict = await register_account(
        mint_of(config), name=name, role=role, password_hash=password_hash, by=MACHINE
    )
    if isinstance(verdict, Refused):
        raise StopError(verdict.reason)
    return await get_account(name)


def _described(account: Account) -> dict[str, str]:
    return {
        "name": account.name,
        "uri": account.actor_uri,
        "display_name": account.display_name,
        "role": account.role,
        "state": account.state,
        "created": format_time(account.created_at),
    }

"""`covey token` makes bearer tokens for scripts, and ends them."""

import json

import click

from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import USAGE, StopError
from node.clock import Clock
from node.entropy import Entropy
from node.identity.bearer import create_token
from node.identity.ending import end_tokens
from node.identity.scopes import READ, WRITE, parse_scopes, write_scopes
from storage.accounts import ACTIVE, find_account


@click.group("token", epilog="\b\nExample:\n  covey token create alice\n")
def token_command() -> None:
    """Bearer tokens for scripts."""


@token_command.command("create", epilog='\b\nExample:\n  covey token create alice --scope "read"\n')
@click.argument("name")
@click.option(
    "--scope",
    default=f"{READ} {WRITE}",
    show_default=True,
    help="What the token may do, parted by spaces.",
)
@json_option
@config_option
def create_command(*, name: str, scope: str, as_json: bool, config_path: str | None) -> None:
    """Print one bearer token for the account NAME and nothing else.

    It is shown this once; the database keeps only its hash.
    """
    scopes = parse_scopes(scope)
    if scopes is None:
        raise StopError("--scope takes scopes such as read, write and read:statuses", USAGE)
    config = configured(config_path)
    token = inside(config, lambda: _create(name, scopes))
    if as_json:
        click.echo(json.dumps({"token": token, "account": name, "scope": write_scopes(scopes)}))
        return
    click.echo(token)


@token_command.command("revoke", epilog="\b\nExample:\n  covey token revoke alice\n")
@click.argument("name")
@config_option
def revoke_command(*, name: str, config_path: str | None) -> None:
    """End every bearer token of the account NAME.

    Apps are signed out as well. Event streams that were opened with one end, within two seconds
    also in a running node.
    """
    ended = inside(configured(config_path), lambda: end_tokens(name))
    click.echo(f"{ended} of {name}'s tokens have ended")


async def _create(name: str, scopes: frozenset[str]) -> str:
    account = await find_account(name)
    if account is None:
        raise StopError(f"there is no account {name}")
    if account.state != ACTIVE:
        raise StopError(f"the account {name} is {account.state}")
    clock = Clock()
    return await create_token(name, scopes, entropy=Entropy(clock.now), now=clock.now())

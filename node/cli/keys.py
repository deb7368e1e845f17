"""`covey keys` lists the keys of this node's actors, and makes new ones."""

import json
import re
from dataclasses import dataclass
from typing import Final

import click

from federation.commands.deeds import MACHINE
from federation.commands.register_account import Mint
from federation.commands.rotate_keys import rotate_keys
from federation.protocol.namespace import Namespace
from federation.protocol.timestamps import format_time
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.clock import Clock
from node.config.sections import Config
from node.entropy import Entropy
from node.names import check_secret
from storage import actor_keys
from storage.actor_keys import KeptKey
from storage.sealing import Sealer

BOTH: Final = "a name or all, not both"
_ADDRESS: Final = re.compile(r"https?://")

EXAMPLES: Final = """\b
Examples:
  covey keys rotate
  covey keys rotate alice
  covey keys rotate https://chat.example.org/c/01K4B0
  covey keys rotate --all --compromised
"""


@click.group("keys", epilog="\b\nExample:\n  covey keys list\n")
def keys_command() -> None:
    """The keys that this node and its people sign with."""


@keys_command.command("list", epilog="\b\nExample:\n  covey keys list alice --json\n")
@click.argument("name", required=False, default="")
@json_option
@config_option
def list_command(*, name: str, as_json: bool, config_path: str | None) -> None:
    """Print the keys in use, and those that still verify.

    Of NAME alone, if it is given: an account, or the address of a group or of the node itself.
    """
    config = configured(config_path)
    uri = _uri_of(name, _space(config)) if name else ""
    keys = inside(config, lambda: actor_keys.list_keys(uri))
    if as_json:
        click.echo(json.dumps([_described(key) for key in keys], indent=2))
        return
    for key in keys:
        since = key.retired_at or key.created_at
        state = "retired" if key.retired_at else "in use since"
        click.echo(f"{key.key_id}  {key.algorithm}  {state} {format_time(since)}")


@keys_command.command("rotate", epilog=EXAMPLES)
@click.argument("name", required=False, default="")
@click.option("--all", "of_all", is_flag=True, help="All of them, as without NAME.")
@click.option(
    "--compromised",
    is_flag=True,
    help="Somebody else may have the old keys: nothing holds by them.",
)
@click.option(
    "--secret-lost", is_flag=True, help="The secret key is another one, and opens no old keys."
)
@json_option
@config_option
def rotate_command(
    *,
    name: str,
    of_all: bool,
    compromised: bool,
    secret_lost: bool,
    as_json: bool,
    config_path: str | None,
) -> None:
    """Make new keys for everybody here, or for NAME.

    NAME is an account, or the address of a group here or of the node itself. Without one, everybody
    here, every group and the node itself get new keys.

    A running node signs with them within seconds, and tells everybody who knows the old ones. What
    waits for other servers is signed with the new keys when it is sent. Proofs made before still
    hold for 60 days, unless the old keys are compromised.

    If the secret key is lost, the node does not start: order new keys for all with --secret-lost.
    """
    if name and (of_all or secret_lost):
        raise click.UsageError(BOTH)
    config = configured(config_path)
    uri = _uri_of(name, _space(config)) if name else ""
    asked = Asked(uri, is_compromised=compromised, is_secret_lost=secret_lost)
    rotated = inside(config, lambda: _rotated(config, asked))
    if not rotated:
        raise StopError(f"nobody here is called {name}, or they have no keys")
    if as_json:
        click.echo(json.dumps([_described(key) for key in rotated], indent=2))
        return
    for key in rotated:
        click.echo(f"{key.key_id}  {key.algorithm}")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which keys are to be replaced: of one actor, or of all for ""."""

    uri: str
    is_compromised: bool
    is_secret_lost: bool


async def _rotated(config: Config, asked: Asked) -> list[KeptKey]:
    clock = Clock()
    entropy, server = Entropy(clock.now), config.server
    mint = Mint(_space(config), Sealer(server.sealing_key), entropy, clock.now)
    if not asked.is_secret_lost:
        await check_secret(server)
    made: list[KeptKey] = []
    for actor in await actor_keys.signing_actors(asked.uri):
        await rotate_keys(
            mint,
            actor,
            new_id=entropy.new_id,
            is_compromised=asked.is_compromised,
            by=MACHINE,
        )
        made += [key for key in await actor_keys.list_keys(actor) if key.retired_at is None]
    return made


def _space(config: Config) -> Namespace:
    server = config.server
    return Namespace(server.base_url, server.netloc, server.domain)


def _uri_of(name: str, space: Namespace) -> str:
    return name if _ADDRESS.match(name) else space.person(name)


def _described(key: KeptKey) -> dict[str, str | None]:
    return {
        "actor": key.actor_uri,
        "id": key.key_id,
        "algorithm": key.algorithm,
        "created": format_time(key.created_at),
        "retired": format_time(key.retired_at) if key.retired_at else None,
    }

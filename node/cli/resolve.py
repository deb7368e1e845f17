"""`covey resolve` finds somebody elsewhere, as this node sees them."""

import json
from contextlib import AsyncExitStack

import click

from federation.commands.register_account import ensure_instance_actor
from federation.remote.objects import Away, NotThere, Unusable
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.clock import Clock
from node.config.sections import Config
from node.parts import assembled
from storage.actors import StoredActor

EPILOG = """\b
Example:
  covey resolve @ana@example.org
"""


@click.command("resolve", epilog=EPILOG)
@click.argument("handle")
@json_option
@config_option
def resolve_command(*, handle: str, as_json: bool, config_path: str | None) -> None:
    """Look HANDLE up by WebFinger, fetch the actor and print what was found."""
    config = configured(config_path)
    actor = inside(config, lambda: _resolve(config, handle))
    found = {
        "acct": f"{actor.username}@{actor.domain}",
        "uri": actor.uri,
        "name": actor.name,
        "type": actor.type,
        "inbox": actor.inbox,
        "shared_inbox": actor.shared_inbox,
        "aware": actor.aware,
    }
    if as_json:
        click.echo(json.dumps(found))
        return
    for key, value in found.items():
        click.echo(f"{key:<13} {value}")


async def _resolve(config: Config, handle: str) -> StoredActor:
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(assembled(config, Clock()))
        await parts.policy.refresh()
        await ensure_instance_actor(parts.mint)
        found = await parts.desk.resolver.resolve(handle)
    match found:
        case StoredActor():
            return found
        case NotThere():
            raise StopError(f"nobody was found at {handle}")
        case Unusable() | Away():
            raise StopError(f"{handle}: {found.reason}")

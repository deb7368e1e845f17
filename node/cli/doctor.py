"""`covey doctor` looks for what is wrong with a node, and says what to do about it."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime

import click

from federation.policy.domains import why_not_delivered
from federation.queries.explained import FAILING, how_long, why_owed
from node import log
from node.cli.loading import read
from node.cli.options import config_option, json_option
from node.cli.stop import CONFIGURATION, FAILED
from node.clock import Clock
from node.config.load import Broken, secret_files
from node.config.sections import Config
from node.doctor.finding import Finding, Level, bad, doubtful, well
from node.doctor.front_door import look_at_front_door
from node.doctor.held import look_at_database
from node.doctor.others import look_at_clock, look_at_peer
from node.doctor.places import look_at_places
from node.policy_in_force import read_now
from node.reach import client_settings
from node.release import own_version
from storage import owed_hosts, peer_lists
from storage.database import opened
from storage.errors import StorageError

EPILOG = """\b
Examples:
  covey doctor
  covey doctor peer other.example
"""
PEER = "peer"


@click.command("doctor", epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="[peer HOST]")
@json_option
@config_option
@click.pass_context
def doctor_command(
    ctx: click.Context, *, words: tuple[str, ...], as_json: bool, config_path: str | None
) -> None:
    """Look for what is wrong with this node, or between it and HOST.

    Looks at configuration, files, disk, database, clock, DNS, TLS, and at what arrives through a
    proxy. The node should run meanwhile. Each finding is ok, a warning or an error, and says what
    to do; nothing is changed. Ends with status 1 if there is an error, and with 3 if it is in the
    configuration.
    """
    host = _meant(words)
    loaded = read(config_path)
    if isinstance(loaded, Broken):
        fix = "mend it; covey config example explains every key"
        found = [bad("configuration", str(mistake), fix) for mistake in loaded.mistakes]
        _tell(found, as_json=as_json)
        ctx.exit(CONFIGURATION)
    config, now = loaded.config, Clock().now()
    log.set_up(config.log.format, "error")
    found = asyncio.run(_all(_of_peer(config, host, now) if host else _of_node(config, now)))
    _tell(found, as_json=as_json)
    ctx.exit(FAILED if any(one.level is Level.ERROR for one in found) else 0)


def _meant(words: tuple[str, ...]) -> str:
    if words and (words[0] != PEER or len(words) != len((PEER, "HOST"))):
        raise click.UsageError("covey doctor takes nothing, or peer HOST")
    return words[1].lower() if words else ""


async def _all(findings: AsyncIterator[Finding]) -> list[Finding]:
    return [one async for one in findings]


async def _of_node(config: Config, now: datetime) -> AsyncIterator[Finding]:
    files = secret_files(config.file, os.environ) if config.file else ()
    for one in look_at_places(config, files):
        yield one
    async for one in look_at_database(config, now):
        yield one
    settings = client_settings(config, f"Covey/{own_version()}")
    async for one in look_at_front_door(config, settings, now):
        yield one
    yield await look_at_clock(settings, await _known_hosts(config), Clock().now)


async def _known_hosts(config: Config) -> list[str]:
    """Some servers that answered when they were last tried."""
    with suppress(StorageError):
        async with opened(config.database_url, pool=1):
            return [one.host for one in await peer_lists.listed() if one.state != FAILING]
    return []


async def _of_peer(config: Config, host: str, now: datetime) -> AsyncIterator[Finding]:
    async for one in _known_of(config, host, now):
        yield one
    async for one in look_at_peer(
        host, client_settings(config, f"Covey/{own_version()}"), Clock().now
    ):
        yield one


async def _known_of(config: Config, host: str, now: datetime) -> AsyncIterator[Finding]:
    """What this node remembers of a server, and what its rules say."""
    async with opened(config.database_url, pool=1):
        rules = await read_now(config, Clock().now)
        peer = (await peer_lists.named([host])).get(host)
        owed = (await owed_hosts.of_hosts([host])).get(host)
    blocked = why_not_delivered(rules, host)
    if blocked:
        fix = f"covey policy explain --domain {host} says by which rule"
        yield doubtful("rules", f"nothing is exchanged with {host}: {blocked}", fix)
    if peer is None:
        yield well("so far", f"this node has had nothing to do with {host}")
    elif peer.state == FAILING and peer.failing_since is not None:
        said = f"has failed for {how_long(now - peer.failing_since)}: {peer.last_error}"
        yield doubtful("so far", f"{host} {said}", f"once it is well: covey peer retry {host}")
    else:
        signs = f", by {peer.scheme}" if peer.scheme else ""
        yield well("so far", f"{host} takes what it is sent{signs}")
    if owed is not None:
        yield well("queue", why_owed(owed, peer, now))


def _tell(found: list[Finding], *, as_json: bool) -> None:
    if as_json:
        told = [
            {"about": one.about, "level": one.level.value, "said": one.said, "fix": one.fix}
            for one in found
        ]
        click.echo(json.dumps(told, indent=2))
        return
    for one in found:
        click.echo(str(one))

"""`covey peer` says how it is with each other server, and tries one again at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import click

from federation.commands import queue_orders
from federation.commands.deeds import MACHINE
from federation.policy.domains import Rules, why_not_delivered
from federation.protocol.timestamps import format_time
from federation.queries.explained import FAILING, clock_time, heard, how_long, why_owed
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.clock import Clock
from node.config.sections import Config
from node.policy_in_force import read_now
from storage import logs, owed_hosts, peer_lists
from storage.owed_hosts import OwedHost
from storage.peer_lists import ListedPeer


@dataclass(frozen=True, slots=True)
class Shown:
    """A server as far as it is known here.

    Attributes:
        trouble: Logs of its people that are not in order, each with what is the matter.
    """

    host: str
    peer: ListedPeer | None
    owed: OwedHost | None
    rules: Rules
    trouble: tuple[tuple[str, str], ...] = ()


@click.group("peer", epilog="\b\nExample:\n  covey peer show other.example\n")
def peer_command() -> None:
    """Other servers, and how it is with them."""


@peer_command.command("list", epilog="\b\nExample:\n  covey peer list --json\n")
@click.option("--limit", default=100, show_default=True, help="At most this many servers.")
@click.option("--after", default="", help="Begin behind this server; the order is by name.")
@json_option
@config_option
def list_command(*, limit: int, after: str, as_json: bool, config_path: str | None) -> None:
    """Print the servers this node has to do with, by name."""
    config, now = configured(config_path), Clock().now()
    shown = inside(config, lambda: _listed(config, after, limit))
    if as_json:
        click.echo(json.dumps([_described(one, now) for one in shown], indent=2))
        return
    for one in shown:
        click.echo(f"{one.host:<30} {_in_short(one, now)}")
    if not shown:
        click.echo("no other server is known yet")


@peer_command.command("show", epilog="\b\nExample:\n  covey peer show other.example --json\n")
@click.argument("host")
@json_option
@config_option
def show_command(*, host: str, as_json: bool, config_path: str | None) -> None:
    """Say how it is with HOST, and why something has not arrived there.

    Times are UTC.
    """
    config, now = configured(config_path), Clock().now()
    one = inside(config, lambda: _shown(config, host.lower()))
    if one.peer is None and one.owed is None:
        raise StopError(f"this node has had nothing to do with {host}")
    if as_json:
        click.echo(json.dumps(_described(one, now), indent=2))
        return
    click.echo("\n".join(_in_full(one, now)))


@peer_command.command("retry", epilog="\b\nExample:\n  covey peer retry other.example\n")
@click.argument("host")
@json_option
@config_option
def retry_command(*, host: str, as_json: bool, config_path: str | None) -> None:
    """Try HOST now, whatever it was waiting for.

    All that waits or is parked for it is due at once. A running node begins within five seconds,
    with the oldest; if that fails, the waits go on where they were.
    """
    now = Clock().now()
    done = inside(
        configured(config_path),
        lambda: queue_orders.retry(host=host.lower(), now=now, by=MACHINE),
    )
    number = done.deliveries
    if as_json:
        click.echo(json.dumps({"deliveries": number}))
        return
    if not number:
        raise StopError(f"nothing waits for {host}")
    click.echo(f"{number} deliveries to {host} are due now")


async def _listed(config: Config, after: str, limit: int) -> list[Shown]:
    peers = await peer_lists.listed(after=after, limit=limit)
    owed = await owed_hosts.of_hosts([one.host for one in peers])
    rules = await read_now(config, Clock().now)
    return [Shown(one.host, one, owed.get(one.host), rules) for one in peers]


async def _shown(config: Config, host: str) -> Shown:
    peers, owed = await peer_lists.named([host]), await owed_hosts.of_hosts([host])
    rules = await read_now(config, Clock().now)
    trouble = tuple((row["uri"], row["trouble"]) for row in await logs.troubled([host]))
    return Shown(host, peers.get(host), owed.get(host), rules, trouble)


def _in_short(one: Shown, now: datetime) -> str:
    if one.owed is not None:
        return why_owed(one.owed, one.peer, now)
    return f"{one.peer.state}; {heard(one.peer, now)}; nothing waits" if one.peer else ""


def _in_full(one: Shown, now: datetime) -> list[str]:
    blocked = why_not_delivered(one.rules, one.host)
    lines = [f"nothing goes to {one.host} and nothing is taken from it: {blocked}"] * bool(blocked)
    if one.owed is None:
        lines.append(f"nothing waits for {one.host}")
    else:
        lines.append(f"{one.owed.waiting} deliveries wait, {one.owed.parked} are parked")
        lines.append(why_owed(one.owed, one.peer, now))
    if one.peer is not None:
        lines += _health(one.peer, now)
    return lines + [f"the log {uri} is not in order: {word}" for uri, word in one.trouble]


def _health(peer: ListedPeer, now: datetime) -> list[str]:
    lines = [heard(peer, now)]
    if peer.last_ok_at is not None:
        lines.append(f"it last took something at {clock_time(peer.last_ok_at, now)}")
    if peer.state == FAILING and peer.failing_since is not None:
        since = clock_time(peer.failing_since, now)
        lines.append(f"it has failed for {how_long(now - peer.failing_since)}, since {since}")
    if peer.software:
        lines.append(f"it runs {peer.software}")
    if peer.scheme:
        lines.append(f"it takes signatures by {peer.scheme}")
    return lines


def _described(one: Shown, now: datetime) -> Mapping[str, object]:
    peer, owed = one.peer, one.owed
    return {
        "host": one.host,
        "state": peer.state if peer else "ok",
        "step": peer.step if peer else 0,
        "failing_since": _time(peer.failing_since if peer else None),
        "next_try": _time(peer.due_at if peer else None),
        "last_ok": _time(peer.last_ok_at if peer else None),
        "last_heard": _time(peer.heard_at if peer else None),
        "last_error": peer.last_error if peer else "",
        "software": peer.software if peer else "",
        "signatures": peer.scheme if peer else "",
        "waiting": owed.waiting if owed else 0,
        "parked": owed.parked if owed else 0,
        "oldest": _time(owed.oldest_at if owed else None),
        "why": why_owed(owed, peer, now) if owed else "",
        "blocked": why_not_delivered(one.rules, one.host),
        "logs": [{"log": uri, "trouble": word} for uri, word in one.trouble],
    }


def _time(at: datetime | None) -> str | None:
    return format_time(at) if at is not None else None

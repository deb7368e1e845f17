"""`covey queue status` counts both queues and says in a sentence a server what holds it up."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import click

from federation.protocol.timestamps import format_time
from federation.queries.explained import clock_time, how_long, why_owed, why_set_aside
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.clock import Clock
from node.restoration import MARK, RESTORED, RESTORED_WORDS
from storage import deliveries, inbox_aside, owed_hosts, peer_lists
from storage.deliveries import QueueCounts
from storage.inbox_aside import Held, SetAside
from storage.owed_hosts import OwedHost
from storage.peer_lists import ListedPeer
from storage.settings import find_setting
from storage.times import from_ms

HOSTS_SHOWN: Final = 50
SET_ASIDE_SHOWN: Final = 20
# A node that runs writes its mark every minute.
SILENT_AFTER: Final = timedelta(minutes=3)
IN_WORDS: Final = {
    "pending": "to be taken in",
    "leased": "being taken in",
    "waiting": "waiting for something that has not come",
    "parked": "failed five times and parked",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Both queues at one moment.

    Attributes:
        beat_at: When a node on this database last said that it runs, or None.
    """

    counts: QueueCounts
    hosts: Sequence[OwedHost]
    peers: Mapping[str, ListedPeer]
    inbox: Mapping[str, Held]
    set_aside: Sequence[SetAside]
    is_restored: bool
    beat_at: datetime | None


@click.command("status", epilog="\b\nExample:\n  covey queue status --json\n")
@json_option
@config_option
def status_command(*, as_json: bool, config_path: str | None) -> None:
    """Count what waits, and say why it has not arrived.

    What leaves is counted by state, servers by health; a sentence for each server that is waited
    for says since when, why, and when it is tried next. What has come and is not taken in yet
    follows. Times are UTC.
    """
    standing, now = inside(configured(config_path), _read), Clock().now()
    if as_json:
        click.echo(json.dumps(_for_programs(standing, now)))
        return
    click.echo("\n".join(_told(standing, now) or ["nothing waits"]))


async def _read() -> Standing:
    hosts = await owed_hosts.worst(limit=HOSTS_SHOWN)
    mark = await find_setting(MARK)
    return Standing(
        counts=await deliveries.counts(),
        hosts=hosts,
        peers=await peer_lists.named([one.host for one in hosts]),
        inbox=await inbox_aside.by_state(),
        set_aside=await inbox_aside.set_aside(limit=SET_ASIDE_SHOWN),
        is_restored=await find_setting(RESTORED) is not None,
        beat_at=from_ms(int(mark)) if mark else None,
    )


def _told(standing: Standing, now: datetime) -> list[str]:
    counts = standing.counts
    lines = [f"{state:<10} {number}" for state, number in sorted(counts.rows.items())]
    lines += [f"servers {state}: {number}" for state, number in sorted(counts.lanes.items())]
    if counts.oldest_at is not None:
        lines.append(f"the oldest has waited for {how_long(now - counts.oldest_at)}")
    lines += [why_owed(one, standing.peers.get(one.host), now) for one in standing.hosts]
    for state, held in sorted(standing.inbox.items()):
        since = how_long(now - held.oldest_at)
        lines.append(f"inbox: {held.number} {IN_WORDS[state]}, the oldest for {since}")
    lines += [f"inbox: {why_set_aside(entry, now)}" for entry in standing.set_aside]
    return lines + _about_the_node(standing, now)


def _about_the_node(standing: Standing, now: datetime) -> list[str]:
    if standing.is_restored:
        return [RESTORED_WORDS]
    if _is_silent(standing, now):
        return [f"the node does not run: {clock_time(standing.beat_at or now, now)} was its last"]
    return []


def _is_silent(standing: Standing, now: datetime) -> bool:
    return standing.beat_at is not None and now - standing.beat_at > SILENT_AFTER


def _for_programs(standing: Standing, now: datetime) -> Mapping[str, object]:
    oldest = standing.counts.oldest_at
    return {
        "rows": standing.counts.rows,
        "lanes": standing.counts.lanes,
        "oldest": format_time(oldest) if oldest is not None else None,
        "hosts": [
            {
                "host": one.host,
                "waiting": one.waiting,
                "parked": one.parked,
                "oldest": format_time(one.oldest_at),
                "why": why_owed(one, standing.peers.get(one.host), now),
            }
            for one in standing.hosts
        ],
        "inbox": {
            state: {"rows": held.number, "oldest": format_time(held.oldest_at)}
            for state, held in standing.inbox.items()
        },
        "restored": standing.is_restored,
        "silent": _is_silent(standing, now),
    }

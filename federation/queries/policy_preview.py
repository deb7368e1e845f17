"""What a rule on hosts would reach, before it is made: counts, and no name of a person.

Source: policy.md 14
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from federation.policy.statement import hosts_of, is_last_word
from federation.protocol.strict_json import loads
from storage import policy_preview as rows
from storage import policy_rules, remote_media
from storage.attachments import decode
from storage.database import Row

GROUPS_SHOWN: Final = 10
HERE, THERE, ELSEWHERE = "here", "there", "elsewhere"


@dataclass(frozen=True, slots=True)
class GroupReached:
    """A group with people on both sides.

    Attributes:
        home: "here", "there" or "elsewhere".
        there: Its members there.
        ours: Its members here.
    """

    id: str
    title: str
    home: str
    there: int
    ours: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What people here have to do with hosts.

    Attributes:
        hosts: How many hosts are known there.
        contacts: People here who follow somebody there, are followed from there or are in a direct
            conversation with somebody there.
        in_groups: People here who share a group with somebody there, or are in a group homed there.
        requests: Invitations and requests from there that wait for an answer.
        arrivals: What has arrived from there and was not looked at yet.
        removed: Members there of groups whose home is here.
        leaving: People here in groups whose home is there.
        deliveries: What waits to be sent there.
        media_bytes: Files from there that are kept.
        groups: All groups, those with most people on both sides first.
    """

    hosts: int
    contacts: int
    in_groups: int
    requests: int
    arrivals: int
    removed: int
    leaving: int
    deliveries: int
    media_bytes: int
    groups: tuple[GroupReached, ...]

    def count_groups(self, home: str) -> int:
        """The groups with this home."""
        return sum(group.home == home for group in self.groups)


async def reach_of(is_there: Callable[[str], bool], own_hosts: Collection[str] = ()) -> Reach:
    """What people here have to do with the hosts for which this holds."""
    hosts = [host for host in await rows.hosts() if is_there(host) and _name(host) not in own_hosts]
    members = await rows.members_at(hosts) if hosts else {}
    homed = await rows.homed_at(hosts) if hosts else []
    places = sorted({*members, *homed})
    ours = await rows.ours_in(places)
    joined = [row for row in ours if row["state"] == "joined"]
    count = Counter(row["id"] for row in joined)
    groups = tuple(_groups(await rows.groups_among(places), members, frozenset(homed), count))
    followers = await rows.followers_across(hosts) if hosts else frozenset()
    direct = {row["actor_uri"] for row in joined if row["kind"] != "group"}
    arrivals = await rows.arrivals()
    return Reach(
        hosts=len(hosts),
        contacts=len(followers | direct),
        in_groups=len({row["actor_uri"] for row in joined if row["kind"] == "group"}),
        requests=sum(row["state"] != "joined" for row in ours),
        arrivals=sum(any(map(is_there, hosts_of(uri))) for uri in arrivals),
        removed=sum(group.there for group in groups if group.home == HERE),
        leaving=sum(group.ours for group in groups if group.home == THERE),
        deliveries=await _deliveries(is_there),
        media_bytes=await _media_bytes(hosts) if hosts else 0,
        groups=groups,
    )


def _name(host: str) -> str:
    return host.partition(":")[0]


def _groups(
    found: Sequence[Row],
    members: Mapping[str, int],
    homed: Collection[str],
    ours: Mapping[str, int],
) -> Iterator[GroupReached]:
    """The groups with people here, and all whose home is here, the largest first."""
    groups = [
        GroupReached(
            row["id"],
            row["title"],
            HERE if row["is_home"] else THERE if row["id"] in homed else ELSEWHERE,
            members.get(row["id"], 0),
            ours.get(row["id"], 0),
        )
        for row in found
    ]
    for group in sorted(groups, key=lambda group: (-group.there - group.ours, group.id)):
        if group.ours or group.home == HERE:
            yield group


async def _deliveries(is_there: Callable[[str], bool]) -> int:
    hosts = [host for host in await policy_rules.hosts_waited_for() if is_there(host)]
    return sum(not _is_last_word(row) for row in await policy_rules.waiting_for(hosts))


def _is_last_word(row: Row) -> bool:
    return bool(row["leave"]) and is_last_word(loads(row["leave"].encode()), row["host"])


async def _media_bytes(hosts: Collection[str]) -> int:
    named = {
        remote_media.id_of(one.url, one.digest)
        for text in await rows.attached_at(hosts)
        for one in decode(text)
        if not one.is_ours
    }
    return await rows.size_of(sorted(named))

"""What is here of servers that are kept out goes for good: by whoever runs the node, or in time.

To keep a server out deletes nothing, so that a rule can be taken back. A purge is another act. It
takes what people there wrote in direct conversations and in groups homed there, who follows whom
across, and what is held. What they wrote in groups that go on belongs to those groups, and what
people here wrote is theirs.

Source: policy.md 6
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from federation.commands.deeds import SYSTEM, By, note
from federation.pipeline.batch import write_all
from federation.policy.domains import is_below, read_domain
from federation.policy.rule import Policy
from federation.policy.undo import undo_of
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused
from storage import held, kept_out, messages, purging, remote_media
from storage.attachments import decode
from storage.changes import Change, DropMedia, EraseMessage, Tell
from storage.database import Row, transaction
from storage.kept_out import KeptOut
from storage.purging import Amount

PURGED: Final = "domain.purged"
AT_ONCE: Final = 200
HOSTS_AT_ONCE: Final = 20

NOT_KEPT_OUT: Final = Refused(
    "No server there that is known is kept out by its name: there is nothing to purge.", 404
)
IS_DONE: Final = Refused("What was here from there is purged already.", 409)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge has taken, or would take, of which servers."""

    domain: str
    hosts: tuple[str, ...]
    amount: Amount


async def foresee(
    text: str, policy: Policy, now: datetime, *, insists: bool = False
) -> Purged | Refused:
    """What purging a domain would take, or why it cannot be purged.

    Args:
        text: The domain, with all names below it.
        policy: In force.
        now: When.
        insists: Whether it may be before the end of `undo.grace`.
    """
    domain = read_domain(text)
    if isinstance(domain, Refused):
        return domain
    there = [one for one in await kept_out.listed() if is_below(one.host, domain)]
    refused = _why_not(there, policy, now, insists=insists)
    if refused is not None:
        return refused
    hosts = tuple(one.host for one in there if one.purged_at is None)
    return Purged(domain, hosts, await purging.amount(hosts))


def _why_not(
    there: Sequence[KeptOut], policy: Policy, now: datetime, *, insists: bool
) -> Refused | None:
    if not there:
        return NOT_KEPT_OUT
    waiting = [one for one in there if one.purged_at is None]
    if not waiting:
        return IS_DONE
    until = max(one.since for one in waiting) + undo_of(policy).grace
    if until <= now or insists:
        return None
    return Refused(
        f"It is kept out for too short a time: undo.grace ends {format_time(until)}.", 409
    )


async def purge(
    text: str, policy: Policy, now: datetime, by: By, *, insists: bool = False
) -> Purged | Refused:
    """Take what is here from a domain for good; answers as `foresee`."""
    told = await foresee(text, policy, now, insists=insists)
    if isinstance(told, Refused):
        return told
    while await _some(told.hosts, now):
        pass
    await _rest(told, now, by)
    return told


async def purge_due(policy: Policy, now: datetime) -> int:
    """Where it is set so, purge what was kept out for long enough; answers how much that was."""
    undo = undo_of(policy)
    if not undo.is_purged:
        return 0
    due = await kept_out.due(now - undo.grace, limit=HOSTS_AT_ONCE)
    if not due:
        return 0
    hosts = tuple(one.host for one in due)
    taken = await _some(hosts, now)
    if not taken:
        for host in hosts:
            await _rest(Purged(host, (host,), await purging.amount([host])), now, SYSTEM)
    return taken + len(hosts)


async def _some(hosts: Collection[str], now: datetime) -> int:
    """Erase some messages; whoever could read them sees that they are gone."""
    async with transaction():
        found = await purging.messages(hosts, limit=AT_ONCE)
        if not found:
            return 0
        await remote_media.drop(_files(found))
        changes: list[Change] = []
        for row in found:
            changes += [EraseMessage(row["id"], row["uri"], now), DropMedia(row["id"])]
        places = {row["uri"]: (row["conversation_id"], row["id"]) for row in found}
        for reader in await messages.readers(list(places)):
            place, message = places[reader["uri"]]
            changes.append(Tell(reader["actor_uri"], "message.deleted", place, message, now))
        await write_all(changes)
    return len(found)


def _files(rows: Sequence[Row]) -> list[str]:
    return [
        remote_media.id_of(one.url, one.digest)
        for row in rows
        for one in decode(row["attachments"])
        if not one.is_ours
    ]


async def _rest(told: Purged, now: datetime, by: By) -> None:
    async with transaction():
        await purging.end_follows(told.hosts)
        for host in told.hosts:
            await held.decide(await held.ids_of_host(host), held.DROPPED, now)
        await kept_out.note_purged(told.hosts, now)
        detail = json.dumps({"hosts": list(told.hosts)[:100], **asdict(told.amount)})
        await note(by, PURGED, told.domain, now, detail=detail)

"""A moderator lets go of what a rule holds, or drops it; some of it gets free by itself.

What is let go takes the road again as it came, and is a request. It is remembered, so that the rule
does not hold it once more, and other rules still have their say.

Source: policy.md 9
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from federation.commands.deeds import SYSTEM, By, note
from storage import held, inbox_queue
from storage.database import transaction, wake
from storage.held import DROPPED, RELEASED, HeldItem
from storage.inbox_queue import NewEntry

AT_ONCE: Final = 200


async def release(
    ids: Collection[str], *, new_id: Callable[[], str], now: datetime, by: By = SYSTEM
) -> int:
    """Let these items reach their people as requests; answers how many there were."""
    async with transaction():
        items = await held.waiting(ids)
        count = await held.decide([one.id for one in items], RELEASED, now)
        await inbox_queue.accept([_entry(one, new_id(), now) for one in items])
        for one in items:
            await note(by, "held.released", one.activity_id, now)
        await wake("inbox")
    return count


async def drop(ids: Collection[str], *, now: datetime, by: By = SYSTEM) -> int:
    """Let these items reach nobody; answers how many there were."""
    async with transaction():
        items = await held.waiting(ids)
        count = await held.decide([one.id for one in items], DROPPED, now)
        for one in items:
            await note(by, "held.dropped", one.activity_id, now)
    return count


async def release_due(*, new_id: Callable[[], str], now: datetime) -> int:
    """Let go of what has waited long enough; answers how many there were."""
    ids = await held.due(now, limit=AT_ONCE)
    return await release(ids, new_id=new_id, now=now) if ids else 0


def _entry(item: HeldItem, entry_id: str, now: datetime) -> NewEntry:
    """The request as it was accepted, for the road."""
    return NewEntry(
        id=entry_id,
        actor_uri=item.actor_uri,
        activity_id=item.activity_id,
        inbox=item.inbox,
        body=item.body,
        key_id=item.key_id,
        signer=item.actor_uri,
        proven=False,
        subject=item.subject,
        received_at=now,
    )

"""Who runs this node sets what waits going again or ends it, and the audit log says so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.commands.deeds import By, note
from storage import delivery_orders, inbox_aside
from storage.database import transaction

PARKED: Final = "parked"
NAMED_CHARS_MAX: Final = 2000


@dataclass(frozen=True, slots=True)
class Ordered:
    """How much an order was about: deliveries, and what has come here."""

    deliveries: int
    inbox: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.deliveries + self.inbox


async def retry(
    ids: Collection[str] = (),
    *,
    host: str = "",
    every_parked: bool = False,
    now: datetime,
    by: By,
) -> Ordered:
    """Make deliveries due now, and let what has come and is parked be taken in again.

    Args:
        ids: Of either.
        host: All deliveries that wait or are parked for this one.
        every_parked: All that is parked, of both.
        now: The time.
        by: Who wants that.
    """
    async with transaction():
        done = Ordered(
            await delivery_orders.retry(ids, host=host, every_parked=every_parked, at=now),
            await inbox_aside.replay(ids, now, every=every_parked),
        )
        about = PARKED if every_parked else _named(ids, host)
        await _note(by, "queue.retried", about, done, now)
    return done


async def drop(ids: Collection[str] = (), *, host: str = "", now: datetime, by: By) -> Ordered:
    """End deliveries unsent, and give up what has come and is parked; as `retry`."""
    async with transaction():
        done = Ordered(
            await delivery_orders.drop(ids, host=host, at=now), await inbox_aside.drop(ids)
        )
        await _note(by, "queue.dropped", _named(ids, host), done, now)
    return done


async def _note(by: By, act: str, about: str, done: Ordered, now: datetime) -> None:
    if done.total:
        await note(by, act, about, now, detail=f"{done.deliveries} {done.inbox}")


def _named(ids: Collection[str], host: str) -> str:
    return host or " ".join(sorted(ids))[:NAMED_CHARS_MAX]

"""Accepted entries take the road in batches, and an entry that fails, fails alone."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from federation.activities.kind import Waiting
from federation.inbound.reader import Reader
from federation.pipeline import batch
from federation.pipeline.item import Received
from federation.pipeline.outcome import Applied, Failed, Ignored, KeptOut, Outcome, PutOff
from federation.pipeline.prepare import Tools
from storage import changes as c
from storage import inbox_queue
from storage.database import transact, transaction
from storage.errors import StorageUnavailable
from storage.inbox_queue import Entry
from storage.tally import Tally

log = logging.getLogger(__name__)

BATCH: Final = 64
WAIT_FOR: Final = timedelta(days=30)
RETRY_S: Final = (1, 5, 30, 120)


class InboxWorker:
    """Leases entries and carries them out; `run_once` serves one batch."""

    def __init__(self, tools: Tools, reader: Reader, tally: Tally | None = None) -> None:
        self._tools = tools
        self._reader = reader
        self._tally = tally or Tally()

    async def run_once(self, now: datetime) -> bool:
        """Carry out what is due; answer whether there was anything.

        If the transaction of a batch fails, its entries are done again one by one.
        """
        entries = await inbox_queue.lease(now, limit=BATCH)
        if not entries:
            return False
        try:
            await self._all(entries, now)
        except StorageUnavailable:
            # Nobody can judge them now, which is not their fault. Where it is the database that is
            # away, their lease runs out.
            with suppress(StorageUnavailable):
                await inbox_queue.give_back([entry.id for entry in entries])
            raise
        return True

    async def _all(self, entries: Sequence[Entry], now: datetime) -> None:
        try:
            await self._carry_out(entries, now)
        except StorageUnavailable:
            raise
        except Exception:
            log.exception("a batch failed", extra={"action": "inbox.batch_failed"})
            for entry in entries:
                await self._alone(entry, now)

    async def _alone(self, entry: Entry, now: datetime) -> None:
        try:
            await self._carry_out([entry], now)
        except StorageUnavailable:
            raise
        except Exception as error:
            log.exception("an entry failed", extra={"action": "inbox.entry_failed"})
            failed = _failed(entry, f"{type(error).__name__}: {error}", now)
            async with transaction():
                await inbox_queue.settle(failed=[failed])

    async def _carry_out(self, entries: Sequence[Entry], now: datetime) -> None:
        items = [self._item(entry) for entry in entries]

        async def carry_out() -> Sequence[Outcome]:
            report = await batch.run(items, self._tools, now)
            await _settle(entries, report.outcomes, now)
            await inbox_queue.release(report.arrived, now)
            return report.outcomes

        outcomes = await transact(carry_out)
        for entry, outcome in zip(entries, outcomes, strict=True):
            _note(entry, outcome)
            self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        for change in outcome.changes if isinstance(outcome, Applied) else ():
            if isinstance(change, c.AddMessage):
                self._tally.messages.add("in")
            elif isinstance(change, c.MarkDisputed):
                self._tally.equivocations.add("state")

    def _item(self, entry: Entry) -> Received:
        """The entry's activity; it was parsed before it was committed, so it parses."""
        said = self._reader.take_meaning(entry.body)
        return Received(
            self._reader.take(entry.body),
            entry.inbox,
            entry.id,
            entry.received_at,
            key_id=entry.key_id,
            said=said,
            body=entry.body,
        )


async def _settle(entries: Sequence[Entry], outcomes: Sequence[Outcome], now: datetime) -> None:
    done: list[str] = []
    put_off: list[str] = []
    failed: list[inbox_queue.Failed] = []
    waits: list[inbox_queue.Waits] = []
    for entry, outcome in zip(entries, outcomes, strict=True):
        match outcome:
            case Applied() | Ignored() | KeptOut():
                done.append(entry.id)
            case PutOff():
                put_off.append(entry.id)
            case Failed():
                failed.append(_failed(entry, outcome.error, now))
            case Waiting():
                until = entry.received_at + WAIT_FOR
                missing = f"{outcome.kind}:{outcome.subject}"
                waits.append(inbox_queue.Waits(entry, missing, f"waits for {missing}", until))
    await inbox_queue.settle(done=done, failed=failed, waits=waits)
    await inbox_queue.give_back(put_off)


def _failed(entry: Entry, reason: str, now: datetime) -> inbox_queue.Failed:
    delay_s = RETRY_S[min(entry.attempts, len(RETRY_S) - 1)]
    return inbox_queue.Failed(entry, reason[:500], now + timedelta(seconds=delay_s))


def _note(entry: Entry, outcome: Outcome) -> None:
    if isinstance(outcome, KeptOut):
        log.info(
            "an activity had no effect",
            extra={
                "action": "inbox.kept_out",
                "activity": entry.activity_id,
                "actor": entry.actor_uri,
                "reason": outcome.refused.reason,
            },
        )

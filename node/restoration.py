"""A database that has fallen behind what this node remembers is noticed, and nothing leaves it.

A small file in the data folder names the copy of the database and the highest mark written to it,
once a minute. A database restored from a backup has a lower mark, or is another copy. The node then
reads and accepts, but sends nothing, signs no state and lets nobody post until its operator says
that the other copy is off.

Each process of a node does so, and each machine has its file: the mark never falls, whoever writes
it, so that no file is ahead of the database. A file that names a copy of which this one has come
about by being confirmed is of before that, and no sign of anything.

Source: delivery.md 7
"""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkstemp
from typing import Final

import msgspec

from federation.inbound.gaps import ask_others
from federation.pipeline import errands
from storage import conversations, logs
from storage.database import exclusive, transaction, wake
from storage.incarnation import get_incarnation, put_incarnation
from storage.settings import drop_setting, find_setting, put_setting
from storage.times import from_ms, to_ms

log = logging.getLogger(__name__)

FILE: Final = "incarnation.json"
BESIDE: Final = ".incarnation-"
RESTORED_WORDS: Final = (
    "this database comes from a backup: nothing is sent until covey restore --confirm says that "
    "the copy it was made of is off"
)
MARK: Final = "mark"
RESTORED: Final = "restored"
CONFIRMED: Final = "restored_at"
FORMER: Final = "former_incarnations"
FORMER_MAX: Final = 20
# No database has this incarnation.
LOST: Final = "lost"
NOTED_EVERY: Final = timedelta(minutes=1)
# For so long a person is asked whether they have agreed to what this node does not remember.
FORGETFUL_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Mark:
    """Which copy of the database was written to last, and how far."""

    incarnation: str
    mark: int


class Restoration:
    """What this node knows of having been restored.

    Attributes:
        is_on: Whether nothing may leave this node.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self.is_on = False
        self._confirmed_at: datetime | None = None
        self._noted: Mark | None = None
        self._noted_at: datetime | None = None

    def may_send(self) -> bool:
        """Whether people here may post, and what they posted leaves."""
        return not self.is_on

    def has_forgotten(self, now: datetime) -> bool:
        """Whether people here may have agreed to what this node does not remember."""
        at = self._confirmed_at
        return self.is_on or (at is not None and now - at < FORGETFUL_FOR)

    async def look(self, now: datetime) -> None:
        """Compare the file with the database, at start; a missing file is made anew."""
        self._noted = await asyncio.to_thread(self._read)
        await self.refresh(now)
        if self.is_on:
            log.warning(RESTORED_WORDS, extra={"action": "restored"})

    async def refresh(self, now: datetime) -> None:
        """Note the minute, unless this is a restored copy; hear whether it was confirmed."""
        await self._hear()
        if not self.is_on:
            await self._beat(now)

    async def run_once(self, now: datetime) -> bool:
        """Hear what other processes know, and note the minute; then there is no more to do."""
        was_on = self.is_on
        if self._noted_at is None or now - self._noted_at >= NOTED_EVERY:
            await self.refresh(now)
        else:
            await self._hear()
        if self.is_on and not was_on:
            log.warning(RESTORED_WORDS, extra={"action": "restored"})
        return False

    async def find_next_due(self) -> datetime | None:
        """When to note the next minute."""
        return None if self._noted_at is None else self._noted_at + NOTED_EVERY

    async def _hear(self) -> None:
        confirmed = await find_setting(CONFIRMED)
        self._confirmed_at = from_ms(int(confirmed)) if confirmed else None
        was_on, self.is_on = self.is_on, await find_setting(RESTORED) is not None
        if was_on and not self.is_on:
            # It has been said what to make of the copy that this process remembers.
            self._noted = None

    async def confirm(self, now: datetime, *, incarnation: str, new_id: Callable[[], str]) -> bool:
        """The other copy is off: become a copy of its own, and ask others for what is lost.

        Returns:
            False if this node was not restored.
        """
        if await find_setting(RESTORED) is None:
            return False
        async with transaction():
            former = (await find_setting(FORMER) or "").split()
            former = [*former, await get_incarnation()][-FORMER_MAX:]
            await put_setting(FORMER, " ".join(former))
            await put_incarnation(incarnation)
            await logs.give_up_own(now)
            lost = [("recover", uri) for uri in await conversations.recovering()]
            await errands.ask_all(new_id, lost, now)
            await put_setting(CONFIRMED, str(to_ms(now)))
            await drop_setting(RESTORED)
            await wake("restored")
        await ask_others(now, new_id=new_id, since=now)
        await self.refresh(now)
        return True

    async def _beat(self, now: datetime) -> None:
        """The database first: a file that is ahead of it is a sign."""
        async with transaction():
            await exclusive(MARK)
            held = Mark(await get_incarnation(), await _mark())
            if await self._is_behind(held):
                await mark_restored(now)
                await wake("restored")
                self.is_on = True
            else:
                held = Mark(held.incarnation, max(to_ms(now), held.mark + 1))
                await put_setting(MARK, str(held.mark))
        self._noted_at = now
        if self.is_on:
            return
        self._noted = held
        await asyncio.to_thread(self._write, held)

    async def _is_behind(self, held: Mark) -> bool:
        """Whether the database knows less than it did when this process noted it, or the last."""
        noted = self._noted
        if noted is None:
            return False
        if noted.incarnation == held.incarnation:
            return noted.mark > held.mark
        return noted.incarnation not in (await find_setting(FORMER) or "").split()

    def note_lost(self) -> None:
        """Have the file name a copy that no database is: whichever is found was restored."""
        self._write(Mark(LOST, 0))

    def _read(self) -> Mark | None:
        for left in self._file.parent.glob(f"{BESIDE}*"):
            left.unlink(missing_ok=True)
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Mark)
        except FileNotFoundError:
            return None

    def _write(self, mark: Mark) -> None:
        # Others may write at the same moment: each into a file of its own.
        descriptor, name = mkstemp(dir=self._file.parent, prefix=BESIDE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(mark))
        # A process that starts tidies up what others have left; the next minute comes.
        with suppress(FileNotFoundError):
            Path(name).replace(self._file)


async def mark_restored(now: datetime) -> None:
    """Let the database say by itself that it comes from a backup.

    Transaction: expects to run inside one.
    """
    await put_setting(RESTORED, str(to_ms(now)))
    await conversations.recover_all()


async def _mark() -> int:
    return int(await find_setting(MARK) or 0)

"""A database that has fallen behind what this node remembers is noticed, and nothing leaves it.

A small file in the data folder names the copy of the database and the highest mark written to it,
once a minute. A database restored from a backup has a lower mark, or is another copy. The node then
reads and accepts, but sends nothing, signs no state and lets nobody post until its operator says
that the other copy is off.

Source: delivery.md 7
"""

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from federation.inbound.gaps import ask_others
from federation.pipeline import errands
from storage import conversations, logs
from storage.database import transaction
from storage.incarnation import get_incarnation, put_incarnation
from storage.settings import drop_setting, find_setting, put_setting
from storage.times import from_ms, to_ms

log = logging.getLogger(__name__)

FILE: Final = "incarnation.json"
RESTORED_WORDS: Final = (
    "this database comes from a backup: nothing is sent until covey restore --confirm says that "
    "the copy it was made of is off"
)
MARK: Final = "mark"
RESTORED: Final = "restored"
CONFIRMED: Final = "restored_at"
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

    def may_send(self) -> bool:
        """Whether people here may post, and what they posted leaves."""
        return not self.is_on

    def has_forgotten(self, now: datetime) -> bool:
        """Whether people here may have agreed to what this node does not remember."""
        at = self._confirmed_at
        return self.is_on or (at is not None and now - at < FORGETFUL_FOR)

    async def look(self, now: datetime) -> None:
        """Compare the file with the database, at start; a missing file is made anew."""
        written = await asyncio.to_thread(self._read)
        held = Mark(await get_incarnation(), await _mark())
        is_behind = written is not None and (
            written.incarnation != held.incarnation or written.mark > held.mark
        )
        async with transaction():
            if is_behind:
                await put_setting(RESTORED, str(to_ms(now)))
                await conversations.recover_all()
        await self.refresh(now)
        if self.is_on:
            log.warning(RESTORED_WORDS, extra={"action": "restored"})

    async def refresh(self, now: datetime) -> None:
        """Note the minute, unless this is a restored copy; hear whether it was confirmed."""
        confirmed = await find_setting(CONFIRMED)
        self._confirmed_at = from_ms(int(confirmed)) if confirmed else None
        self.is_on = await find_setting(RESTORED) is not None
        if not self.is_on:
            await self._beat(now)

    async def confirm(self, now: datetime, *, incarnation: str, new_id: Callable[[], str]) -> bool:
        """The other copy is off: become a copy of its own, and ask others for what is lost.

        Returns:
            False if this node was not restored.
        """
        if await find_setting(RESTORED) is None:
            return False
        async with transaction():
            await put_incarnation(incarnation)
            await logs.give_up_own(now)
            lost = [("recover", uri) for uri in await conversations.recovering()]
            await errands.ask_all(new_id, lost, now)
            await put_setting(CONFIRMED, str(to_ms(now)))
            await drop_setting(RESTORED)
        await ask_others(now, new_id=new_id, since=now)
        await self.refresh(now)
        return True

    async def _beat(self, now: datetime) -> None:
        """The database first: a file that is ahead of it is a sign."""
        mark = max(to_ms(now), await _mark() + 1)
        async with transaction():
            await put_setting(MARK, str(mark))
        await asyncio.to_thread(self._write, Mark(await get_incarnation(), mark))

    def _read(self) -> Mark | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Mark)
        except FileNotFoundError:
            return None

    def _write(self, mark: Mark) -> None:
        beside = self._file.with_suffix(".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(mark))
        beside.replace(self._file)


async def _mark() -> int:
    return int(await find_setting(MARK) or 0)

"""A worker goes on while something is due, and waits without an attempt that takes nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest_asyncio

from node.clock import Clock
from node.workers import work
from storage import database
from tests.support.mold import copy_empty, url_of


@pytest_asyncio.fixture(autouse=True)
async def opened(tmp_path: Path) -> AsyncIterator[None]:
    async with database.opened(url_of(copy_empty(tmp_path / "covey.db"))):
        yield


@dataclass(slots=True)
class Pile:
    """Things that are due, done one at a time."""

    due: list[str]
    done: list[str] = field(default_factory=list)
    is_empty: asyncio.Event = field(default_factory=asyncio.Event)

    async def run_once(self, _: datetime) -> bool:
        """Do the next; what is done when there is none is noted as ""."""
        self.done.append(self.due.pop(0) if self.due else "")
        return bool(self.done[-1])

    async def next_due(self) -> datetime | None:
        """Now, as long as there is anything."""
        if self.due:
            return Clock().now()
        self.is_empty.set()
        return None


async def test_a_worker_goes_on_while_something_is_due_and_no_further():
    pile = Pile(["a", "b", "c"])

    working = asyncio.create_task(work(pile.run_once, "inbox", pile.next_due, Clock()))
    await pile.is_empty.wait()
    pile.is_empty.clear()
    pile.due.append("d")
    await database.wake("inbox")
    await pile.is_empty.wait()
    working.cancel()

    assert pile.done == ["a", "b", "c", "d"]


async def test_what_is_told_while_a_worker_gathers_is_looked_at_once():
    pile = Pile([])

    working = asyncio.create_task(
        work(pile.run_once, "event", pile.next_due, Clock(), gather_s=0.01)
    )
    await pile.is_empty.wait()
    pile.is_empty.clear()
    pile.due.append("a")
    await database.wake("event")
    await database.wake("event")
    await pile.is_empty.wait()
    working.cancel()

    assert pile.done == ["", "a"]

"""Many callers, one transaction, one answer each; nobody is answered before the commit.

While one commit runs the next batch gathers, so a quiet node pays one commit and a busy one shares
it. There is no timer. A batch that fails is done again item by item, so that a bad one fails alone.
Where it is the database that is away, all who wait are turned away at once.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar

from storage.database import current, transact
from storage.errors import StorageUnavailable
from storage.failpoint import Name, nothing

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class GroupCommit(Generic[Item, Answer]):
    """Shares transactions among those who wait; `run` is its one task.

    Args:
        write: Writes items inside the transaction it is called in, waiting for the database alone;
            one answer each, in order.
        limit: The most items in a transaction.
        waiting_max: The most items that wait; more are turned away at once.
        hit: What is told of the points at which a test kills the process.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]],
        *,
        limit: int = 256,
        waiting_max: int = 2000,
        hit: Callable[[Name], None] = nothing,
    ) -> None:
        self._write = write
        self._limit = limit
        self._waiting_max = waiting_max
        self._hit = hit
        self._waiting: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        self._arrived = asyncio.Event()
        self._is_stopping = False

    async def submit(self, item: Item) -> Answer:
        """Hand over an item; the answer comes after its commit.

        A caller who hangs up changes nothing: the item is written all the same.

        Raises:
            StorageUnavailable: The database is away, too many wait, or the node stops.
        """
        if self._is_stopping or len(self._waiting) >= self._waiting_max:
            raise StorageUnavailable("too many writes wait", retry_after_s=5)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._arrived.set()
        return await answer

    async def run(self) -> None:
        """Write what arrives, until `stop` was called and nothing waits."""
        try:
            while not (self._is_stopping and not self._waiting):
                await self._arrived.wait()
                self._arrived.clear()
                while self._waiting:
                    await self.run_once()
        finally:
            self._is_stopping = True
            self._give_up(StorageUnavailable("the node stops"))

    def stop(self) -> None:
        """Take nothing more; `run` ends when what waits is written."""
        self._is_stopping = True
        self._arrived.set()

    async def run_once(self) -> bool:
        """Write one batch; answer whether there was one."""
        batch = [self._waiting.popleft() for _ in range(min(self._limit, len(self._waiting)))]
        try:
            await self._settle(batch)
        finally:
            # Cancelled: what has no answer may be written or not; its sender tries again.
            _refuse(batch, StorageUnavailable("the node stops"))
        return bool(batch)

    async def _settle(self, batch: Sequence[tuple[Item, asyncio.Future[Answer]]]) -> None:
        if not batch:
            return
        try:
            answers = await self._commit([item for item, _ in batch])
        except StorageUnavailable as error:
            # It is no item: nobody is made to wait for the same timeout again.
            _refuse(batch, error)
            self._give_up(error)
            return
        except Exception as error:
            if len(batch) == 1:
                _refuse(batch, error)
                return
            await self._one_by_one(batch)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    async def _one_by_one(self, batch: Sequence[tuple[Item, asyncio.Future[Answer]]]) -> None:
        for position, (item, future) in enumerate(batch):
            try:
                (answer,) = await self._commit([item])
            except StorageUnavailable as error:
                _refuse(batch[position:], error)
                self._give_up(error)
                return
            except Exception as error:
                _refuse([(item, future)], error)
            else:
                if not future.done():
                    future.set_result(answer)

    async def _commit(self, items: Sequence[Item]) -> Sequence[Answer]:
        async def write() -> Sequence[Answer]:
            self._hit("inside-group-commit")
            answers = await self._write(items)
            if len(answers) != len(items):
                raise RuntimeError("a write must answer every item")
            self._hit("after-accept-before-commit")
            return answers

        answers = await transact(write)
        current().tally.batches.add(len(items))
        self._hit("after-commit-before-answer")
        return answers

    def _give_up(self, error: StorageUnavailable) -> None:
        _refuse(self._waiting, error)
        self._waiting.clear()


def _refuse(batch: Iterable[tuple[Item, asyncio.Future[Answer]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)

"""Work that waits in the database is done as soon as it is due: loops around `run_once`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from node.clock import Clock
from storage import database
from storage.errors import StorageError
from storage.wakeups import POLL_S, Channel, Listener

log = logging.getLogger(__name__)

# After the database or a worker has failed.
PAUSE_S: Final = 1.0
# What is due already waits so long if nothing could be done about it.
AT_ONCE_S: Final = 0.01
# While something is done that tells when it ends.
LOOK_AGAIN_S: Final = 0.25
# What ends within so long is looked after together.
GATHER_S: Final = 0.02
WHISPERS_AT_ONCE: Final = 16
WHISPER_PAUSE_S: Final = 0.02

RunOnce = Callable[[datetime], Awaitable[bool]]
NextDue = Callable[[], Awaitable[datetime | None]]
# Told an id, "" for any, and the time.
Handle = Callable[[str, datetime], Awaitable[None]]
# Told the channel of a loop each time it goes round.
Tick = Callable[[str], object]


async def work(
    run_once: RunOnce,
    channel: Channel,
    next_due: NextDue,
    clock: Clock,
    tick: Tick = len,
    *,
    gather_s: float = 0.0,
) -> None:
    """Run one worker for ever: on while there is work, else until it is woken or due.

    What it is told of within `gather_s` it looks at together.

    PERF: whether there is more is asked of a reader, which costs less than an attempt that takes
    nothing: that is a transaction (benchmarks/end_to_end.py).
    """
    with database.current().wakeups.listening(channel) as listener:
        while True:
            tick(channel)
            try:
                has_done = await run_once(clock.now())
                wait_s = await _until(next_due, clock)
                if not (has_done and wait_s <= AT_ONCE_S):
                    await listener.wait(timeout_s=wait_s)
                    await listener.gather(gather_s)
            except StorageError as error:
                log.warning(
                    "the database is away",
                    extra={"action": "worker.paused", "channel": channel, "reason": str(error)},
                )
                await asyncio.sleep(PAUSE_S)
            except Exception:
                log.exception("a worker failed", extra={"action": "worker.failed"})
                await asyncio.sleep(PAUSE_S)


async def _until(next_due: NextDue, clock: Clock) -> float:
    try:
        return _seconds_until(await next_due(), clock)
    except StorageError:
        return POLL_S


def _seconds_until(due_at: datetime | None, clock: Clock) -> float:
    if due_at is None:
        return POLL_S
    return min(max((due_at - clock.now()).total_seconds(), AT_ONCE_S), POLL_S)


@dataclass(frozen=True, slots=True)
class Queue:
    """Work in the database that several may do at once.

    Attributes:
        count_ready: How much can be begun now, counted up to a number.
        may_work: Whether anything is begun at all.
        count_held_up: How many of those that were begun wait for somebody else, and have for long.
        tick: Told each time that its loop goes round.
    """

    channel: Channel
    count_ready: Callable[[datetime, int], Awaitable[int]]
    next_due: NextDue
    may_work: Callable[[], bool] = lambda: True
    count_held_up: Callable[[], int] = lambda: 0
    tick: Tick = len


async def side_by_side(
    run_once: RunOnce, clock: Clock, queue: Queue, *, at_once: int, aside: int = 0
) -> None:
    """Do as much at once as is ready, up to a limit, so that nothing waits for something slow.

    Args:
        run_once: Does one thing.
        clock: When.
        queue: What there is to do.
        at_once: The limit.
        aside: So many that are held up do not count towards it, or a few hundred servers that take
            connections and say nothing would hold up all others.
    """
    doing: set[asyncio.Task[bool]] = set()
    with database.current().wakeups.listening(queue.channel) as listener:
        ends = _Ends(listener)

        def ended(task: asyncio.Task[bool]) -> None:
            doing.discard(task)
            if not task.cancelled():
                ends.one_more(did_something=task.result())

        try:
            while True:
                queue.tick(queue.channel)
                if not queue.may_work():
                    await listener.wait(timeout_s=POLL_S)
                    continue
                places = at_once + min(queue.count_held_up(), aside)
                ready, next_due = await _look(queue, clock.now(), max(places - len(doing), 0))
                for _ in range(ready):
                    task = asyncio.create_task(_guarded(run_once, clock))
                    doing.add(task)
                    task.add_done_callback(ended)
                ends.are_awaited = is_full = len(doing) >= places
                may_grow = len(doing) < at_once + aside
                # What was begun just now is still among what is due.
                soon_s = LOOK_AGAIN_S if ready else _seconds_until(next_due, clock)
                full_s = LOOK_AGAIN_S if may_grow else POLL_S
                await listener.wait(timeout_s=full_s if is_full else soon_s)
        finally:
            for task in doing:
                task.cancel()
            await asyncio.gather(*doing, return_exceptions=True)


class _Ends:
    """Has the loop look again when something has ended: at once if it waits for that.

    What ends together is looked after together. Who found nothing to do, because another process
    was just taking it, does not ask again at once, or two processes would keep each other busy
    (benchmarks/workers.py).

    Attributes:
        are_awaited: Whether there was no room for more.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._timer: asyncio.TimerHandle | None = None
        self.are_awaited = False

    def one_more(self, *, did_something: bool) -> None:
        """Something has ended, or there was nothing to do."""
        if self.are_awaited and did_something:
            self._listener.tell(())
        elif self._timer is None:
            wait_s = GATHER_S if did_something else LOOK_AGAIN_S
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        self._listener.tell(())


async def whisper(run_once: RunOnce, wait: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Send what is worth something only now; a slow host holds up nobody else."""
    sending: set[asyncio.Task[bool]] = set()
    try:
        while True:
            await wait()
            if len(sending) < WHISPERS_AT_ONCE:
                task = asyncio.create_task(_guarded(run_once, clock))
                sending.add(task)
                task.add_done_callback(sending.discard)
            await asyncio.sleep(WHISPER_PAUSE_S)
    finally:
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)


async def hear(channel: Channel, handle: Handle, clock: Clock) -> None:
    """Hand on each id that is told at a channel, by this process or another, for ever.

    A failure costs that id; whoever keeps something for good does not rely on being told.
    """
    with database.current().wakeups.listening(channel) as listener:
        while True:
            for key in sorted(await listener.wait()):
                try:
                    await handle(key, clock.now())
                except StorageError:
                    log.info("not heard", extra={"action": "hear.failed", "channel": channel})
                except Exception:
                    log.exception("a wake-up failed", extra={"action": "hear.failed"})


async def _look(queue: Queue, now: datetime, free: int) -> tuple[int, datetime | None]:
    """How much can be begun now, and when there is more to do."""

    @database.together
    async def look() -> tuple[int, datetime | None]:
        return await queue.count_ready(now, free), await queue.next_due()

    try:
        return await look()
    except StorageError as error:
        log.warning(
            "the database is away",
            extra={"action": "worker.paused", "channel": queue.channel, "reason": str(error)},
        )
        return 0, None


async def _guarded(run_once: RunOnce, clock: Clock) -> bool:
    """Whether there was something to do, or something has failed."""
    try:
        return await run_once(clock.now())
    except StorageError as error:
        log.warning("the database is away", extra={"action": "worker.paused", "reason": str(error)})
        await asyncio.sleep(PAUSE_S)
    except Exception:
        log.exception("a worker failed", extra={"action": "worker.failed"})
        await asyncio.sleep(PAUSE_S)
    return True

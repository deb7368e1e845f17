"""What a process does by itself, by its role: coroutines that never return.

Everything here may run in several processes at once, on one database, except upkeep, which one of
them does for all.
"""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import datetime
from functools import partial
from typing import Any, Final

from federation.inbound.gaps import ask_others
from federation.inbound.typing_elsewhere import TypingElsewhere
from federation.policy.asked import OF_SOFTWARE
from federation.remote.software import SoftwareNames
from federation.upkeep import farewells, homes, lists, media, reap, rules, software, waits
from federation.upkeep.clock import LOOK_EVERY_S, ClockWatch
from node import pulse, workers
from node.alone import alone
from node.descriptors import room_aside
from node.media.kept import media_kept
from node.parts import Parts
from node.roles import Role
from node.workers import Queue
from storage import database, inbox_queue, peers, repairs
from storage.wakeups import ANYTHING, GROUPS

log = logging.getLogger(__name__)

UPKEEP_EVERY_S: Final = 600.0
UPKEEP: Final = "upkeep"
PUSHES: Final = "push"
# A message and what became of it are looked at together.
PUSHES_GATHER_S: Final = 0.1
# Of one domain so many less that others have their turn (storage/repairs.py).
REPAIRS_AT_ONCE: Final = 32
# Servers that are waited for beside those that answer, for each of these.
HELD_UP_FOR_EACH: Final = 7

Duties = tuple[Coroutine[Any, Any, None], ...]


def to_know(parts: Parts, role: Role) -> Duties:
    """Hear what other processes, and the operator, have changed."""
    policy, keyring, clock = parts.policy, parts.tools.keyring, parts.clock
    known: Duties = (
        database.current().wakeups.run(),
        workers.work(policy.run_once, "policy", policy.find_next_due, clock),
        workers.work(keyring.run_once, "keys", keyring.find_next_due, clock),
        workers.hear("changed", partial(_forget, parts), clock),
    )
    if not role.has_web:
        return known
    typing = TypingElsewhere(parts.whispers.typists, parts.live.has_listeners)
    return (
        *known,
        parts.live.run(),
        workers.hear("typing", typing.hear, clock),
        workers.hear("sent", partial(_sent, parts), clock),
    )


async def _forget(parts: Parts, key: str, _now: datetime) -> None:
    """What is kept in memory of this actor, of groups or of anything is old."""
    if key in {GROUPS, ANYTHING}:
        parts.standings.forget()
    if key == ANYTHING:
        parts.key_memory.doubt()
    elif key != GROUPS:
        parts.key_memory.forget(key)


async def _sent(parts: Parts, key: str, now: datetime) -> None:
    """Some process has sent this in passing."""
    if key != ANYTHING:
        parts.whispers.fleeting.were_sent([key], now)


def to_do(parts: Parts, role: Role) -> Duties:
    """Do what waits in memory and, where there are workers, in the database."""
    restoration, clock = parts.restoration, parts.clock
    fleeting = parts.whispers.fleeting
    own: Duties = (
        workers.whisper(fleeting.run_once, fleeting.wait, clock),
        workers.work(restoration.run_once, "restored", restoration.find_next_due, clock),
        _stale_keys(parts),
    )
    if not role.has_workers:
        return own
    own = (*own, *_queues(parts), _clock(parts), _lists(parts))
    if database.current().sqlite_path:
        # There is no other process.
        return (*own, _upkeep(parts), _pushes(parts))
    token = parts.entropy.hexadecimal()
    for_all = (
        alone(lambda: _upkeep(parts), UPKEEP, token, clock),
        alone(lambda: _pushes(parts), PUSHES, token, clock),
    )
    return (*own, *for_all, _say_that_workers_go_round(parts))


def _queues(parts: Parts) -> Duties:
    clock, tick = parts.clock, parts.pulse.tick
    hosts_at_once = parts.config.federation.hosts_at_once
    return (
        workers.work(parts.inbox.run_once, "inbox", inbox_queue.find_next_due, clock, tick),
        workers.side_by_side(
            parts.repairs.run_once,
            clock,
            Queue("repair", repairs.count_ready, repairs.find_next_due, tick=tick),
            at_once=REPAIRS_AT_ONCE,
        ),
        workers.side_by_side(
            parts.deliveries.run_once,
            clock,
            Queue(
                "deliver",
                peers.count_due,
                peers.find_next_due,
                may_work=parts.restoration.may_send,
                count_held_up=parts.deliveries.count_held_up,
                tick=tick,
            ),
            at_once=hosts_at_once,
            aside=room_aside(HELD_UP_FOR_EACH * hosts_at_once),
        ),
    )


def _lists(parts: Parts) -> Coroutine[Any, Any, None]:
    """Read lists of other servers when they are due."""
    library = parts.library
    return workers.work(
        partial(lists.run_once, library),
        "policy",
        partial(lists.find_next_due, library),
        parts.clock,
    )


async def _say_that_workers_go_round(parts: Parts) -> None:
    """Let web processes know, every ten seconds, as long as it is so."""
    while True:
        if parts.pulse.is_beating():
            try:
                await pulse.say_so(parts.clock.now())
            except Exception:
                log.exception("the beat was not written", extra={"action": "pulse.failed"})
        await asyncio.sleep(pulse.SAY_EVERY_S)


async def _clock(parts: Parts) -> None:
    """Keep waits as long as they are when the clock is put."""
    watch, has_begun = ClockWatch(parts.clock.monotonic), False
    while True:
        try:
            look = watch.look if has_begun else watch.begin
            await look(parts.clock.now())
            has_begun = True
        except Exception:
            log.exception("the clock was not looked at", extra={"action": "clock.failed"})
        await asyncio.sleep(LOOK_EVERY_S)


async def _stale_keys(parts: Parts) -> None:
    """Fetch anew, every ten minutes, the keys that this process has used and that were old."""
    while True:
        try:
            while await parts.keys.refresh_one():
                pass
        except Exception:
            log.exception("keys were not refreshed", extra={"action": "keys.failed"})
        await asyncio.sleep(UPKEEP_EVERY_S)


async def _pushes(parts: Parts) -> None:
    """Tell browsers of messages."""
    pusher, clock = parts.pusher, parts.clock
    pusher.begin()
    await asyncio.gather(
        workers.work(
            pusher.read_once, "event", pusher.find_next_due, clock, gather_s=PUSHES_GATHER_S
        ),
        workers.whisper(pusher.run_once, pusher.wait, clock),
    )


async def _upkeep(parts: Parts) -> None:
    """Empty what has had its time, every ten minutes."""
    place = waits.START
    while True:
        try:
            await reap.run_once(parts.clock.now(), parts.config.federation.queue_retention)
            await homes.watch(parts.desk, parts.clock.now())
            await farewells.watch(parts.directory, parts.tools, parts.clock.now())
            await software.refresh(
                SoftwareNames(parts.directory),
                parts.clock.now(),
                for_rules=not parts.policy.rules().facts.isdisjoint(OF_SOFTWARE),
            )
            await rules.run_once(
                parts.policy.rules(), new_id=parts.entropy.new_id, now=parts.clock.now()
            )
            await media.prune(media_kept(parts.config), parts.clock.now())
            await ask_others(parts.clock.now(), new_id=parts.entropy.new_id)
            place = await waits.ask_again(place, parts.tools, parts.clock.now())
        except Exception:
            log.exception("upkeep failed", extra={"action": "upkeep.failed"})
        await asyncio.sleep(UPKEEP_EVERY_S)

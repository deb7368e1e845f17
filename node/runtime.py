"""A node runs as one task tree inside its database: server, workers and committers.

Tortoise keeps its state in a context variable, so everything that touches the database is started
inside `opened()` and inherits it. Several nodes can run in one process, each in a task of its own.
"""

import asyncio
import contextvars
import logging
import ssl
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from federation.commands.media_key import settle_media_key
from federation.commands.register_account import ensure_instance_actor
from federation.inbound.gaps import ask_others
from federation.remote.software import SoftwareNames
from federation.upkeep import absence, farewells, homes, media, reap, software, waits
from node import descriptors, workers
from node.app import build_app
from node.clock import Clock
from node.config.sections import Config
from node.entropy import Entropy
from node.http.client_address import networks
from node.http.connection import Manner
from node.http.door import Door
from node.http.security_headers import polish
from node.http.server import serving
from node.names import check_secret, settle_names
from node.parts import Parts, assembled, media_kept
from node.workers import Queue
from storage import delivery_queue, failpoint, inbox_queue, lock_file, migrate, peers, repairs
from storage.database import Database, opened

T = TypeVar("T")
log = logging.getLogger(__name__)

# For what waits to be committed; the connections have had five seconds before.
COMMIT_WITHIN_S: Final = 3.0
UPKEEP_EVERY_S: Final = 600.0
BEAT_EVERY_S: Final = 60.0
# Of one domain so many less that others have their turn (storage/repairs.py).
REPAIRS_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class Node:
    """A running node.

    Attributes:
        ports: What it listens on, in the order of `[server] listen`.
    """

    parts: Parts
    ports: tuple[int, ...]
    _context: contextvars.Context

    async def inside(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something as this node would: with its database."""
        task = asyncio.get_running_loop().create_task(work, context=self._context.copy())
        return await task


@asynccontextmanager
async def running(
    config: Config, clock: Clock, *, has_workers: bool = True, entropy: Entropy | None = None
) -> AsyncIterator[Node]:
    """Run a node in the caller's task until the block ends; then stop within ten seconds.

    Args:
        config: Checked before.
        clock: The only clock.
        has_workers: Whether work is done by itself; a test calls the workers.
        entropy: The source of ids and chance, if it is not the system's.

    Raises:
        StorageError: The database cannot be opened, is served already, or is of a newer release.
        StrangeDatabaseError: The database is another node's, by its name or its secret.
        OSError: An address cannot be listened on.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            opened(config.database_url, pool=config.database.pool)
        )
        stack.enter_context(lock_file.served(database.sqlite_path))
        parts = await stack.enter_async_context(assembled(config, clock, entropy))
        await _made_ready(parts, database)
        tasks = [asyncio.create_task(one.run()) for one in parts.committers]
        stack.push_async_callback(_stopped, parts, tasks)
        tasks += [
            asyncio.create_task(parts.live.run()),
            asyncio.create_task(database.wakeups.run()),
            asyncio.create_task(_policy(parts)),
            asyncio.create_task(_keys(parts)),
        ]
        ports = await _listening(stack, parts)
        # Whoever hears from us tries us at once: we must answer before we send.
        if has_workers:
            tasks += [asyncio.create_task(one) for one in _workers(parts)]
        yield Node(parts, ports, contextvars.copy_context())


async def _made_ready(parts: Parts, database: Database) -> None:
    """Bring the tables up to date, check the names, and take back what a crash left in flight."""
    await migrate.apply(parts.entropy.hexadecimal(16))
    if parts.config.server.failpoints:
        failpoint.allow()
    await settle_names(parts.config.server)
    await check_secret(parts.config.server)
    await ensure_instance_actor(parts.mint)
    await settle_media_key(parts.entropy)
    if database.sqlite_path:
        await delivery_queue.recover(parts.clock.now())
        await inbox_queue.recover()
        await repairs.recover()
    await parts.policy.refresh()
    await parts.tools.keyring.refresh()
    now = parts.clock.now()
    await parts.restoration.look(now)
    await absence.note(now)
    await peers.spread(now, parts.entropy.jitter)
    await ask_others(now, new_id=parts.entropy.new_id, since=now)


def _workers(parts: Parts) -> tuple[Coroutine[Any, Any, None], ...]:
    clock = parts.clock
    return (
        workers.work(parts.inbox.run_once, "inbox", inbox_queue.find_next_due, clock),
        workers.side_by_side(
            parts.repairs.run_once,
            clock,
            Queue("repair", repairs.count_ready, repairs.find_next_due),
            at_once=REPAIRS_AT_ONCE,
        ),
        workers.side_by_side(
            parts.deliveries.run_once,
            clock,
            Queue("deliver", peers.count_due, peers.find_next_due, parts.restoration.may_send),
            at_once=parts.config.federation.hosts_at_once,
        ),
        workers.whisper(parts.whispers.fleeting, clock),
        _beat(parts),
        _upkeep(parts),
    )


async def _policy(parts: Parts) -> None:
    """Keep to the operator's rules as they are now."""
    policy = parts.policy
    await workers.work(policy.run_once, "policy", policy.find_next_due, parts.clock)


async def _keys(parts: Parts) -> None:
    """Sign with no key that was retired."""
    keyring = parts.tools.keyring
    await workers.work(keyring.run_once, "keys", keyring.find_next_due, parts.clock)


async def _beat(parts: Parts) -> None:
    """Once a minute note that this copy of the database is the one in use."""
    while True:
        await asyncio.sleep(BEAT_EVERY_S)
        try:
            await parts.restoration.refresh(parts.clock.now())
        except Exception:
            log.exception("the mark was not written", extra={"action": "beat.failed"})


async def _upkeep(parts: Parts) -> None:
    """Empty what has had its time, every ten minutes."""
    place = waits.START
    while True:
        try:
            await reap.run_once(parts.clock.now(), parts.config.federation.queue_retention)
            await homes.watch(parts.desk, parts.clock.now())
            await farewells.watch(parts.directory, parts.tools, parts.clock.now())
            await software.refresh(SoftwareNames(parts.directory), parts.clock.now())
            await media.prune(media_kept(parts.config), parts.clock.now())
            await ask_others(parts.clock.now(), new_id=parts.entropy.new_id)
            place = await waits.ask_again(place, parts.tools, parts.clock.now())
            while await parts.keys.refresh_one():
                pass
        except Exception:
            log.exception("upkeep failed", extra={"action": "upkeep.failed"})
        await asyncio.sleep(UPKEEP_EVERY_S)


async def _listening(stack: AsyncExitStack, parts: Parts) -> tuple[int, ...]:
    """Serve HTTP on every configured address; answer the ports."""
    server, limits = parts.config.server, parts.config.limits
    door = Door(
        most=descriptors.room_for(limits.connections),
        most_per_address=limits.connections_per_address,
        proxies=networks(server.trusted_proxies),
    )
    is_https = parts.space.base_url.startswith("https://")
    manner = Manner(parts.entropy.new_id, partial(polish, is_https=is_https))
    tls = _tls(parts.config)
    opened_server = serving(build_app(parts), server.listen, door=door, manner=manner, tls=tls)
    return await stack.enter_async_context(opened_server)


def _tls(config: Config) -> ssl.SSLContext | None:
    if not config.server.tls_cert:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(config.server.tls_cert, config.server.tls_key_file)
    return context


async def _stopped(parts: Parts, tasks: list[asyncio.Task[None]]) -> None:
    """Let the last batches commit, then end everything; what is in flight is in the database."""
    for committer in parts.committers:
        committer.stop()
    count = len(parts.committers)
    for task in tasks[count:]:
        task.cancel()
    await asyncio.gather(*tasks[count:], return_exceptions=True)
    await asyncio.wait(tasks[:count], timeout=COMMIT_WITHIN_S)
    for task in tasks[:count]:
        task.cancel()
    await asyncio.gather(*tasks[:count], return_exceptions=True)

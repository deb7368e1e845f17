"""A process of a node runs as one task tree inside its database: server, workers and committers.

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
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from federation.commands.media_key import settle_media_key
from federation.commands.push import PURPOSE, settle_push_key
from federation.commands.register_account import ensure_instance_actor
from federation.inbound.gaps import ask_others
from federation.upkeep import absence
from node import descriptors, duties
from node.app import build_app, build_health
from node.clock import Clock
from node.config.sections import Config
from node.entropy import Entropy
from node.http.client_address import networks
from node.http.connection import Manner
from node.http.door import Door
from node.http.security_headers import polish
from node.http.server import serving
from node.names import check_secret, settle_names
from node.ops.metrics import Served
from node.parts import Parts, assembled
from node.roles import Role
from node.watched import metrics_served, watching
from storage import delivery_queue, failpoint, inbox_queue, lock_file, migrate, peers, repairs
from storage.database import Database, opened
from storage.sealing import SecretSealer

T = TypeVar("T")
log = logging.getLogger(__name__)

# For what waits to be committed; the connections have had five seconds before.
COMMIT_WITHIN_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Node:
    """A running node.

    Attributes:
        ports: What it listens on, in the order of `[server] listen`, or of `worker_listen`.
        metrics: Where it serves metrics.
    """

    parts: Parts
    ports: tuple[int, ...]
    metrics: Served
    _context: contextvars.Context

    async def inside(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something as this node would: with its database."""
        task = asyncio.get_running_loop().create_task(work, context=self._context.copy())
        return await task


@asynccontextmanager
async def running(
    config: Config,
    clock: Clock,
    role: Role = Role.ALL,
    *,
    has_workers: bool = True,
    entropy: Entropy | None = None,
) -> AsyncIterator[Node]:
    """Run a node in the caller's task until the block ends; then stop within ten seconds.

    Args:
        config: Checked before.
        clock: The only clock.
        role: What of the node this process runs.
        has_workers: Whether work is done by itself; a test calls the workers.
        entropy: The source of ids and chance, if it is not the system's.

    Raises:
        StorageError: The database cannot be opened, is served already, or is of a newer release.
        StrangeDatabaseError: The database is another node's, by its name or its secret.
        OSError: An address cannot be listened on.
    """
    if config.server.failpoints:
        failpoint.allow()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            opened(config.database_url, pool=config.database.pool)
        )
        stack.enter_context(lock_file.served(database.sqlite_path))
        parts = await stack.enter_async_context(assembled(config, clock, entropy, role))
        await _made_ready(parts, database, role)
        tasks = [asyncio.create_task(one.run()) for one in parts.committers]
        stack.push_async_callback(_stopped, parts, tasks)
        tasks += [asyncio.create_task(one) for one in duties.to_know(parts, role)]
        ports = await _listening(stack, parts, role)
        metrics = await stack.enter_async_context(metrics_served(parts))
        # Whoever hears from us tries us at once: we must answer before we send.
        if has_workers:
            doing = (*duties.to_do(parts, role), *watching(parts, role))
            tasks += [asyncio.create_task(one) for one in doing]
        yield Node(parts, ports, metrics, contextvars.copy_context())


async def _made_ready(parts: Parts, database: Database, role: Role) -> None:
    """Bring the tables up to date, check the names, and take back what a crash left in flight.

    Several processes may do so at once. What was in flight in others is taken back by its leases.
    """
    await migrate.apply(parts.entropy.hexadecimal(16))
    await settle_names(parts.config.server)
    await check_secret(parts.config.server)
    await ensure_instance_actor(parts.mint)
    await settle_media_key(parts.entropy)
    sealer = SecretSealer(parts.config.server.sealing_key, PURPOSE)
    await settle_push_key(sealer, parts.entropy)
    if database.sqlite_path:
        await delivery_queue.recover(parts.clock.now())
        await inbox_queue.recover()
        await repairs.recover()
    await parts.policy.refresh()
    await parts.tools.keyring.refresh()
    now = parts.clock.now()
    await parts.restoration.look(now)
    if role.has_workers:
        await _work_begins(parts, now)


async def _work_begins(parts: Parts, now: datetime) -> None:
    """What was missed while nobody worked is looked for, and what waits does not go all at once."""
    await absence.note(now)
    await peers.spread(now, parts.entropy.jitter)
    await ask_others(now, new_id=parts.entropy.new_id, since=now)


async def _listening(stack: AsyncExitStack, parts: Parts, role: Role) -> tuple[int, ...]:
    """Serve HTTP on every address that is configured for the role; answer the ports."""
    server, limits = parts.config.server, parts.config.limits
    door = Door(
        most=descriptors.room_for(limits.connections),
        most_per_address=limits.connections_per_address,
        proxies=networks(server.trusted_proxies),
    )
    is_https = parts.space.base_url.startswith("https://")
    manner = Manner(parts.entropy.new_id, partial(polish, is_https=is_https))
    if role.has_web:
        app, places, tls = build_app(parts, role), server.listen, _tls(parts.config)
    else:
        # Who asks a worker how it is sits beside it, and has no name for it.
        app, places, tls = build_health(parts), server.worker_listen, None
    opened_server = serving(app, places, door=door, manner=manner, tls=tls)
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

"""`covey serve` runs the node until it is told to stop."""

import asyncio
import errno
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import click

from node.cli.loading import configured, read
from node.cli.opening import prepare
from node.cli.options import config_option
from node.cli.reload import reload
from node.cli.service_manager import ALIVE, READY, STOPPING, ServiceManager
from node.cli.stop import StopError
from node.clock import Clock
from node.config.load import Broken
from node.config.sections import Config
from node.descriptors import raise_limit
from node.identity.owner_link import create_owner_link, has_new_owner_link
from node.memory import give_back_large_blocks, settle_memory, small_tls_buffers
from node.roles import Role
from node.runtime import Node, running
from storage.accounts import list_accounts

LOG = logging.getLogger(__name__)

EPILOG = """\b
Example:
  covey serve --config config.toml
"""

ROLES = tuple(role.value for role in Role)
LINK_IS_OUT = (
    "nobody has an account yet: open the link that was printed, or run covey user add NAME "
    "--role owner"
)


@click.command("serve", epilog=EPILOG)
@click.option(
    "--role", type=click.Choice(ROLES), default="all", show_default=True, help="What to run here."
)
@config_option
def serve_command(*, role: str, config_path: str | None) -> None:
    """Run the node: pages, APIs, federation and deliveries.

    With PostgreSQL it may run as several processes: any number of the role web, which answer people
    and other servers, and any number of the role worker, which do what waits in the database.

    Prints one line, `ready URL`, on standard error once it answers. Ctrl-C or SIGTERM stops it
    cleanly; SIGHUP has it read its rules again, as covey reload does. It says where to go: while
    the node has no account the link that makes the owner's, again at each start; then the address
    at which people sign in.
    """
    config = configured(config_path)
    _check_role(Role(role), config)
    prepare(config)
    raise_limit(config.limits.connections)
    small_tls_buffers()
    give_back_large_blocks()
    try:
        asyncio.run(serve(config, Clock(), Role(role)))
    except OSError as error:
        raise StopError(_why(error, config)) from error


def _check_role(role: Role, config: Config) -> None:
    if role is not Role.ALL and urlsplit(config.database_url).scheme == "sqlite":
        raise StopError(
            f"the role {role.value} needs PostgreSQL: one process serves a SQLite database"
        )


async def serve(config: Config, clock: Clock, role: Role = Role.ALL) -> None:
    """Run the node until a signal ends it; `ready URL` is printed once it answers."""
    told = _Told()
    told.listen(asyncio.get_running_loop())
    manager = ServiceManager(os.environ)
    async with running(config, clock, role) as node:
        if role.has_web:
            await _welcome(node)
        print(f"ready {config.server.base_url}", file=sys.stderr, flush=True)
        if node.metrics.trouble:
            # Not before: scripts wait for the line above.
            LOG.warning(
                "Metrics are not served",
                extra={"action": "metrics.unserved", "why": node.metrics.trouble},
            )
        settle_memory()
        manager.say(READY)
        while not await told.to_stop(manager.every_s):
            manager.say(ALIVE)
            if told.to_reload():
                await _reload(config)
        manager.say(STOPPING)
        print("stopping", file=sys.stderr, flush=True)


class _Told:
    """What signals have told this process to do."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self._stops = self._reloads = False

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear signals from now on."""
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        loop.add_signal_handler(signal.SIGHUP, self._reload)

    async def to_stop(self, within_s: float | None) -> bool:
        """Wait for a signal, or for so long; whether it is time to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._woken.wait()
        self._woken.clear()
        return self._stops

    def to_reload(self) -> bool:
        """Whether rules are to be read again; asked once for each time."""
        reloads, self._reloads = self._reloads, False
        return reloads

    def _stop(self) -> None:
        self._stops = True
        self._woken.set()

    def _reload(self) -> None:
        self._reloads = True
        self._woken.set()


async def _reload(config: Config) -> None:
    """Take the rules as they stand in their files; with a mistake in them nothing changes."""
    loaded = read(str(config.file))
    if isinstance(loaded, Broken):
        why = "; ".join(map(str, loaded.mistakes))
        LOG.warning("Rules are not read again", extra={"action": "reload.refused", "why": why})
        return
    rules, ended = await reload(loaded.config)
    LOG.info("Rules were read again", extra={"action": "reload", "rules": rules, "ended": ended})


async def _welcome(node: Node) -> None:
    """Where to go: how the owner's account is made while there is none, then where to sign in."""
    parts = node.parts
    if await list_accounts():
        print(f"sign in: {parts.space.base_url}/sign-in", flush=True)
        return
    if await has_new_owner_link(parts.clock.now()):
        print(LINK_IS_OUT, flush=True)
        return
    link = await create_owner_link(
        parts.space.base_url, entropy=parts.entropy, now=parts.clock.now()
    )
    print(f"make the owner's account, once: {link}", flush=True)


def _why(error: OSError, config: Config) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"the address is in use: {', '.join(config.server.listen)}"
    where = f"{Path(error.filename)}: " if error.filename else ""
    return f"{where}{error.strerror or error}"

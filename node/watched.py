"""A node is watched from outside by its metrics, and from inside by itself."""

import asyncio
import importlib
import logging
import platform
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from node.ops.exposition import Exposition
from node.ops.metrics import Served, served
from node.ops.readings import Instruments
from node.ops.watching import measure_lag, watch
from node.parts import Parts
from node.release import own_version
from node.roles import Role
from storage.database import current

log = logging.getLogger(__name__)

AGAIN_AFTER_S = 60.0


def metrics_served(parts: Parts) -> AbstractAsyncContextManager[Served]:
    """Serve the metrics where the configuration says."""
    build = {
        "version": own_version(),
        "python": platform.python_version(),
        "database": "sqlite" if current().sqlite_path else "postgresql",
    }
    exposition = Exposition(parts.tally, build)
    place = parts.config.metrics.listen
    return served(place, exposition, instruments_of(parts), parts.entropy.new_id)


def watching(parts: Parts, role: Role) -> tuple[Coroutine[Any, Any, None], ...]:
    """What a process looks at by itself; where there are workers, for the whole node."""
    own = (measure_lag(parts.tally),)
    return (*own, _alarms(parts)) if role.has_workers else own


def instruments_of(parts: Parts) -> Instruments:
    """Where what is shown of a node is read."""
    return Instruments(
        clock=parts.clock.now,
        folder=Path(parts.config.server.data_dir),
        may_send=parts.restoration.may_send,
        streams=parts.live.count,
        certificate_until=partial(_valid_until, parts.config.server.tls_cert),
    )


async def _alarms(parts: Parts) -> None:
    """Tell of alarms, and outlast a look that fails."""
    while True:
        try:
            await watch(instruments_of(parts), parts.tally)
        except Exception:
            log.exception("watching failed", extra={"action": "watch.failed"})
        await asyncio.sleep(AGAIN_AFTER_S)


def _valid_until(certificate: str) -> datetime | None:
    if not certificate:
        return None
    # PERF: X.509 is loaded where there is a certificate only, as in node/config/checks.py.
    module = importlib.import_module("node.config.certificate")
    until: datetime | None = module.valid_until(certificate)
    return until

"""The database is looked at: its schema, its names, its keys, its log of deeds, and what waits."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from node.backup.making import DOMAIN, HOST
from node.config.sections import Config
from node.doctor.finding import Finding, bad, doubtful, well
from node.doctor.judging import judge_backup, judge_postgres
from node.restoration import RESTORED
from storage import audit, gauges, migrate, server_told
from storage.actor_keys import find_oldest_key
from storage.audit import BACKUP_MADE
from storage.database import opened
from storage.errors import NewerSchema, StorageError
from storage.sealing import SealBroken, Sealer
from storage.settings import find_settings
from storage.times import from_ms

ROWS_CHECKED: Final = 1000
DATABASE: Final = "database"


async def look_at_database(config: Config, now: datetime) -> AsyncIterator[Finding]:
    """What the database holds and how it is kept."""
    is_postgres = urlsplit(config.database_url).scheme != "sqlite"
    try:
        async with opened(config.database_url, pool=1):
            if is_postgres:
                version, their_now = await server_told.read()
                for one in judge_postgres(version, their_now - now):
                    yield one
            async for one in _inside(config, now):
                yield one
    except NewerSchema as error:
        yield bad(DATABASE, str(error), "install that release, or a later one")
    except StorageError as error:
        yield bad(DATABASE, str(error), "see that it runs, and that database.url names it")


async def _inside(config: Config, now: datetime) -> AsyncIterator[Finding]:
    pending = await migrate.plan()
    if not await migrate.find_newest():
        yield bad(DATABASE, "there is no node in it yet", "covey init makes one")
        return
    if pending:
        said = f"it is older than this release; {len(pending)} migrations would run"
        yield doubtful(DATABASE, said, "covey backup DIR, then covey migrate")
        return
    yield well(DATABASE, "it is open, and of this release")
    for one in await _identity(config):
        yield one
    yield await _deeds()
    yield judge_backup(await _last_backup(), now)
    for one in await _waiting(now):
        yield one


async def _identity(config: Config) -> list[Finding]:
    server, found = config.server, []
    held = await find_settings([HOST, DOMAIN, RESTORED])
    for key, configured in ((HOST, server.netloc), (DOMAIN, server.domain)):
        if held.get(key, configured) != configured:
            said = f"server.{key} is {configured}, but others know this node as {held[key]}"
            found.append(bad("names", said, f"put {held[key]} back: it cannot change"))
    oldest = await find_oldest_key()
    try:
        if oldest is not None:
            Sealer(server.sealing_key).unseal(oldest.sealed, oldest.key_id)
        found.append(well("keys", "the secret key opens them"))
    except SealBroken:
        said = "server.secret_key is not the one that they were sealed with"
        fix = "put the right one back; if it is lost: covey keys rotate --secret-lost"
        found.append(bad("keys", said, fix))
    if RESTORED in held:
        said = "this database comes from a backup, and nothing is sent"
        fix = "once the node that was saved runs no more: covey restore --confirm"
        found.append(bad("restored", said, fix))
    return found


async def _deeds() -> Finding:
    rows = await audit.listed(before=1 << 62, limit=ROWS_CHECKED)
    older = await audit.ones_before(rows)
    broken = [row["n"] for row in rows if not audit.is_intact(row, older.get(row["n"]))]
    if broken:
        said = f"row {min(broken)} was changed, or the one before it is gone"
        return bad("audit log", said, "compare it with a copy kept elsewhere")
    return well("audit log", f"its newest {len(rows)} rows are as they were written")


async def _last_backup() -> datetime | None:
    rows = await audit.search(before=1 << 62, limit=1, acts=BACKUP_MADE, who="")
    return from_ms(rows[0]["at"]) if rows else None


async def _waiting(now: datetime) -> list[Finding]:
    told = await gauges.read(now)
    parked = told.owed.get("parked", 0)
    failing = told.lanes.get("failing", 0)
    said = f"{sum(told.owed.values())} deliveries, {failing} servers do not answer"
    if parked:
        said = f"{parked} deliveries are parked"
        return [doubtful("queue", said, "covey queue list --state parked says why")]
    return [well("queue", said)]

"""The schema is what this release's migrations make of it, applied all at once or not at all.

One transaction holds the migrations, Tortoise's record of them and the incarnation. A process that
is killed leaves the database as it was, and the next one begins again. Tortoise alone would record
a migration after its commit.
"""

import logging
from pathlib import Path
from typing import Final

from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps

from storage import database, failpoint, models
from storage.errors import NewerSchema, StorageUnavailable
from storage.incarnation import make_incarnation
from storage.migration_time import Planned, planned

# For `tortoise -c storage.migrate.DEVELOPMENT makemigrations`, which opens no database.
DEVELOPMENT = {"connections": {"sqlite": "sqlite://:memory:"}, "apps": models.apps("sqlite")}

_FOLDER = Path(__file__).parent / "migrations"
_RECORD = "tortoise_migrations"
# Another process may be migrating: each wait is as long as the database waits for its lock.
PATIENCE: Final = 6

_LOG = logging.getLogger(__name__)

# What has been applied to this database.
APPLIED = "SELECT name FROM tortoise_migrations WHERE app = 'models' ORDER BY name"

# The rows of one of our tables.
_COUNT = "SELECT COUNT(*) AS n FROM <table>"


class _BareModels(StateApps):
    """Models of the past as far as a schema needs them: no query is made of them.

    PERF: Tortoise copies all of them for each operation; what an operation changes is built anew
    in any case. A first start took 2.5 s of CPU for its tables, and takes 0.2.
    """

    def _build_initial_querysets(self) -> None:
        """Nothing asks for them."""

    def clone(self, model_states: object = None) -> "_BareModels":
        """Others with the same models."""
        del model_states
        twin = _BareModels(default_connections=self._default_connections)
        twin.apps = {label: dict(models) for label, models in self.apps.items()}
        return twin


class _Executor(MigrationExecutor):
    # Tortoise has no public way to choose what its models of the past are made of.
    async def _project_state(
        self, applied: set[MigrationKey], *, upto: MigrationKey | None = None
    ) -> State:
        state = await super()._project_state(applied, upto=upto)
        apps = self.loader.apps_config.items()
        bare = _BareModels({label: config["default_connection"] for label, config in apps})
        bare.apps = state.apps.apps
        state.apps = bare
        return state


async def plan() -> list[str]:
    """The names of the migrations that `apply` would run, in order; changes nothing.

    Raises:
        NewerSchema: A newer release has migrated this database.
    """
    executor = _executor()
    executor.loader.load_disk()
    known = sorted(key.name for key in executor.loader.disk_migrations)
    applied: set[str] = set()
    if await database.has_table(_RECORD):
        applied = {row["name"] for row in await database.fetch(APPLIED)}
    _refuse_newer(applied, known)
    return [name for name in known if name not in applied]


async def find_newest() -> str:
    """The last migration that was applied to this database; "" before the first."""
    if not await database.has_table(_RECORD):
        return ""
    return max((row["name"] for row in await database.fetch(APPLIED)), default="")


def knows(migration: str) -> bool:
    """Whether this release has a migration of this name."""
    return any(one.stem == migration for one in _FOLDER.glob("0*.py"))


def _executor() -> MigrationExecutor:
    client = database.current().tortoise.db()
    return _Executor(client, models.apps(client.connection_name))


def _refuse_newer(applied: set[str], known: list[str]) -> None:
    newer = applied.difference(known)
    if newer:
        raise NewerSchema(f"a newer release has migrated this database: {', '.join(sorted(newer))}")


async def foresee() -> list[Planned]:
    """The migrations that `apply` would run, and how many rows each passes over.

    Raises:
        NewerSchema: A newer release has migrated this database.
    """
    names = await plan()
    executor = _executor()
    executor.loader.load_disk()
    by_name = {key.name: one for key, one in executor.loader.disk_migrations.items()}
    held = [module.rpartition(".")[2] for module in models.MODULES]
    rows = {
        table: int((await database.fetch(_COUNT.replace("<table>", table)))[0]["n"])
        for table in (held if names else ())
        if await database.has_table(table)
    }
    return [planned(name, by_name[name].operations, rows) for name in names]


async def apply(incarnation: str) -> list[str]:
    """Bring the schema up to this release; answer the migrations that ran.

    Args:
        incarnation: 32 random hexadecimal digits, used if this is the first run.

    Raises:
        NewerSchema: A newer release has migrated this database.
    """
    for _ in range(PATIENCE):
        try:
            return await _applied(incarnation) if await plan() else []
        except StorageUnavailable as error:
            _LOG.info("waits for a migration", extra={"action": "migrate", "reason": str(error)})
    return await _applied(incarnation) if await plan() else []


async def _applied(incarnation: str) -> list[str]:
    async with database.transaction():
        driver, connection = database.writer()
        await driver.prepare_migration(connection)
        names = await plan()
        executor = _executor()
        # Before anything asks for the record: on PostgreSQL a failed query ends the transaction,
        # and Tortoise has no public way to make the table.
        await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))  # noqa: SLF001
        await executor.migrate(direction="forward")
        failpoint.hit("mid-migration")
        await driver.collate_by_bytes(connection)
        await make_incarnation(incarnation)
    for name in names:
        _LOG.info("migration applied", extra={"action": "migrate", "migration": name})
    return names

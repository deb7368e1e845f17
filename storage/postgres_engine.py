"""PostgreSQL waits for nobody long: every session has its timeouts."""

from types import TracebackType
from urllib.parse import unquote, urlsplit

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext
from tortoise.connection import get_connections

_SETTINGS = {
    "application_name": "covey",
    "default_transaction_isolation": "read committed",
    "lock_timeout": "1s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
}
CONNECT_TIMEOUT_S = 5
_COMMAND_TIMEOUT_S = 15


# asyncpg carries no types, so its classes are Any to the checker.
class Connection(asyncpg.Connection):  # type: ignore[misc]
    """A pooled connection; it leaves no session state behind, so there is nothing to reset."""

    def get_reset_query(self) -> str:
        """Nothing: the default would cost a round trip per statement."""
        return ""


class Engine(AsyncpgDBClient):
    """Tortoise's client, with transactions that never leak a connection."""

    connection_class = Connection

    @property
    def pool(self) -> asyncpg.Pool:
        """The pool of asyncpg."""
        return self._pool

    def begin(self) -> "PooledTransaction":
        """A transaction on a connection of its own."""
        return PooledTransaction(self)

    async def dial(self) -> asyncpg.Connection:
        """A connection beside the pool, which is its caller's to end."""
        return await asyncpg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            database=self.database,
            timeout=CONNECT_TIMEOUT_S,
        )

    def _in_transaction(self) -> TransactionContext:
        return self.begin()


class PooledTransaction(TransactionContext):
    """One transaction; whatever happens, its connection goes back to the pool."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def __aenter__(self) -> TransactionWrapper:
        connection = await self._engine.pool.acquire()
        wrapper = TransactionWrapper(self._engine)
        # As Tortoise's own context does.
        wrapper._connection = connection  # noqa: SLF001
        try:
            await wrapper.begin()
        except BaseException:
            await self._engine.pool.release(connection)
            raise
        self._wrapper = wrapper
        self.connection = connection
        self._token = get_connections().set(self._engine.connection_name, wrapper)
        return wrapper

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        get_connections().reset(self._token)
        try:
            if exc_type is None:
                await self._wrapper.commit()
            else:
                await self._wrapper.rollback()
        finally:
            await self._engine.pool.release(self.connection)


client_class = Engine


def credentials(url: str, *, pool: int) -> dict[str, object]:
    """What Tortoise's configuration needs to reach a database, from its URL."""
    parts = urlsplit(url)
    return {
        "host": parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.lstrip("/"),
        "minsize": 1,
        "maxsize": pool,
        "server_settings": _SETTINGS,
        "timeout": CONNECT_TIMEOUT_S,
        "command_timeout": _COMMAND_TIMEOUT_S,
    }

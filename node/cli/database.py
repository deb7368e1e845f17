"""`covey database copy` moves a node from SQLite to PostgreSQL."""

import asyncio
import json
import sys
from collections.abc import Mapping
from time import monotonic
from urllib.parse import urlsplit

import click

from node.cli.loading import configured
from node.cli.opening import prepare
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.clock import Clock
from node.config.sections import Config
from node.entropy import Entropy
from storage import copying, lock_file, migrate
from storage.copying import Copied
from storage.database import opened

EPILOG = """\b
Example:
  covey database copy --to postgres://covey@127.0.0.1:5432/covey
"""
SAY_EVERY_S = 2.0
POSTGRES = ("postgres", "postgresql")


@click.group("database", epilog=EPILOG)
def database_command() -> None:
    """Where this node keeps everything."""


@database_command.command("copy", epilog=EPILOG)
@click.option(
    "--to", "url", required=True, metavar="URL", help="An empty database of a PostgreSQL server."
)
@json_option
@config_option
def copy_command(*, url: str, as_json: bool, config_path: str | None) -> None:
    """Copy this node's SQLite database to PostgreSQL.

    The node has to be stopped. All rows are copied in one transaction, read back and compared: if
    that fails, the target is as it was. A password that is not in the URL is taken from PGPASSWORD
    or ~/.pgpass. Files in the data folder stay where they are.
    """
    config = configured(config_path)
    if urlsplit(config.database_url).scheme != "sqlite":
        raise StopError("this node is on PostgreSQL already; pg_dump copies that")
    if urlsplit(url).scheme not in POSTGRES:
        raise click.UsageError("--to takes postgres://user@host:5432/name")
    prepare(config)
    copied = asyncio.run(_copied(config, url))
    if as_json:
        click.echo(json.dumps([_described(one) for one in copied]))
        return
    for one in copied:
        click.echo(f"{one.table:<20} {one.rows:>10}  {one.digest[:16]}")
    click.echo(f"copied and compared {sum(one.rows for one in copied)} rows")
    click.echo(f"now set [database] url in {config_path or 'the configuration'} and start the node")


async def _copied(config: Config, url: str) -> list[Copied]:
    async with opened(config.database_url) as source:
        with lock_file.served(source.sqlite_path):
            if await migrate.plan():
                raise StopError("the database is older than this release; run covey migrate")
            async with opened(url, pool=1):
                return await copying.copy(source, Entropy(Clock().now).hexadecimal(16), Progress())


class Progress:
    """Says on standard error, every two seconds at most, how far the copy has come."""

    def __init__(self) -> None:
        self._said_s = monotonic()

    def __call__(self, table: str, done: int, most: int) -> None:
        """So many of so many rows of this table are copied."""
        if monotonic() - self._said_s >= SAY_EVERY_S:
            self._said_s = monotonic()
            print(f"{table}: {done} of {most} rows", file=sys.stderr)


def _described(one: Copied) -> Mapping[str, object]:
    return {"table": one.table, "rows": one.rows, "digest": one.digest}

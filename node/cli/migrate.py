"""`covey migrate` brings the database up to this release."""

import json
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import click

from federation.queries.explained import how_long
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.clock import Clock
from node.config.sections import Config
from node.entropy import Entropy
from node.names import settle_names
from storage import migrate
from storage.migration_time import Planned

UP_TO_DATE = "the database is up to date"
EPILOG = """\b
Example:
  covey migrate --plan --config config.toml
"""


@click.command("migrate", epilog=EPILOG)
@click.option("--plan", "only_plan", is_flag=True, help="Say what would run, and change nothing.")
@json_option
@config_option
def migrate_command(*, only_plan: bool, as_json: bool, config_path: str | None) -> None:
    """Bring the database up to this release.

    A database that is up to date already is left alone. One that a newer release has changed is
    refused.
    """
    config = configured(config_path)
    if only_plan:
        _tell_plan(inside(config, migrate.foresee, migrated=False), as_json=as_json)
        return
    names = inside(config, partial(apply, config), migrated=False)
    if as_json:
        click.echo(json.dumps({"applied": names}))
        return
    click.echo("\n".join(f"applied {name}" for name in names) or UP_TO_DATE)


def _tell_plan(plan: Sequence[Planned], *, as_json: bool) -> None:
    if as_json:
        expected = [
            {"name": one.name, "seconds": one.seconds, "rows": dict(one.rows)} for one in plan
        ]
        click.echo(json.dumps({"planned": [one.name for one in plan], "expected": expected}))
        return
    for one in plan:
        click.echo(f"would run {one.name}{_expected(one)}")
    whole = timedelta(seconds=sum(one.seconds for one in plan))
    if whole:
        click.echo(f"about {how_long(whole)} in all, in which the node does not answer")
    if not plan:
        click.echo(UP_TO_DATE)


def _expected(one: Planned) -> str:
    if not one.seconds:
        return ""
    rows = ", ".join(f"{number} rows of {table}" for table, number in sorted(one.rows.items()))
    return f" (about {how_long(timedelta(seconds=one.seconds))}: {rows})"


async def apply(config: Config) -> list[str]:
    """Bring the tables up to this release and settle the names; answers what ran.

    Raises:
        NameChangedError: The database belongs to a node with another name.
    """
    names = await migrate.apply(Entropy(Clock().now).hexadecimal())
    await settle_names(config.server)
    return names

"""`covey migrate` brings the database up to this release."""

import json
from collections.abc import Awaitable, Callable
from functools import partial

import click

from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.clock import Clock
from node.config.sections import Config
from node.entropy import Entropy
from node.names import settle_names
from storage import migrate

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
    action: Callable[[], Awaitable[list[str]]] = migrate.plan
    if not only_plan:
        action = partial(apply, config)
    names = inside(config, action, migrated=False)
    if as_json:
        click.echo(json.dumps({"planned" if only_plan else "applied": names}))
        return
    verb = "would run" if only_plan else "applied"
    click.echo("\n".join(f"{verb} {name}" for name in names) or "the database is up to date")


async def apply(config: Config) -> list[str]:
    """Bring the tables up to this release and settle the names; answers what ran.

    Raises:
        NameChangedError: The database belongs to a node with another name.
    """
    names = await migrate.apply(Entropy(Clock().now).hexadecimal())
    await settle_names(config.server)
    return names

"""`covey restore --confirm` lets a node go on whose database came from a backup."""

from pathlib import Path

import click

from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option
from node.cli.stop import StopError
from node.clock import Clock
from node.entropy import Entropy
from node.restoration import Restoration

EPILOG = """\b
Example:
  covey restore --confirm --config config.toml
"""


@click.command("restore", epilog=EPILOG)
@click.option(
    "--confirm", is_flag=True, required=True, help="The copy that the backup was made of is off."
)
@config_option
def restore_command(*, confirm: bool, config_path: str | None) -> None:
    """Say that the copy from which the backup was made runs no more.

    A node whose database came from a backup sends nothing until then. Afterwards it asks other
    servers for what it has lost, and its people write in new logs. A running node takes this up
    within a minute.
    """
    del confirm
    config = configured(config_path)
    clock = Clock()
    entropy = Entropy(clock.now)

    async def confirmed() -> bool:
        restoration = Restoration(Path(config.server.data_dir))
        return await restoration.confirm(
            clock.now(), incarnation=entropy.hexadecimal(), new_id=entropy.new_id
        )

    if not inside(config, confirmed):
        raise StopError("this node does not know of having been restored; nothing was done")
    click.echo("confirmed; what is lost is asked for")

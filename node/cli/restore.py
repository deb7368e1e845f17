"""`covey restore` makes a node of a backup, and lets it go on once the old one is off."""

import json
import os
from pathlib import Path

import click

from node.backup.checking import check
from node.backup.manifest import Manifest
from node.backup.restoring import put_back_configuration, refuse_unfit, restore
from node.cli.loading import configured
from node.cli.opening import inside, make_folder
from node.cli.options import config_option, json_option
from node.cli.saving import Progress, laid_open, passphrase_option, plainly
from node.cli.stop import StopError
from node.clock import Clock
from node.config.load import find_file
from node.config.sections import Config
from node.entropy import Entropy
from node.restoration import Restoration

EPILOG = """\b
Examples:
  covey restore /backup/2026-12-01 --config /etc/covey/config.toml
  covey restore --confirm --config /etc/covey/config.toml
"""
WHAT_NEXT = """\
it sends nothing and nobody posts until you say that the node which was saved runs no more:
  start it with covey serve, look at it, and then: covey restore --confirm"""


@click.command("restore", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", required=False)
@click.option(
    "--confirm", is_flag=True, help="The copy that the backup was made of is off; without DIR."
)
@passphrase_option
@json_option
@config_option
def restore_command(
    *,
    folder: str | None,
    confirm: bool,
    passphrase_file: str | None,
    as_json: bool,
    config_path: str | None,
) -> None:
    """Make a node of the backup in DIR; or let the node go on that was made so.

    The backup is read to its end first. The configuration is the one that there is; where there is
    none at --config, that of the backup is written there. The secret key has to be in its place
    already, unless it is in the backup. A database that is there is never replaced. Whatever ends
    this half way, it can be done again.

    A restored node takes what comes in, but sends nothing, and nobody can post. Make sure that the
    node from which the backup was made runs nowhere any more: other servers would hear two nodes
    say different things under one name. Then say so with --confirm. A running node takes it up
    within a minute, asks other servers for what it has lost, and its people write in new logs.
    """
    if bool(folder) == confirm:
        raise click.UsageError("covey restore takes either DIR or --confirm")
    if folder:
        with plainly(), laid_open(Path(folder), passphrase_file) as place:
            _restore(place, config_path, as_json=as_json)
        return
    _confirm(configured(config_path))
    click.echo(
        json.dumps({"confirmed": True}) if as_json else "confirmed; what is lost is asked for"
    )


def _restore(folder: Path, config_path: str | None, *, as_json: bool) -> None:
    progress, now = Progress(), Clock().now()
    manifest = check(folder, progress)
    config, written = _configuration(folder, manifest, config_path)
    try:
        refuse_unfit(manifest, config)
        make_folder(Path(config.server.data_dir))
    except BaseException:
        for path in written:
            path.unlink()
        raise
    restore(folder, manifest, config, now, progress)
    if as_json:
        click.echo(json.dumps({"host": manifest.host, "made_at": manifest.made_at}))
        return
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(f"restored {manifest.host} as of {manifest.made_at}")
    click.echo(WHAT_NEXT)


def _configuration(
    folder: Path, manifest: Manifest, config_path: str | None
) -> tuple[Config, list[Path]]:
    """The configuration to use, and the files that were written for it."""
    path = find_file(config_path, os.environ)
    if path is None or path.exists():
        return configured(config_path), []
    make_folder(path.parent)
    written = put_back_configuration(folder, manifest, path)
    try:
        return configured(str(path)), written
    except StopError as error:
        for each in written:
            each.unlink()
        said = f"{error.message}\nthat is in the configuration of the backup; nothing was restored"
        raise StopError(said, error.status) from error


def _confirm(config: Config) -> None:
    clock = Clock()
    entropy = Entropy(clock.now)

    async def confirmed() -> bool:
        restoration = Restoration(Path(config.server.data_dir))
        return await restoration.confirm(
            clock.now(), incarnation=entropy.hexadecimal(), new_id=entropy.new_id
        )

    if not inside(config, confirmed):
        raise StopError("this node does not know of having been restored; nothing was done")

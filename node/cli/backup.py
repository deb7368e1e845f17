"""`covey backup` saves a node while it runs, and reads back what it has saved."""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

import click

from federation.commands.deeds import MACHINE, note
from node.backup.checking import check
from node.backup.making import make
from node.backup.manifest import Manifest
from node.backup.sealed import Lock
from node.cli.loading import configured
from node.cli.options import config_option, json_option
from node.cli.saving import Progress, ask_passphrase, laid_open, passphrase_option, plainly
from node.cli.sizes import size_words
from node.clock import Clock
from node.config.sections import Config
from node.release import own_version
from storage import failpoint
from storage.audit import BACKUP_MADE
from storage.database import opened, transaction

EPILOG = """\b
Examples:
  covey backup /backup/2026-12-01
  covey backup verify /backup/2026-12-01
"""
VERIFY = "verify"


@click.command("backup", epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="[verify] DIR", required=True)
@click.option("--encrypt", is_flag=True, help="Seal it with a passphrase.")
@click.option("--with-keys", is_flag=True, help="Save the secret key too; needs --encrypt.")
@passphrase_option
@json_option
@config_option
def backup_command(
    *,
    words: tuple[str, ...],
    encrypt: bool,
    with_keys: bool,
    passphrase_file: str | None,
    as_json: bool,
    config_path: str | None,
) -> None:
    """Save this node to DIR, or read back what is in DIR.

    The node may run meanwhile; nobody waits for the backup. DIR must not be there yet, and is there
    once all of it was written and read back: what is called DIR is whole. It holds the database,
    the files that people here have uploaded, the configuration without its secrets, and
    manifest.json with the size and SHA-256 of each. Of files that never change it holds links, if
    DIR is on the same file system: copy it to another machine.

    The secret key is not in it. Keep a copy of that elsewhere: without it a backup is worth
    nothing. Or have all of it sealed with a passphrase by --encrypt, and the key in it by
    --with-keys; without the passphrase nothing opens it.

    `covey backup verify DIR` reads a backup to its end, and says what is missing or damaged. `covey
    restore DIR` makes a node of it.
    """
    verifies, folder = _meant(words)
    if verifies:
        with plainly(), laid_open(folder, passphrase_file) as place:
            manifest = check(place, Progress())
        _tell(folder, manifest, "is whole", as_json=as_json)
        return
    if with_keys and not encrypt:
        raise click.UsageError(
            "--with-keys needs --encrypt: who has both speaks for everybody here"
        )
    lock = (
        Lock(ask_passphrase(passphrase_file, again=True), has_keys=with_keys) if encrypt else None
    )
    config, now = configured(config_path), Clock().now()
    if config.server.failpoints:
        failpoint.allow()
    with plainly():
        made = make(config, folder, now, release=own_version(), told=Progress(), lock=lock)
    asyncio.run(_note(config, str(folder.absolute()), now))
    for path in made.damaged:
        print(f"{path}: is damaged, and was saved as it is", file=sys.stderr)
    _tell(folder, made.manifest, "was saved", as_json=as_json)


def _meant(words: tuple[str, ...]) -> tuple[bool, Path]:
    verifies = words[0] == VERIFY
    if len(words) != 1 + verifies:
        raise click.UsageError(f"covey backup takes DIR, or {VERIFY} DIR")
    return verifies, Path(words[-1])


def _tell(folder: Path, manifest: Manifest, became: str, *, as_json: bool) -> None:
    size = sum(held.size for held in manifest.files)
    if as_json:
        told = {
            "folder": str(folder),
            "host": manifest.host,
            "made_at": manifest.made_at,
            "release": manifest.release,
            "database": manifest.database,
            "has_keys": manifest.has_keys,
            "files": len(manifest.files),
            "bytes": size,
        }
        click.echo(json.dumps(told))
        return
    click.echo(
        f"{folder}: {manifest.host} as of {manifest.made_at} {became}: "
        f"{len(manifest.files)} files, {size_words(size)}"
    )


async def _note(config: Config, folder: str, now: datetime) -> None:
    async with opened(config.database_url, pool=1), transaction():
        await note(MACHINE, BACKUP_MADE, folder, now)

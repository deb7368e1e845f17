"""`covey user export` writes down what an account holds, for its person."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import click

from federation.commands.deeds import MACHINE, note
from federation.protocol.namespace import Namespace
from node.archive.uploads import Library
from node.archive.writing import write_archive
from node.archive.zip_stream import Packed
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.sizes import size_words
from node.cli.stop import StopError
from node.cli.user_access import require_account
from node.clock import Clock
from node.config.sections import Config
from node.identity.appearance import find_appearance
from node.media.kept import media_kept
from node.web.languages import load_languages
from node.web.pages.taking_along import readme_in
from storage.database import transaction


@click.command("export", epilog="\b\nExample:\n  covey user export alice alice.zip\n")
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False))
@json_option
@config_option
def export_command(*, name: str, file: str, as_json: bool, config_path: str | None) -> None:
    """Write what the account NAME holds to FILE.

    FILE becomes a ZIP, and must not be there yet. It holds what its person gets in the settings:
    who they are, whom they follow, block and mute, their conversations as they see them, and their
    own files. Nobody but this user may read FILE.
    The audit log says that it was made.
    """
    config = configured(config_path)
    path = Path(file)
    if path.exists():
        raise StopError(f"{path}: is there already")
    packed = _into(path, lambda out: inside(config, lambda: _export(config, name, out)))
    size_bytes = path.stat().st_size
    if as_json:
        click.echo(json.dumps({"file": str(path), "bytes": size_bytes, "files": len(packed)}))
        return
    click.echo(f"{path}: {len(packed)} files, {size_words(size_bytes)}")


def _into(path: Path, write: Callable[[BinaryIO], tuple[Packed, ...]]) -> tuple[Packed, ...]:
    """Let a file be written beside its place, and be there when it is whole."""
    aside = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            packed = write(out)
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)
    return packed


async def _export(config: Config, name: str, out: BinaryIO) -> tuple[Packed, ...]:
    server, now = config.server, Clock().now()
    space = Namespace(server.base_url, server.netloc, server.domain)
    account = await require_account(name)
    spoken = load_languages()
    looks = await find_appearance(name)
    language = spoken.by_tag.get(looks.language, spoken.english)

    async def sink(data: bytes) -> None:
        out.write(data)

    async with transaction():
        await note(MACHINE, "account.exported", name, now)
    return await write_archive(
        account,
        Library(space, media_kept(config).own),
        sink,
        readme=readme_in(language, f"{name}@{space.account_domain}", now),
        at=now,
    )

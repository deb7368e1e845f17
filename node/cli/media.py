"""`covey media` says how much room files take, and removes what nobody has a use for."""

import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence

import click

from federation.upkeep.media import Usage, prune, usage
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.sizes import size_words
from node.clock import Clock
from node.media.kept import media_kept

GOING = ("unused", "unsent", "nameless")
NAMES: Mapping[str, str] = {
    "own": "of people here",
    "remote": "of other servers",
    "unused": "of other servers that nobody has looked at for long",
    "unsent": "uploaded more than a day ago and not sent",
    "nameless": "that nothing names",
}


@click.group("media", epilog="\b\nExample:\n  covey media usage\n")
def media_command() -> None:
    """Pictures and files."""


@media_command.command("usage", epilog="\b\nExample:\n  covey media usage --json\n")
@json_option
@config_option
def usage_command(*, as_json: bool, config_path: str | None) -> None:
    """Count files and their bytes."""
    config = configured(config_path)
    told = inside(config, lambda: usage(media_kept(config), Clock().now()))
    _tell(told, tuple(NAMES), as_json=as_json)


@media_command.command("prune", epilog="\b\nExample:\n  covey media prune --dry-run\n")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@click.option("--yes", is_flag=True, help="Do not ask at a terminal.")
@json_option
@config_option
def prune_command(*, dry_run: bool, yes: bool, as_json: bool, config_path: str | None) -> None:
    """Remove files that nobody has a use for.

    A node that runs does so every ten minutes.
    """
    config = configured(config_path)
    if not dry_run and not yes and sys.stdin.isatty():
        click.confirm("Remove unsent uploads and files that nothing names?", abort=True)

    async def pruned() -> Usage:
        before = await usage(media_kept(config), Clock().now())
        if not dry_run:
            await prune(media_kept(config), Clock().now())
        return before

    _tell(inside(config, pruned), GOING, as_json=as_json)


def _tell(told: Usage, names: Sequence[str], *, as_json: bool) -> None:
    shares = {name: dataclasses.asdict(getattr(told, name)) for name in names}
    if as_json:
        click.echo(json.dumps(shares))
        return
    for name, share in shares.items():
        size = size_words(share["size_bytes"])
        click.echo(f"{size:>14} in {share['files']} files {NAMES[name]}")

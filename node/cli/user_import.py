"""`covey user import` takes over what an account was elsewhere, from its archive."""

import asyncio
import json
from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path

import click

from federation.commands.deeds import MACHINE, note
from federation.commands.people_lists import Taken
from federation.commands.register_account import ensure_instance_actor
from federation.protocol.verdict import Refused
from node.archive.bringing import PARTS, Brought, bring_archive
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.stop import StopError
from node.cli.user_access import require_account
from node.clock import Clock
from node.config.sections import Config
from node.parts import assembled
from storage.database import transaction


@click.command("import", epilog="\b\nExample:\n  covey user import alice alice.zip --only people\n")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--only", type=click.Choice(PARTS), multiple=True, help="This alone; may be repeated."
)
@json_option
@config_option
def import_command(
    *, name: str, file: str, only: tuple[str, ...], as_json: bool, config_path: str | None
) -> None:
    """Let the account NAME take FILE over, an archive.

    FILE is what `covey user export` or the settings, here or elsewhere, have made of an account.

    Taken over are profile, settings, and whom its person follows, blocks, mutes and which servers
    they hide. Messages and files are not, nor memberships of groups. Other servers are asked for at
    most a hundred people whom this one does not know; the same command again goes on.
    The audit log says that it was done.
    """
    config = configured(config_path)
    found = inside(config, lambda: _import(config, name, Path(file), only or PARTS))
    if as_json:
        lists = {one: asdict(taken) for one, taken in found.lists.items()}
        click.echo(json.dumps({"acct": found.acct, "lists": lists}))
        return
    click.echo(f"{name} has what {found.acct} had")


async def _import(config: Config, name: str, path: Path, parts: Collection[str]) -> Brought:
    account = await require_account(name)
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(assembled(config, Clock()))
        await ours.policy.refresh()
        await ensure_instance_actor(ours.mint)
        file = stack.enter_context(path.open("rb"))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ours.desk.drafts.run())
            try:
                done = await bring_archive(ours.desk, account, file, parts=parts, told=_tell)
            finally:
                ours.desk.drafts.stop()
    if isinstance(done, Refused):
        raise StopError(f"{path}: {done.reason}")
    async with transaction():
        await note(MACHINE, "account.imported", name, Clock().now())
    return done


def _tell(name: str, taken: Taken) -> None:
    click.echo(f"{name}: {taken.taken} taken, {taken.left} left", err=True)

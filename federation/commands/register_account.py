"""An account, its actor and that actor's keys come into being together."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.commands.deeds import SYSTEM, By, note
from federation.content.plain import clean_name
from federation.keyring import KeySource, new_pairs
from federation.protocol.namespace import Namespace
from federation.protocol.verdict import Allowed, Refused
from storage.accounts import find_account
from storage.actors import find_actor
from storage.changes import AddAccount, AddKey, AddLocalActor, Change
from storage.database import transaction
from storage.errors import Conflict
from storage.sealing import Sealer
from storage.write import write

_NAME: Final = re.compile(r"[a-z0-9_]{1,30}")

# Names that would speak for the node, or mean everybody.
RESERVED: Final = frozenset(
    {
        *("abuse", "actor", "admin", "administrator", "all", "anonymous", "channel", "contact"),
        *("covey", "everyone", "help", "here", "hostmaster", "info", "instance", "mailer_daemon"),
        *("moderator", "nobody", "noreply", "no_reply", "official", "postmaster", "root"),
        *("security", "server", "staff", "support", "system", "webmaster"),
    }
)
INSTANCE: Final = "instance"

MALFORMED: Final = Refused("A name has 1 to 30 of the letters a to z, digits and _.", 422)
KEPT_BACK: Final = Refused("This name is reserved.", 422)
TAKEN: Final = Refused("This name is taken.", 409)


@dataclass(frozen=True, slots=True)
class Mint:
    """What it takes to make an actor of ours."""

    space: Namespace
    sealer: Sealer
    entropy: KeySource
    clock: Callable[[], datetime]


async def register_account(
    mint: Mint,
    *,
    name: str,
    role: str,
    password_hash: str,
    display_name: str = "",
    by: By = SYSTEM,
) -> Allowed | Refused:
    """Make an account with its actor and keys.

    A name stays taken after its account was deleted: its ids are known elsewhere.

    Args:
        mint: What it takes to make an actor.
        name: The part of the handle before the @.
        role: owner, admin, moderator or member.
        password_hash: What the password is compared with, or "" while there is none.
        display_name: As people type it.
        by: Who makes it.
    """
    refused = await judge_name(name)
    if refused is not None:
        return refused
    actor = _person(mint, name, clean_name(display_name))
    account = AddAccount(
        name=name,
        actor_uri=actor.uri,
        display_name=actor.name,
        role=role,
        password_hash=password_hash,
        at=actor.at,
    )
    try:
        keys = await _keys(mint, actor)
        async with transaction():
            await write([actor, account, *keys])
            await note(by, "account.added", name, actor.at, detail=role)
    except Conflict:
        return TAKEN
    return Allowed()


async def judge_name(name: str) -> Refused | None:
    """Why nobody can have this name any more, or None."""
    if not _NAME.fullmatch(name):
        return MALFORMED
    if name in RESERVED:
        return KEPT_BACK
    return TAKEN if await find_account(name) is not None else None


async def ensure_instance_actor(mint: Mint) -> None:
    """Make the actor that speaks for the node itself, unless it is there."""
    if await find_actor(mint.space.instance) is not None:
        return
    uri = mint.space.instance
    actor = AddLocalActor(
        uri=uri,
        host=mint.space.host,
        kind="server",
        type="Application",
        username=INSTANCE,
        domain=mint.space.account_domain,
        name=mint.space.account_domain,
        inbox=mint.space.shared_inbox,
        shared_inbox=mint.space.shared_inbox,
        at=mint.clock(),
    )
    # Of processes that start at once, one makes it.
    with suppress(Conflict):
        await _write([actor, *await _keys(mint, actor)])


def _person(mint: Mint, name: str, display_name: str) -> AddLocalActor:
    uri = mint.space.person(name)
    return AddLocalActor(
        uri=uri,
        host=mint.space.host,
        kind="person",
        type="Person",
        username=name,
        domain=mint.space.account_domain,
        name=display_name,
        inbox=f"{uri}/inbox",
        shared_inbox=mint.space.shared_inbox,
        at=mint.clock(),
    )


async def _keys(mint: Mint, actor: AddLocalActor) -> tuple[AddKey, AddKey]:
    return await new_pairs(actor.uri, mint.entropy, sealer=mint.sealer, at=actor.at)


async def _write(changes: list[Change]) -> None:
    async with transaction():
        await write(changes)

"""What the pages of a node need, put together without the node."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import IO

from federation.commands.people_lists import NO_LIST, Taken
from federation.commands.pictures import NO_PICTURE
from federation.commands.upload_media import EMPTY
from federation.content.people_csv import read_people
from federation.protocol.verdict import Allowed, Refused
from node.config.registration import RegistrationConfig
from node.entropy import Entropy
from node.identity.attempts import Attempts
from node.identity.caller import Caller
from node.identity.half_way import HalfWay
from node.identity.passkeys import ASKED_MAX, Passkeys
from node.identity.passwords import Passwords
from node.identity.registration import Admissions
from node.identity.second_factor import PURPOSE, SecondFactor
from node.web.context import PageContext
from node.web.rendering import Site, renderer
from node.web.static_files import StaticFiles
from node.web.turns import Turns
from storage import actors, blocks, mutes
from storage.database import insert_many
from storage.sealing import SecretSealer
from tests.support.page_browser import BASE_URL, HOST, NOW

UPLOAD_MAX = 2 * 1024 * 1024
ROOM = 64 * 1024 * 1024
COLUMNS = ("name", "actor_uri", "role", "password_hash", "created_at")


async def add_account(name: str, password_hash: str, role: str = "owner") -> Allowed | Refused:
    """What the command does, without keys: the pages see no more of it."""
    if not re.fullmatch("[a-z0-9_]{1,30}", name):
        return Refused("This name cannot be used.", 422)
    row = (name, f"{BASE_URL}/u/{name}", role, password_hash, 0)
    await insert_many("account", COLUMNS, [row])
    return Allowed()


async def show_by(caller: Caller, data: bytes) -> Allowed | Refused:
    """What the command makes of a file, without a place for it."""
    if not data:
        return EMPTY
    return Allowed() if data.startswith(b"picture") else NO_PICTURE


async def bring_list(person: str, name: str, data: bytes) -> Taken | Refused:
    """What the command does, for those who are known here alone."""
    accts = read_people(data)
    if accts is None:
        return NO_LIST
    add = blocks.add if name == "blocks" else mutes.add
    known = [await actors.find_actor_by_handle(*acct.split("@")) for acct in accts]
    found = [one.uri for one in known if one is not None]
    for uri in found:
        await add(person, uri, NOW)
    return Taken(len(found), len(accts) - len(found))


async def bring_nothing(name: str, file: IO[bytes]) -> Mapping[str, Taken] | Refused:
    """No archive is one; tests/network/test_bringing.py has whole ones."""
    return NO_LIST


async def take_nothing_along(
    name: str, readme: str, take: Callable[[bytes], Awaitable[None]]
) -> None:
    """An archive without anything in it; tests/network/test_archives.py has whole ones."""
    await take(f"{name}: {readme}".encode())


def page_context(
    now: Callable[[], datetime],
    static: StaticFiles,
    passwords: Passwords,
    registration: RegistrationConfig | None = None,
) -> PageContext:
    """What every page uses."""
    entropy = Entropy(lambda: NOW)
    site = Site("Covey", HOST, HOST)
    return PageContext(
        base_url=BASE_URL,
        site=site,
        account_domain=HOST,
        render=renderer(site, static),
        now=now,
        entropy=entropy,
        passwords=passwords,
        attempts=Attempts(),
        half_way=HalfWay(b"\x01" * 32),
        second_factor=SecondFactor(SecretSealer(b"\x01" * 32, PURPOSE), entropy),
        passkeys=Passkeys(BASE_URL, site.name, entropy),
        asking=Attempts(ASKED_MAX),
        proxies=(),
        register=add_account,
        set_picture=show_by,
        upload_max_bytes=UPLOAD_MAX,
        room_bytes=ROOM,
        bring_list=bring_list,
        bring_archive=bring_nothing,
        write_archive=take_nothing_along,
        turns=Turns(),
        arrivals=Turns(),
        admissions=Admissions(registration or RegistrationConfig()),
    )

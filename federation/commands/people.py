"""The people a wish names by handle are found before anything is written."""

import asyncio
from collections.abc import Sequence
from typing import Final, assert_never

from federation.commands.desk import Desk
from federation.content.plain import clean_name
from federation.groups.software import COVEY, quirks_of
from federation.policy.domains import judge_host
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import canonical, host_of
from federation.protocol.verdict import Refused
from federation.protocol.webfinger import parse_account
from federation.remote.actors import Lookup
from federation.remote.objects import Away, NotThere, Unusable
from federation.remote.software import SoftwareNames
from storage.actors import ACTIVE, StoredActor, find_actor, find_actor_by_handle

AT_ONCE: Final = 16


async def find_person(desk: Desk, acct: str) -> StoredActor | Refused:
    """The active person behind a handle, here or elsewhere; asks other servers."""
    try:
        account = parse_account(acct.strip())
    except RemoteProtocolError:
        return Refused(f"“{acct[:100]}” is not a full address like ana@example.org.", 422)
    verdict = judge_host(desk.rules(), account.domain)
    if isinstance(verdict, Refused):
        return verdict
    found = _person(acct.strip()[:100], await desk.resolver.resolve(acct))
    if isinstance(found, Refused) or found.local:
        return found
    # A handle may be of another domain than its owner's server.
    verdict = judge_host(desk.rules(), found.host)
    return verdict if isinstance(verdict, Refused) else found


async def find_by_id(desk: Desk, uri: str) -> StoredActor | Refused:
    """The active person with this id, here or elsewhere; asks their server if nobody knows them."""
    try:
        name = canonical(uri, allow_http=desk.directory.fetcher.allow_http)
    except RemoteProtocolError:
        return Refused(f"“{uri[:100]}” is not the id of a person.", 422)
    verdict = judge_host(desk.rules(), host_of(name))
    if isinstance(verdict, Refused):
        return verdict
    return _person(name, await desk.directory.get(name))


async def find_known(desk: Desk, acct: str) -> StoredActor | None:
    """The person who was met under this handle; asks no other server."""
    try:
        account = parse_account(acct.strip())
    except RemoteProtocolError:
        return None
    if account.domain in {desk.space.account_domain, desk.space.host}:
        return await find_actor_by_handle(account.name.lower(), desk.space.account_domain)
    return await find_actor_by_handle(account.name, account.domain)


async def find_people(desk: Desk, accts: Sequence[str]) -> tuple[StoredActor, ...] | Refused:
    """All of these people, each once, or why one of them cannot be found.

    Those of one domain are looked for one after the other: a host is asked little at once, and who
    finds no slot is told that it is away.
    """
    of_domains: dict[str, list[str]] = {}
    for acct in accts:
        of_domains.setdefault(acct.strip().rpartition("@")[2].lower(), []).append(acct)
    looked_for = list(of_domains.values())
    found: dict[str, StoredActor | Refused] = {}
    for start in range(0, len(looked_for), AT_ONCE):
        part = looked_for[start : start + AT_ONCE]
        for people in await asyncio.gather(*(_find_in_turn(desk, each) for each in part)):
            found |= people
    return _each_once([found[acct] for acct in accts if acct in found])


async def _find_in_turn(desk: Desk, accts: Sequence[str]) -> dict[str, StoredActor | Refused]:
    """What is found at each handle, up to the first at which nobody is."""
    found: dict[str, StoredActor | Refused] = {}
    for acct in accts:
        found[acct] = await find_person(desk, acct)
        if isinstance(found[acct], Refused):
            break
    return found


def _each_once(found: Sequence[StoredActor | Refused]) -> tuple[StoredActor, ...] | Refused:
    people: dict[str, StoredActor] = {}
    for person in found:
        if isinstance(person, Refused):
            return person
        people[person.uri] = person
    return tuple(people.values())


async def find_fault(desk: Desk, people: Sequence[StoredActor]) -> Refused | None:
    """Why one of these people cannot be in a conversation of three or more, or None.

    Whoever was unaware when last seen is looked at again, at most hourly.
    """
    software = await software_of(desk, people)
    for person in people:
        name = software.get(person.uri, COVEY)
        if quirks_of(name).takes_one:
            called = clean_name(person.name) or f"{person.username}@{person.domain}"
            words = f"{called}'s software can't join groups. You can write to them alone."
            return Refused(words, 422)
    return None


async def software_of(desk: Desk, people: Sequence[StoredActor]) -> dict[str, str]:
    """What the servers of those of these people run who are unaware, by person; "" is unknown."""
    unaware: dict[str, str] = {}
    for person in people:
        if person.aware or person.local:
            continue
        await desk.directory.refresh(person.uri)
        newest = await find_actor(person.uri)
        if newest is None or not newest.aware:
            unaware[person.uri] = person.host
    names = await SoftwareNames(desk.directory).of_hosts(set(unaware.values()))
    return {uri: names[host] for uri, host in unaware.items()}


def _person(acct: str, found: Lookup) -> StoredActor | Refused:
    nobody = Refused(f"No one found at {acct}. Check the spelling.", 404)
    match found:
        case StoredActor():
            return found if found.kind == "person" and found.state == ACTIVE else nobody
        case NotThere():
            return nobody
        case Unusable():
            return Refused(f"The server of {acct} gave no usable answer.", 502)
        case Away():
            return Refused(f"The server of {acct} cannot be reached now.", 503)
        case _:
            assert_never(found)

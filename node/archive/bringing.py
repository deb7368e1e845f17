"""Somebody comes with the archive of an account, here or elsewhere, and finds themselves again.

Who they are, what they had set and whom they followed, muted and blocked is taken over. Messages
are not: no server would believe them from here, since they bear the signatures of others.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import IO, Final

from federation.commands.desk import Desk
from federation.commands.doors import LEVELS, SWITCHES, change_doors, judge_doors
from federation.commands.habits import change_habits, change_quiet, judge_quiet
from federation.commands.people_lists import ASKED_MAX, Taken, bring_hosts, bring_list
from federation.commands.profile import ProfileWish, change_profile, judge_profile
from federation.protocol.verdict import Refused
from node.archive.reading import Archive, QuietHours, Settings, read_archive
from node.identity.appearance import change_appearance, judge_appearance
from storage.accounts import Account, get_account

PROFILE: Final = "profile"
SETTINGS: Final = "settings"
PEOPLE: Final = "people"
PARTS: Final = (PROFILE, SETTINGS, PEOPLE)
# Blocks come first: nobody is heard for a moment whom one does not want to hear.
ORDER: Final = ("blocks", "hosts", "mutes", "follows")

# Is told what came of a list, by its name.
Told = Callable[[str, Taken], None]


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of an archive.

    Attributes:
        acct: Whose it was.
        lists: What came of each list, by its name; a list that cannot be read has brought nobody.
    """

    acct: str
    lists: Mapping[str, Taken] = field(default_factory=dict)


async def bring_for(desk: Desk, name: str, file: IO[bytes]) -> Mapping[str, Taken] | Refused:
    """Take a whole archive over for the account of that name; what came of each list in it."""
    done = await bring_archive(desk, await get_account(name), file)
    return done if isinstance(done, Refused) else done.lists


async def bring_archive(
    desk: Desk,
    account: Account,
    file: IO[bytes],
    *,
    parts: Collection[str] = PARTS,
    told: Told | None = None,
) -> Brought | Refused:
    """Take parts of an archive over; what is no archive, or says what cannot be, changes nothing.

    Of strangers a hundred are looked up; the rest by bringing the same archive again.

    Args:
        desk: Where wishes are handed in.
        account: For whom.
        file: The archive.
        parts: Which of `PARTS`.
        told: Is told of each list when it is done.
    """
    archive = await asyncio.to_thread(read_archive, file)
    if isinstance(archive, Refused):
        return archive
    wish = _wish(archive)
    settings = archive.settings
    quiet = settings.quiet_hours or QuietHours()
    for verdict in (
        judge_profile(wish),
        judge_doors(_doors(settings)),
        judge_quiet(quiet.start, quiet.end, quiet.zone),
        judge_appearance(settings.appearance or {}),
    ):
        if isinstance(verdict, Refused):
            return verdict
    if PROFILE in parts:
        await change_profile(account.actor_uri, wish, new_id=desk.entropy.new_id, now=desk.clock())
    if SETTINGS in parts:
        await _set(desk, account, settings)
    lists = await _people(desk, account.actor_uri, archive, told) if PEOPLE in parts else {}
    return Brought(archive.acct, lists)


def _wish(archive: Archive) -> ProfileWish:
    said = archive.profile
    return ProfileWish(said.name, said.bio, [(one.name, one.value) for one in said.fields])


def _doors(settings: Settings) -> Mapping[str, str | bool]:
    said = {name: getattr(settings, name) for name in (*LEVELS, *SWITCHES)}
    return {name: value for name, value in said.items() if value is not None}


async def _set(desk: Desk, account: Account, settings: Settings) -> None:
    person, quiet = account.actor_uri, settings.quiet_hours
    await change_habits(
        person,
        receipts=settings.receipts,
        typing=settings.typing,
        presence=settings.presence,
        previews=settings.previews,
    )
    await change_doors(person, _doors(settings), new_id=desk.entropy.new_id, now=desk.clock())
    if quiet is not None:
        await change_quiet(
            person, start=quiet.start or "", end=quiet.end or "", zone=quiet.zone or ""
        )
    await change_appearance(account.name, **(settings.appearance or {}))


async def _people(
    desk: Desk, person: str, archive: Archive, told: Told | None
) -> Mapping[str, Taken]:
    done: dict[str, Taken] = {}
    may_ask = ASKED_MAX
    for name in ORDER:
        data = archive.lists[name]
        if name == "hosts":
            found = await bring_hosts(desk, person, data)
        else:
            found = await bring_list(desk, person, name, data, asked_max=may_ask)
        taken = Taken(0, 0) if isinstance(found, Refused) else found
        may_ask -= taken.asked
        done[name] = taken
        if told is not None:
            told(name, taken)
    return done

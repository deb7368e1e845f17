"""What is kept of a conversation's people is what the database holds, whatever has been written."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from federation.activities.roster import Roster
from federation.pipeline.rosters import Rosters
from storage import actors, conversations, habits, invitations
from storage import changes as c
from storage.database import transaction
from storage.write import write
from tests.storage.test_prepared import statements
from tests.support.home_town import ALICE, BOB, FRANK, GROUP, GROUP_ID, NOW

PLACES = ("INTO membership", "UPDATE membership", "INTO member_span", "UPDATE member_span")
# What they change is in no roster.
ASIDE = {"storage.timelines.MOVE_MARK", "storage.habits.MUTE", "storage.stamps.STAMP_PERSON"}


async def read(rosters: Rosters) -> Roster:
    """The group's roster; that of a new cache is what the database holds."""
    async with transaction():
        found = await rosters.of(await conversations.by_id([GROUP_ID], held=True))
    return found[GROUP_ID]


def stands(person: str, state: str = "joined") -> c.PutMembership:
    return c.PutMembership(GROUP_ID, person, local=False, role="member", state=state, at=NOW)


async def changed(*changes: c.Change) -> None:
    async with transaction():
        await write(changes)


async def refetched() -> None:
    profile = await actors.find_actor(BOB)
    assert profile is not None
    shown = {
        name: getattr(profile, name)
        for name in ("uri", "host", "kind", "type", "username", "domain", "inbox", "followers")
    }
    moved = actors.RemoteProfile(
        **shown, name="Robert", shared_inbox="", outbox="", aware=True, document="{}"
    )
    await actors.put_remote_actor(moved, NOW)


WRITERS: dict[str, Callable[[], Awaitable[object]]] = {
    "somebody comes": lambda: changed(stands("https://new.test/u/nora")),
    "somebody goes": lambda: changed(stands(BOB, "left")),
    "a span begins": lambda: changed(c.OpenSpan(GROUP_ID, FRANK, 5)),
    "a span ends": lambda: changed(c.CloseSpan(GROUP_ID, BOB, 5)),
    "an account ends": lambda: changed(c.DeleteActor(BOB, "member.test", NOW)),
    "one of ours ends": lambda: changed(c.DeleteOwnActor(ALICE, "", NOW)),
    "an invitation lapses": lambda: invitations.expire(NOW + timedelta(days=400)),
    "somebody is unwilling": lambda: habits.set_unwilling(GROUP_ID, ALICE, is_unwilling=True),
    "a profile changes": refetched,
    "a handle is confirmed": lambda: actors.set_handle(BOB, "bobby", "member.test"),
    "an account is suspended": lambda: actors.set_actor_state(ALICE, actors.SUSPENDED),
    "the state changes": lambda: changed(
        c.SetState(
            conversation_id=GROUP_ID,
            epoch=5,
            hash="z",
            state='{"conversation": "", "epoch": 5, "members": {}, "name": "", "icon": null,'
            ' "settings": {}, "successors": [], "predecessor": null, "prev": null}',
            title="",
            closed=False,
            activity_id=f"{GROUP}/state/5",
            published_at=NOW,
            at=NOW,
        )
    ),
}


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("name", WRITERS)
async def test_what_is_written_is_seen(name: str):
    rosters = Rosters()
    before = await read(rosters)

    await WRITERS[name]()

    after = await read(rosters)
    assert after == await read(Rosters())
    assert (after != before) is (name != "an account is suspended")


@pytest.mark.usefixtures("tools")
async def test_what_did_not_change_is_not_read_again():
    rosters = Rosters()
    before = await read(rosters)

    await changed(c.Touch(GROUP_ID, NOW, ""))

    assert await read(rosters) is before
    assert {ALICE, BOB} <= set(before.actors)


@pytest.mark.usefixtures("tools")
async def test_what_was_rolled_back_is_not_taken_for_what_was_written():
    rosters = Rosters()

    async def fail() -> None:
        async with transaction():
            await write([stands("https://new.test/u/nora")])
            await rosters.of(await conversations.by_id([GROUP_ID], held=True))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await changed(stands("https://new.test/u/olga"))

    assert await read(rosters) == await read(Rosters())


@pytest.mark.usefixtures("tools")
async def test_no_more_people_are_kept_than_may_be():
    rosters = Rosters(people_max=1)

    before = await read(rosters)

    assert await read(rosters) == before
    assert await read(rosters) is not before


def test_every_statement_that_changes_a_roster_gives_a_stamp():
    writing = {name: text for name, text in statements() if any(place in text for place in PLACES)}

    unstamped = {name for name, text in writing.items() if "stamp" not in text}

    assert ASIDE - {"storage.stamps.STAMP_PERSON"} == unstamped
    assert set(writing) > ASIDE

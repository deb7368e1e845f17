"""What is kept of a conversation's people is what the database holds, whatever has been written."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from federation.pipeline.load import load
from federation.pipeline.needs import Needs
from federation.pipeline.rosters import Kept, Rosters
from storage import actors, conversations, habits, invitations, logs
from storage import changes as c
from storage.database import transaction
from storage.write import write
from tests.storage.test_prepared import statements
from tests.support.home_town import ALICE, BOB, FRANK, GROUP, GROUP_ID, NOW

PLACES = tuple(f"UPDATE {table} " for table in ("membership", "member_span", "author_log"))
# What they change is in no roster.
ASIDE = {
    "storage.timelines.MOVE_MARK",
    "storage.stamps.STAMP_PERSON",
    *(
        f"storage.preferences.{name}"
        for name in ("MUTE", "UNMUTE", "PIN", "ARCHIVE", "MARK_UNREAD")
    ),
}


async def read(rosters: Rosters) -> Kept:
    """What is kept of the group; a new cache has what the database holds."""
    async with transaction():
        found = await rosters.of(await conversations.by_id([GROUP_ID], held=True))
    return found[GROUP_ID]


def stands(person: str, state: str = "joined") -> c.PutMembership:
    return c.PutMembership(GROUP_ID, person, local=False, role="member", state=state, at=NOW)


LOG = f"{BOB}/log/1"
ENTRY = c.NoteEntry(LOG, GROUP_ID, BOB, local=False, seq=1, activity_id=f"{BOB}/a/1", at=NOW)


async def after_opening(
    rosters: Rosters, *changes: c.Change, then: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Let a log be opened and read, and then be changed."""
    await changed(opened(BOB))
    await read(rosters)
    await changed(*changes)
    if then is not None:
        await then()


def opened(author: str) -> c.OpenLog:
    return c.OpenLog(f"{author}/log/1", GROUP_ID, author, local=False, at=NOW)


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


WRITERS: dict[str, Callable[[Rosters], Awaitable[object]]] = {
    "somebody comes": lambda _: changed(stands("https://new.test/u/nora")),
    "somebody goes": lambda _: changed(stands(BOB, "left")),
    "a span begins": lambda _: changed(c.OpenSpan(GROUP_ID, FRANK, 5)),
    "a span ends": lambda _: changed(c.CloseSpan(GROUP_ID, BOB, 5)),
    "an account ends": lambda _: changed(c.DeleteActor(BOB, "member.test", NOW)),
    "one of ours ends": lambda _: changed(c.DeleteOwnActor(ALICE, "", NOW)),
    "an invitation lapses": lambda _: invitations.expire(NOW + timedelta(days=400)),
    "somebody is unwilling": lambda _: habits.set_unwilling(GROUP_ID, ALICE, is_unwilling=True),
    "a profile changes": lambda _: refetched(),
    "a handle is confirmed": lambda _: actors.set_handle(BOB, "bobby", "member.test"),
    "an account is suspended": lambda _: actors.set_actor_state(ALICE, actors.SUSPENDED),
    "a log is opened": lambda _: changed(opened(BOB)),
    "an entry comes": lambda seen: after_opening(seen, ENTRY),
    "what is held is noted": lambda seen: after_opening(
        seen, ENTRY, c.KeepHeld(LOG, GROUP_ID, BOB, 1, (), 1, None, "", None)
    ),
    "a log ends": lambda seen: after_opening(seen, c.CloseLog(LOG, GROUP_ID, BOB, 3)),
    "an author is asked": lambda seen: after_opening(seen, then=lambda: logs.asked(LOG, NOW)),
    "entries are missing for long": lambda seen: after_opening(
        seen,
        c.KeepHeld(LOG, GROUP_ID, BOB, 1, (), 3, NOW, "", None),
        then=lambda: logs.say_missing(LOG, NOW),
    ),
    "the state changes": lambda _: changed(
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

    await WRITERS[name](rosters)

    after, held = await read(rosters), await read(Rosters())
    assert (after.roster, after.written) == (held.roster, held.written)
    is_seen = (after.roster, after.written) != (before.roster, before.written)
    assert is_seen is (name != "an account is suspended")


@pytest.mark.usefixtures("tools")
async def test_what_did_not_change_is_not_read_again():
    rosters = Rosters()
    before = await read(rosters)

    await changed(c.Touch(GROUP_ID, NOW, ""))

    after = await read(rosters)
    assert after.roster is before.roster
    assert after.written is before.written
    assert {ALICE, BOB} <= set(before.roster.actors)


@pytest.mark.usefixtures("tools")
async def test_what_was_rolled_back_is_not_taken_for_what_was_written():
    rosters = Rosters()

    async def fail() -> None:
        async with transaction():
            await write([stands("https://new.test/u/nora"), opened("https://new.test/u/nora")])
            await rosters.of(await conversations.by_id([GROUP_ID], held=True))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await changed(stands("https://new.test/u/olga"))

    after, held = await read(rosters), await read(Rosters())
    assert (after.roster, after.written) == (held.roster, held.written)


@pytest.mark.usefixtures("tools")
async def test_no_more_people_are_kept_than_may_be():
    rosters = Rosters(rows_max=1)

    before = await read(rosters)
    after = await read(rosters)

    assert after == before
    assert after.roster is not before.roster


@pytest.mark.usefixtures("tools")
async def test_what_is_known_of_a_group_itself_is_always_read():
    rosters = Rosters()
    needs = Needs(author=ALICE, subject=GROUP_ID, conversation_ids=frozenset({GROUP_ID}))
    async with transaction():
        before = await load([needs], rosters)

    await actors.set_actor_state(GROUP, actors.DELETED)

    async with transaction():
        after = await load([needs], rosters)
    assert not before.actors[GROUP].is_deleted
    assert after.actors[GROUP].is_deleted


def test_every_statement_that_changes_a_roster_gives_a_stamp():
    writing = {name: text for name, text in statements() if any(place in text for place in PLACES)}

    unstamped = {name for name, text in writing.items() if "stamp" not in text}

    assert ASIDE - {"storage.stamps.STAMP_PERSON"} == unstamped
    assert set(writing) > ASIDE

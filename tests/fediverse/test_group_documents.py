"""What a group's home shows to those who may see it, and how much of it to each."""

import pytest
from aiohttp import ClientResponse

from federation.groups.affiliations import read_members
from federation.protocol.actor import parse_conversation_actor
from storage.database import run, transaction
from storage.write import write
from tests.fediverse.conftest import Town
from tests.support import home_town as t
from tests.support.home_town import ALICE, BOB, DAN, DIRECT_CONTEXT, FRANK, GROUP, GROUP_ID, IVY

SET_STATE = "UPDATE conversation SET state = replace(state, $2, $3) WHERE id = $1"


async def body(answer: ClientResponse) -> dict:
    assert answer.status == 200, await answer.text()
    return await answer.json(content_type=None)


async def items(town: Town, path: str, asker: str = BOB) -> list:
    return (await body(await town.get(path, asker)))["orderedItems"]


async def test_the_actor_is_that_of_the_present_epoch(town: Town):
    document = await body(await town.get(f"/c/{GROUP_ID}", IVY))

    actor = parse_conversation_actor(document)
    assert actor.actor.uri == GROUP
    assert (document["chatEpoch"], document["name"]) == (4, "Book club")
    assert document["attributedTo"] == ALICE
    assert document["webfinger"] == f"{t.GROUP_NAME}@home.test"
    assert document["published"] == "2026-09-02T12:00:00.000Z"
    assert document["updated"] == "2026-09-02T12:01:10.000Z"


async def test_affiliations_and_actor_name_the_same_state(town: Town):
    actor = await body(await town.get(f"/c/{GROUP_ID}", BOB))
    document = await body(await town.get(f"/c/{GROUP_ID}/affiliations", BOB))

    assert read_members(document, GROUP) == {ALICE: "admin", BOB: "member"}
    assert document["chatState"] == actor["chatState"]


async def test_the_state_log_begins_with_the_askers_own_add(town: Town):
    head = await body(await town.get(f"/c/{GROUP_ID}/state", BOB))
    page = await body(await town.get(f"/c/{GROUP_ID}/state?after=0", BOB))
    later = await body(await town.get(f"/c/{GROUP_ID}/state?after=3", BOB))

    assert (head["totalItems"], head["first"]) == (2, f"{GROUP}/state?after=0")
    assert [each["chatEpoch"] for each in page["orderedItems"]] == [3, 4]
    assert [each["chatEpoch"] for each in later["orderedItems"]] == [4]
    assert "next" not in page


async def test_a_long_state_log_comes_in_pages(town: Town):
    async with transaction():
        await write([change for n in range(5, 141) for change in t.numbered_state(n, n)])

    first = await body(await town.get(f"/c/{GROUP_ID}/state?after=0", BOB))
    second = await body(await town.get(first["next"].removeprefix("https://home.test"), BOB))

    epochs = [each["chatEpoch"] for each in (*first["orderedItems"], *second["orderedItems"])]
    assert len(first["orderedItems"]) == 100
    assert epochs == list(range(3, 141))
    assert "next" not in second


async def test_context_is_what_arrived_since_the_invitation(town: Town):
    head = await body(await town.get(f"/c/{GROUP_ID}/context", BOB))

    found = await items(town, f"/c/{GROUP_ID}/context?after=0")
    assert found == [t.TWO, t.THREE, t.FOUR]
    assert (head["totalItems"], head["first"]) == (3, f"{GROUP}/context?after=0")
    assert head["contextHistory"] == f"{GROUP}/history"


async def test_history_holds_entries_and_changes_in_order_of_arrival(town: Town):
    head = await body(await town.get(f"/c/{GROUP_ID}/history", BOB))

    found = await items(town, f"/c/{GROUP_ID}/history?after=0")
    assert [each["id"] for each in found] == [
        f"{t.TWO}/create",
        f"{GROUP}/state/3",
        f"{t.THREE}/create",
        f"{GROUP}/state/4",
        f"{t.FOUR}/create",
    ]
    assert found[0] == t.create_document(t.TWO)
    assert head["totalItems"] == 5


@pytest.mark.parametrize(
    ("history", "found"),
    [
        ("joined", [t.THREE, t.FOUR]),
        ("invited", [t.TWO, t.THREE, t.FOUR]),
        ("shared", [t.ONE, t.TWO, t.THREE, t.FOUR]),
        ("who knows", [t.THREE, t.FOUR]),
    ],
)
async def test_the_history_setting_says_how_far_back(town: Town, history: str, found: list[str]):
    await run(SET_STATE, GROUP_ID, '"history": "invited"', f'"history": "{history}"')

    assert await items(town, f"/c/{GROUP_ID}/context?after=0") == found


async def test_every_page_leads_on_and_an_empty_one_is_the_end(town: Town):
    for shelf, count in (("context", 3), ("history", 5)):
        page = await body(await town.get(f"/c/{GROUP_ID}/{shelf}?after=0", BOB))
        end = await body(await town.get(page["next"].removeprefix("https://home.test"), BOB))

        assert len(page["orderedItems"]) == count
        assert end["orderedItems"] == []
        assert end["next"] == page["next"]


async def test_what_arrives_later_is_behind_the_cursor(town: Town):
    page = await body(await town.get(f"/c/{GROUP_ID}/history?after=0", BOB))
    note = t.SPACE.note("alice", "01K4N9")
    async with transaction():
        await write(t.said(note, 100, 5, epoch=4))

    found = await items(town, page["next"].removeprefix("https://home.test"))
    assert [each["id"] for each in found] == [f"{note}/create"]


async def test_a_long_history_is_read_to_its_end(town: Town):
    notes = [t.SPACE.note("alice", f"01K5{n:04}") for n in range(250)]
    async with transaction():
        for n, note in enumerate(notes):
            await write(t.said(note, 100 + n, 5 + n, epoch=4))

    found, path = [], f"/c/{GROUP_ID}/context?after=0"
    while page := await body(await town.get(path, BOB)):
        if not page["orderedItems"]:
            break
        assert len(page["orderedItems"]) <= 100
        found += page["orderedItems"]
        path = page["next"].removeprefix("https://home.test")

    assert found == [t.TWO, t.THREE, t.FOUR, *notes]


async def test_pages_of_what_one_may_not_read_are_passed_over(town: Town):
    notes = [t.SPACE.note("alice", f"01K5{n:04}") for n in range(150)]
    async with transaction():
        for n, note in enumerate(notes):
            await write(t.said(note, 100 + n, 5 + n, epoch=4))
        await write([*t.joined(FRANK, 5, 400, "")])
        await write(t.numbered_state(5, 400))
        await write(t.said(t.SPACE.note("alice", "01K6"), 500, 200, epoch=5))

    found = await items(town, f"/c/{GROUP_ID}/context?after=0", FRANK)
    rest = await body(await town.get(f"/c/{GROUP_ID}/context?after={t.RUN}.3.0", FRANK))

    assert found[:3] == [t.ONE, t.TWO, t.THREE]
    assert rest["orderedItems"][-1] == t.SPACE.note("alice", "01K6")


async def test_a_cursor_of_another_copy_of_the_database_is_gone(town: Town):
    for shelf in ("context", "history"):
        for cursor in (f"{'6' * 32}.1.1", "r7.1100", "1", ""):
            answer = await town.get(f"/c/{GROUP_ID}/{shelf}?after={cursor}", BOB)

            assert answer.status == 410


async def test_a_cursor_that_names_no_place_is_refused(town: Town):
    for cursor in (t.RUN, f"{t.RUN}.x.1", f"{t.RUN}.1.-1", f"{t.RUN}.1.1.1"):
        answer = await town.get(f"/c/{GROUP_ID}/history?after={cursor}", BOB)

        assert answer.status == 400
    assert (await town.get(f"/c/{GROUP_ID}/state?after=x", BOB)).status == 400


async def test_a_note_is_shown_with_context_and_without_proof(town: Town):
    note = await body(await town.get("/u/alice/n/01K4N4", BOB))
    create = await body(await town.get("/u/alice/n/01K4N4/create", BOB))

    document = t.create_document(t.FOUR)
    assert note == {"@context": document["@context"], **document["object"]}
    assert create == document


async def test_home_may_fetch_what_its_members_wrote_elsewhere(town: Town):
    await run("UPDATE conversation SET home_host = $2 WHERE id = $1", GROUP_ID, "stranger.test")

    assert (await town.get("/u/alice/n/01K4N1", t.SAM)).status == 200
    assert (await town.get("/u/alice/n/01K4N5", t.SAM)).status == 404


async def test_the_context_of_a_direct_conversation_is_empty_and_its_authors(town: Town):
    document = await body(await town.get("/u/alice/d/01K4N5", DAN))

    assert (document["id"], document["attributedTo"]) == (DIRECT_CONTEXT, ALICE)
    assert (document["type"], document["orderedItems"]) == ("OrderedCollection", [])


async def test_a_group_of_another_home_is_not_shown_here(town: Town):
    await run("UPDATE conversation SET is_home = FALSE WHERE id = $1", GROUP_ID)

    for path in ("", "/affiliations", "/state", "/context", "/history"):
        assert (await town.get(f"/c/{GROUP_ID}{path}", BOB)).status == 404

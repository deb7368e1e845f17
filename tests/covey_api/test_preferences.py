"""What somebody sets for a conversation is theirs alone, and the same on all their devices."""

from datetime import timedelta

import pytest

from federation.commands import end_account
from federation.commands.preferences import end_mutes
from federation.pipeline.uploads import ATTACHMENTS_MAX
from federation.protocol.timestamps import format_time
from federation.upkeep import reap
from federation.upkeep.reap import DRAFTS_FOR
from node.covey_api.documents import Document
from storage import media
from storage.database import fetch
from storage.times import to_ms
from tests.media.sharing import Sharer
from tests.support.api_node import START, ApiNode, Person
from tests.support.event_stream import listening

PDF = b"%PDF-1.7\nan agenda"


@pytest.fixture
async def room(ana: Person, bo: Person) -> str:
    made = await ana.start_group(bo, title="tea")
    await bo.post(f"/conversations/{made}/accept")
    return f"/conversations/{made}"


async def seen(person: Person, room: str) -> Document:
    document: Document = (await person.get(room)).body
    return document


async def test_what_one_person_sets_nobody_else_is_shown(
    ana: Person, bo: Person, room: str
) -> None:
    before = await seen(bo, room)

    arranged = await ana.call(
        "PATCH", f"{room}/preferences", {"pinned": True, "archived": True, "marked_unread": True}
    )
    muted = await ana.post(f"{room}/mute", mentions=True)
    await ana.call("PUT", f"{room}/draft", {"text": "half a wo"})

    assert arranged.status == muted.status == 200
    shown = await seen(ana, room)
    assert (shown["pinned"], shown["archived"], shown["marked_unread"]) == (True, True, True)
    assert (shown["muted"], shown["mutes_mentions"], shown["muted_until"]) == (True, True, None)
    assert shown["draft"]["text"] == "half a wo"
    assert await seen(bo, room) == before


async def test_what_is_not_named_stays_and_what_is_false_ends(ana: Person, room: str) -> None:
    await ana.call("PATCH", f"{room}/preferences", {"pinned": True, "marked_unread": True})

    await ana.call("PATCH", f"{room}/preferences", {"marked_unread": False})

    shown = await seen(ana, room)
    assert (shown["pinned"], shown["marked_unread"]) == (True, False)


async def test_what_is_put_away_comes_back_with_the_next_message_unless_it_is_muted(
    ana: Person, bo: Person, room: str
) -> None:
    await bo.say(room.rpartition("/")[2], "one")
    for person in (ana, bo):
        await person.call("PATCH", f"{room}/preferences", {"archived": True})
    await bo.post(f"{room}/mute")

    assert [(await seen(person, room))["archived"] for person in (ana, bo)] == [True, True]
    await bo.say(room.rpartition("/")[2], "two")

    assert [(await seen(person, room))["archived"] for person in (ana, bo)] == [False, True]


async def test_reading_ends_the_mark_that_was_set_by_hand(
    ana: Person, bo: Person, room: str
) -> None:
    said = await bo.say(room.rpartition("/")[2], "one")
    await ana.post(f"{room}/read", up_to=said["id"])
    await ana.call("PATCH", f"{room}/preferences", {"marked_unread": True})

    await ana.post(f"{room}/read", up_to=said["id"])

    shown = await seen(ana, room)
    assert (shown["marked_unread"], shown["unread"]) == (False, 0)


async def test_a_mute_for_a_time_ends_and_other_devices_hear_of_it(ana: Person, room: str) -> None:
    until = START + timedelta(hours=8)
    muted = (await ana.post(f"{room}/mute", until=format_time(until))).body
    assert (muted["muted"], muted["muted_until"]) == (True, format_time(until))

    assert await end_mutes(until - timedelta(seconds=1)) == 0
    async with listening(ana) as stream:
        assert await end_mutes(until) == 1
        told = await stream.next("conversation")

    assert (told.data["muted"], told.data["muted_until"]) == (False, None)
    assert await end_mutes(until) == 0


async def test_a_draft_is_told_to_other_devices_and_forgotten_when_it_is_empty(
    ana: Person, bo: Person, room: str
) -> None:
    said = await bo.say(room.rpartition("/")[2], "one")
    draft = {"text": "two", "reply_to": said["id"], "media_ids": []}

    async with listening(ana) as stream:
        kept = await ana.call("PUT", f"{room}/draft", draft)
        told = await stream.next("conversation")

    assert kept.status == 204
    assert {name: told.data["draft"][name] for name in draft} == draft
    await ana.call("PUT", f"{room}/draft", draft | {"text": "three"})
    assert (await seen(ana, room))["draft"]["text"] == "three"
    await ana.call("PUT", f"{room}/draft", {"text": " "})
    assert (await seen(ana, room))["draft"] is None
    await ana.call("PUT", f"{room}/draft", draft)
    assert (await ana.call("DELETE", f"{room}/draft")).status == 204
    assert (await seen(ana, room))["draft"] is None


async def test_a_draft_is_forgotten_when_it_is_sent_from_wherever(ana: Person, room: str) -> None:
    sent = (await Sharer(ana).uploaded(PDF))["id"]
    draft = {"text": "two\n", "media_ids": [sent]}
    await ana.call("PUT", f"{room}/draft", draft)

    async with listening(ana) as stream:
        posted = await ana.post(f"{room}/messages", text="two", media_ids=[sent])
        told = await stream.next("conversation")

    assert posted.status == 201
    assert told.data["draft"] is None
    assert (await seen(ana, room))["draft"] is None


async def test_when_a_draft_was_given_up_is_told(ana: Person, bo: Person, room: str) -> None:
    assert (await seen(ana, room))["draft_updated"] is None

    await ana.call("PUT", f"{room}/draft", {"text": "two"})
    begun = (await seen(ana, room))["draft_updated"]
    assert begun == (await seen(ana, room))["draft"]["updated"]
    await ana.call("DELETE", f"{room}/draft")
    ended = (await seen(ana, room))["draft_updated"]
    assert ended >= begun
    await ana.call("DELETE", f"{room}/draft")

    assert (await seen(ana, room))["draft_updated"] == ended
    assert (await seen(bo, room))["draft_updated"] is None


@pytest.mark.parametrize("other", [{"text": "three"}, {"text": "two", "media_ids": "own"}])
async def test_a_draft_that_says_something_else_stays(
    ana: Person, room: str, other: dict[str, object]
) -> None:
    if "media_ids" in other:
        other = other | {"media_ids": [(await Sharer(ana).uploaded(PDF))["id"]]}
    await ana.call("PUT", f"{room}/draft", other)

    await ana.say(room.rpartition("/")[2], "two")

    assert (await seen(ana, room))["draft"]["text"] == other["text"]


async def test_a_file_that_leaves_its_draft_waits_a_day_to_be_sent(ana: Person, room: str) -> None:
    sent, unsent = [(await Sharer(ana).uploaded(PDF))["id"] for _ in range(2)]
    await ana.call("PUT", f"{room}/draft", {"media_ids": [sent, unsent]})
    old = to_ms(START - timedelta(days=3))
    await fetch("UPDATE media SET created_at = $1 RETURNING id", old)

    await ana.call("PUT", f"{room}/draft", {})
    assert await media.reap(START - timedelta(days=1)) == 0
    posted = await ana.post(f"{room}/messages", text="two", media_ids=[sent])

    assert posted.status == 201
    assert await media.reap(START + timedelta(days=1)) == 1
    assert [row["id"] for row in await media.by_id([sent, unsent])] == [sent]


async def test_a_draft_takes_files_along_with_their_words(ana: Person, room: str) -> None:
    files = Sharer(ana)
    menu, list_ = [await files.uploaded(description=words) for words in ("Menu", "List")]
    ids = [list_["id"], menu["id"]]

    kept = await ana.call("PUT", f"{room}/draft", {"media_ids": ids})
    await ana.call("PUT", f"/media/{menu['id']}/description", {"description": "The menu"})

    draft = (await seen(ana, room))["draft"]
    assert kept.status == 204
    assert (draft["text"], draft["media_ids"]) == ("", ids)
    assert draft["media"] == [list_, menu | {"description": "The menu"}]
    listed = (await ana.get("/conversations")).items
    assert [one["draft"] for one in listed] == [draft]
    await ana.call("PUT", f"{room}/draft", {"media_ids": ids[:1]})
    assert (await seen(ana, room))["draft"]["media_ids"] == ids[:1]
    await ana.call("PUT", f"{room}/draft", {})
    assert (await seen(ana, room))["draft"] is None


async def test_a_file_that_is_sent_or_gone_is_no_part_of_a_draft(ana: Person, room: str) -> None:
    files = Sharer(ana)
    sent, gone, left = [(await files.uploaded())["id"] for _ in range(3)]
    put = {"text": "two", "media_ids": [sent, gone, left]}
    assert (await ana.call("PUT", f"{room}/draft", put)).status == 204

    await files.posted(room.rpartition("/")[2], sent)
    await fetch("DELETE FROM media WHERE id = $1 RETURNING id", gone)

    assert (await seen(ana, room))["draft"]["media_ids"] == [left]
    assert (await ana.call("PUT", f"{room}/draft", put | {"text": "three"})).status == 204
    draft = (await seen(ana, room))["draft"]
    assert (draft["text"], draft["media_ids"]) == ("three", [left])
    await ana.call("PUT", f"{room}/draft", {"media_ids": [left]})
    await fetch("DELETE FROM media WHERE id = $1 RETURNING id", left)
    assert (await seen(ana, room))["draft"] is None


async def test_a_draft_takes_nobody_elses_file_along(ana: Person, bo: Person, room: str) -> None:
    theirs, own = (await Sharer(bo).uploaded())["id"], (await Sharer(ana).uploaded())["id"]
    await ana.call("PUT", f"{room}/draft", {"text": "before"})

    refused = [
        await ana.call("PUT", f"{room}/draft", {"text": "x", "media_ids": ids})
        for ids in ([theirs], [own, theirs], ["0" * 26], ["nonsense"])
    ]

    assert {answer.status for answer in refused} == {422}
    assert len({answer.body["detail"] for answer in refused}) == 1
    assert (await seen(ana, room))["draft"]["text"] == "before"


async def test_a_draft_takes_as_many_files_along_as_a_message_shows(ana: Person, room: str) -> None:
    ids = [(await Sharer(ana).uploaded(b"a text"))["id"] for _ in range(ATTACHMENTS_MAX + 1)]

    for some, status in ((ids[1:], 204), (ids, 422), ([ids[0], ids[0]], 422)):
        answer = await ana.call("PUT", f"{room}/draft", {"media_ids": some})
        assert answer.status == status
    assert (await seen(ana, room))["draft"]["media_ids"] == ids[1:]


async def test_drafts_end_with_their_account(
    node: ApiNode, ana: Person, bo: Person, room: str
) -> None:
    for person in (ana, bo):
        await person.call("PUT", f"{room}/draft", {"text": "two"})

    await end_account.delete("bo", new_id=node.desk.entropy.new_id, now=START)

    assert [row["actor_uri"] for row in await fetch("SELECT actor_uri FROM draft")] == [ana.uri]


async def test_an_old_draft_is_forgotten(ana: Person, room: str) -> None:
    await ana.call("PUT", f"{room}/draft", {"text": "two"})

    await reap.run_once(START + DRAFTS_FOR - timedelta(hours=1), timedelta(days=30))
    assert len(await fetch("SELECT id FROM draft")) == 1
    await reap.run_once(START + DRAFTS_FOR + timedelta(hours=1), timedelta(days=30))
    assert await fetch("SELECT id FROM draft") == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "mute", {"until": "tomorrow"}),
        ("POST", "mute", {"until": "2020-01-01T00:00:00Z"}),
        ("POST", "mute", {"mentions": "yes"}),
        ("PATCH", "preferences", {"pinned": 1}),
        ("PATCH", "preferences", {"pinned": True, "archived": "x"}),
        ("PUT", "draft", {"text": "x" * 20_001}),
        ("PUT", "draft", {"text": "x", "reply_to": "y" * 27}),
        ("PUT", "draft", {"text": "x", "media_ids": ["y"] * 17}),
        ("PUT", "draft", {"text": "x", "media_ids": "y"}),
    ],
)
async def test_what_cannot_be_meant_changes_nothing(
    ana: Person, room: str, method: str, path: str, body: dict[str, object]
) -> None:
    before = await seen(ana, room)

    answer = await ana.call(method, f"{room}/{path}", body)

    assert (answer.status, answer.word) == (422, "unprocessable")
    assert await seen(ana, room) == before


async def test_an_outsider_sets_nothing(cy: Person, room: str) -> None:
    answers = [
        await cy.post(f"{room}/mute"),
        await cy.call("DELETE", f"{room}/mute"),
        await cy.call("PATCH", f"{room}/preferences", {"pinned": True}),
        await cy.call("PUT", f"{room}/draft", {"text": "x"}),
        await cy.call("DELETE", f"{room}/draft"),
    ]

    assert {answer.status for answer in answers} == {404}
    assert await fetch("SELECT id FROM draft") == []

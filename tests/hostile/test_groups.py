"""Group G of the corpus, at a home of ours: members alone are heard in a group, and once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from federation.protocol.signature.parsed import Request
from federation.protocol.timestamps import format_time
from tests.hostile.cast import ADA, ALICE, EVE, PUBLIC, Actor, now
from tests.hostile.gathering import Seat, joins, seat
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial
from tests.hostile.wire import plain
from tests.support.person import Room

MEMBERS = ("actor", "remote_key", "repair", "delivery", "state_link", "group_request", "invitation")


async def shown_to(trial: Trial, group: str) -> dict[str, list[str]]:
    """What Lena and Otto read in a group."""
    room = Room(uri=group)
    return {one.name: await one.texts(room) for one in (trial.stage.lena, trial.stage.otto)}


@pytest.mark.parametrize("by", [ADA, ALICE], ids=["aware", "unaware"])
@pytest.mark.parametrize("is_addressed", ["addressed", "not addressed"])
async def test_g01_a_message_by_a_non_member(trial: Trial, by: Actor, is_addressed: str):
    member = await seat(trial, "g01")
    outsider = Seat(trial.stage, by, member.group, member.conversation_id, f"{by.uri}/log/g01")
    to = [trial.stage.lena.uri, trial.stage.otto.uri]
    to += [member.group] if is_addressed == "addressed" else []
    trial.has_an_effect()
    create = outsider.says("from outside", to=to)
    if not by.is_aware:
        create = {k: v for k, v in create.items() if not k.startswith("chat") and k != "proof"}
    status = await trial.status_of(by.post(create))

    await trial.stage.idle()
    assert status == (403 if by.is_aware else 202)
    assert await shown_to(trial, member.group) == {"lena": [], "otto": []}
    if by.is_aware or is_addressed == "addressed":
        await trial.shows_nothing(create)
    assert [one for one in trial.stage.peer.tape[-5:] if b"from outside" in one.raw] == []


@pytest.mark.parametrize("how", ["removed", "banned"])
async def test_g02_a_message_by_a_member_just_removed(trial: Trial, how: str):
    stage = trial.stage
    member = await seat(trial, "g02")
    early, late = member.says("early"), member.says("late, and still counted")
    beyond = member.says("beyond the head")
    assert await member.posts(early) == 202
    assert await member.posts(beyond) == 202
    await stage.idle()
    room, acct = Room(uri=member.group), member.actor.acct
    query = "?ban=true" if how == "banned" else ""
    conversation = (await stage.lena.see(room))["id"]
    await stage.lena.must("DELETE", f"/conversations/{conversation}/members/{acct}{query}")
    await stage.idle()
    trial.begin()
    trial.has_an_effect()
    trial.may_change(*MEMBERS, "tombstone")

    assert await trial.status_of(member.actor.post(member.says("of a later epoch"))) == 403
    epoch = member.state()[0]
    old = member.says("of an older epoch", chatEpoch=epoch - 1)
    assert await trial.status_of(member.actor.post(old)) == 403
    elsewhere = member.says(
        "in another log", chatEpoch=epoch - 1, chatLog=f"{member.log}x", chatSeq=1
    )
    assert await trial.status_of(member.actor.post(elsewhere)) == 403
    # (c) An entry up to the head that the home has named.
    assert await trial.status_of(member.actor.post(late)) == 202
    await stage.idle()
    assert (await shown_to(trial, member.group))["otto"] == [
        "early",
        "late, and still counted",
        "beyond the head",
    ]
    # (d) A Delete of an earlier message counts.
    gone = {"id": early["object"]["id"], "type": "Tombstone", "formerType": "Note"}
    delete = member.actor.activity("Delete", gone, to=early["to"], context=member.context)
    assert await trial.status_of(member.actor.post(member.actor.proven(delete))) == 202
    await stage.idle()
    assert "early" not in (await shown_to(trial, member.group))["otto"]


async def test_g03_an_audience_that_is_widened(trial: Trial):
    stage = trial.stage
    member = await seat(trial, "g03")
    trial.has_an_effect()
    trial.may_change(*MEMBERS)
    create = member.says(to=[stage.lena.uri, stage.otto.uri, EVE.uri, member.group])
    await trial.send(member.actor.post(create))

    await trial.shows_once(create)
    assert trial.fetched(EVE.host) == []
    (shown,) = await stage.otto.messages(Room(uri=member.group))
    assert EVE.acct in str(shown)
    assert EVE.acct not in await stage.otto.roles(Room(uri=member.group))


async def test_g04_an_audience_that_is_narrowed(trial: Trial):
    stage = trial.stage
    member = await seat(trial, "g04")
    trial.has_an_effect()
    create = member.says("to Lena", to=[stage.lena.uri, member.group])
    await trial.send(member.actor.post(create))

    await trial.shows_once(create)
    assert await shown_to(trial, member.group) == {"lena": ["to Lena"], "otto": ["to Lena"]}
    entries = stage.rows("SELECT seq FROM log_entry WHERE log_uri = ?", member.log)
    assert [row["seq"] for row in entries] == [1]


async def test_g06_a_membership_change_without_the_right(trial: Trial):
    stage = trial.stage
    member = await seat(trial, "g06")
    other = Actor("https://b.test/c/g06", is_aware=True)
    introduce(stage.peer, other)
    before = await stage.lena.roles(Room(uri=member.group))
    relationship = {"type": "Relationship", "subject": EVE.uri, "relationship": "member"}
    relationship |= {"object": member.group}
    trial.has_an_effect()
    trial.may_change(*MEMBERS)
    for by in (member.actor, other, ADA):
        add = by.activity(
            "Add", relationship, to=[member.group], target=f"{member.group}/affiliations"
        )
        await trial.send(by.post(by.proven(add)))
    await stage.idle()

    assert await stage.lena.roles(Room(uri=member.group)) == before
    rejects = [one for one in stage.peer.asked("b.test") if one.type == "Reject"]
    assert member.group in {one.document["actor"] for one in rejects}


async def test_g10_unsigned_reads_of_a_group(trial: Trial):
    member = await seat(trial, "g10")
    await trial.stage.lena.say(Room(uri=member.group), "not for strangers")
    await trial.stage.idle()
    trial.begin()
    unknown = await trial.stage.send(reading("/c/01K4B0000000000000000000ZZ"))
    for path in paths_of(trial, member):
        for kind in ("application/activity+json", "application/ld+json", "*/*", "application/json"):
            answer = await trial.send(reading(path, kind))
            assert b"not for strangers" not in answer.body
            assert b"G g10" not in answer.body
            if kind != "*/*":
                assert answer.body == unknown.body


def paths_of(trial: Trial, member: Seat) -> list[str]:
    """Everything there is to read of a group."""
    group = member.group.removeprefix("https://home.test")
    (note,) = trial.stage.rows(
        "SELECT uri FROM message WHERE conversation_id = ? AND uri LIKE '%home.test%'"
        " ORDER BY t DESC LIMIT 1",
        member.conversation_id,
    )
    (log,) = trial.stage.rows(
        "SELECT uri AS log FROM author_log WHERE conversation_id = ? AND author_uri = ?",
        member.conversation_id,
        trial.stage.lena.uri,
    )
    tails = ("", "/affiliations", "/context", "/history", "/state", "/context?after=0")
    own = [note["uri"], f"{log['log']}?after=0"]
    return [*(group + tail for tail in tails), *(x.removeprefix("https://home.test") for x in own)]


def reading(path: str, kind: str = "application/activity+json") -> Request:
    """A request without signature."""
    return plain("GET", path, {"Accept": kind})


async def test_g11_signed_reads_without_the_right(trial: Trial):
    stage = trial.stage
    member = await seat(trial, "g11")
    fred = Actor("https://former.test/u/fred", is_aware=True)
    introduce(stage.peer, fred)
    former = await joins(stage, fred, Room(uri=member.group))
    path = f"/conversations/{(await stage.lena.see(Room(uri=member.group)))['id']}"
    await stage.lena.must("DELETE", f"{path}/members/{former.actor.acct}")
    await stage.lena.say(Room(uri=member.group), "after the removal")
    await stage.idle()
    server = Actor("https://b.test/actor", is_aware=True, other={"type": "Application"})
    for actor in (server, Actor("https://evil.test/actor", other={"type": "Application"})):
        introduce(stage.peer, actor)
    trial.begin()
    trial.may_change("actor", "remote_key")
    stranger = Actor("https://evil.test/actor")
    log = paths_of(trial, member)[-1]
    for target in paths_of(trial, member):
        for by in (EVE, stranger, former.actor):
            answer = await trial.send(by.get(target))
            assert b"after the removal" not in answer.body
            may_see = by is former.actor and (target == log or target.endswith(member.group[-26:]))
            assert answer.status == 404 or may_see
        answer = await trial.send(server.get(target))
        assert answer.status == 200, target


async def test_g12_a_member_reads_a_message(trial: Trial):
    member = await seat(trial, "g12")
    await trial.stage.lena.say(Room(uri=member.group), "for members")
    await trial.stage.idle()
    trial.begin()
    answer = await trial.send(member.actor.get(paths_of(trial, member)[-2]))

    assert b"for members" in answer.body
    assert "no-store" in answer.headers["cache-control"]
    assert "private" in answer.headers["cache-control"]
    assert "Signature" in answer.headers["vary"]


@pytest.mark.parametrize("spelling", [PUBLIC, "as:Public", "Public"])
async def test_g14_a_reply_marked_public(trial: Trial, spelling: str):
    stage = trial.stage
    member = await seat(trial, "g14")
    trial.has_an_effect()
    create = member.says(
        "seen by all?", to=[stage.lena.uri, stage.otto.uri, member.group, spelling]
    )
    await trial.send(member.actor.post(create))

    await trial.shows_once(create)
    (row,) = stage.rows("SELECT * FROM message WHERE uri = ?", create["object"]["id"])
    assert row["conversation_id"] == member.conversation_id
    for path in ("/", "/u/lena", "/u/otto", "/u/otto/outbox", f"/m/{row['id']}"):
        assert b"seen by all?" not in (await stage.send(reading(path, "text/html"))).body
    assert not any(b"seen by all?" in one.raw for one in stage.peer.tape[-9:])


async def test_g15_a_hashtag_and_an_outsider(trial: Trial):
    stage = trial.stage
    member = await seat(trial, "g15")
    tags = [
        {"type": "Hashtag", "name": "#secret", "href": "https://b.test/tags/secret"},
        {"type": "Mention", "href": EVE.uri, "name": f"@{EVE.acct}"},
        {"type": "Mention", "href": stage.otto.uri, "name": f"@{stage.otto.acct}"},
    ]
    trial.has_an_effect()
    create = member.says("about #secret", note={"tag": tags})
    await trial.send(member.actor.post(create))

    await trial.shows_once(create)
    assert trial.fetched(EVE.host) == []
    for path in ("/tags/secret", "/search?q=secret", "/explore/secret"):
        assert (await stage.send(reading(path, "text/html"))).status == 404


async def test_g20_a_page_of_hidden_messages(trial: Trial):
    stage = trial.stage
    member = await seat(trial, "g20")
    room = Room(uri=member.group)
    await stage.lena.say(room, "first")
    for n in range(100):
        assert await member.posts(member.says(f"hidden {n}")) == 202
    await stage.idle()
    await stage.lena.say(room, "last")
    await stage.otto.block(member.actor.acct)
    await stage.idle()
    trial.begin()

    assert [text for text in await stage.otto.texts(room) if text] == ["first", "last"]
    # A client that takes ten at a time gets to the beginning.
    path = f"/conversations/{(await stage.otto.see(room))['id']}/messages?limit=10"
    page, seen = (await stage.otto.must("GET", path))["items"], []
    while page:
        seen = [one["text"] for one in page if one["text"]] + seen
        page = (await stage.otto.must("GET", f"{path}&before={page[0]['id']}"))["items"]
    assert seen == ["first", "last"]


@pytest.mark.parametrize("is_aware", ["aware", "unaware"])
async def test_g28_a_message_from_the_future(trial: Trial, is_aware: str):
    stage = trial.stage
    ahead = format_time(now() + timedelta(minutes=10))
    if is_aware == "aware":
        member = await seat(trial, "g28")
        create = member.says(published=ahead, note={"published": ahead})
        answer = await trial.send(member.actor.post(create))
        assert (answer.status, answer.headers["retry-after"]) == (400, "180")
        return
    trial.has_an_effect()
    create = ALICE.create(stage.otto.uri, published=ahead) | {"published": ahead}
    assert await trial.status_of(ALICE.post(create)) == 202
    await trial.shows_once(create)
    (row,) = stage.rows("SELECT t FROM message WHERE uri = ?", create["object"]["id"])
    assert row["t"] / 1000 < now().timestamp() + 1


async def test_g29_one_number_and_two_messages(trial: Trial):
    stage = trial.stage
    member = await seat(trial, "g29")
    trial.has_an_effect()
    trial.may_change("author_log")
    one = member.says("one story")
    two = member.says("another story", chatSeq=1, chatPrev=None)
    for document in (one, two):
        await trial.send(member.actor.post(document))
        await trial.shows_once(document)

    assert sorted((await shown_to(trial, member.group))["otto"]) == ["another story", "one story"]
    (log,) = stage.rows("SELECT * FROM author_log WHERE uri = ?", member.log)
    assert log["trouble"]


async def test_g34_an_honest_group_message(trial: Trial):
    stage = trial.stage
    member = await seat(trial, "g34")
    trial.has_an_effect()
    create = member.says("honestly")
    for _ in range(3):
        await trial.send(member.actor.post(create))
    await trial.shows_once(create)

    assert await shown_to(trial, member.group) == {"lena": ["honestly"], "otto": ["honestly"]}
    (row,) = stage.rows("SELECT id FROM message WHERE uri = ?", create["object"]["id"])
    events: list[Mapping[str, Any]] = stage.rows(
        "SELECT account_uri FROM event WHERE message_id = ? AND type = 'message'", row["id"]
    )
    assert sorted(one["account_uri"] for one in events) == [stage.lena.uri, stage.otto.uri]

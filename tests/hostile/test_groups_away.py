"""Group G of the corpus, at a home elsewhere: a chained, proven state counts, and only that."""

import asyncio
from typing import Any

import pytest

from federation.groups import chain
from federation.protocol.build import state_change
from federation.protocol.build.state_change import Answered
from federation.protocol.vocabulary import CONTEXT
from tests.hostile.cast import ADA, EVE, Actor, body_of, now
from tests.hostile.gathering import AwayGroup, Seat, away_group, invitation, seat
from tests.hostile.peer import told
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial
from tests.support.gate import Exchange
from tests.support.person import Room

# What a node learns and asks for when a group elsewhere does something.
AWAY = ("actor", "remote_key", "repair", "delivery", "state_link", "invitation", "group_request")


@pytest.fixture
def trial(fresh: Trial) -> Trial:
    """A node of its own for each: what follows a group elsewhere goes on when the case is over."""
    return fresh


async def as_seen(trial: Trial, group: AwayGroup) -> tuple[str, dict[str, str]]:
    """Title and roles of a group as Lena sees them."""
    seen = await trial.stage.lena.see(group.room)
    return seen["title"], await trial.stage.lena.roles(group.room)


def seat_in(group: AwayGroup, actor: Actor) -> Seat:
    """The place of a member of a group elsewhere."""
    (row,) = group.stage.rows("SELECT id FROM conversation WHERE uri = ?", group.home.uri)
    return Seat(group.stage, actor, group.home.uri, row["id"], f"{actor.uri}/log/away")


async def test_v07_an_update_of_a_group_by_somebody_else(trial: Trial):
    ben = Actor("https://b.test/u/ben", is_aware=True)
    group = await away_group(trial, members=[ben])
    other = Actor("https://b.test/c/v07", is_aware=True)
    introduce(trial.stage.peer, other)
    before = await as_seen(trial, group)
    trial.has_an_effect()
    trial.may_change(*AWAY)
    for by in (ben, group.founder, other, ADA):
        object_ = {"id": group.home.uri, "type": "Group", "name": "Taken", "attributedTo": by.uri}
        for to in ([group.home.uri], [trial.stage.lena.uri]):
            update = by.activity("Update", object_, to=to) | {"@context": CONTEXT}
            await trial.send(by.post(by.proven(update)))

    await trial.stage.idle()
    assert await as_seen(trial, group) == before


async def test_v07_an_update_of_our_group_by_a_plain_member(trial: Trial):
    member = await seat(trial, "v07")
    object_ = {"id": member.group, "type": "Group", "name": "Taken"}
    update = member.actor.activity("Update", object_, to=[member.group]) | {"@context": CONTEXT}
    trial.has_an_effect()
    trial.may_change(*AWAY)
    await trial.send(member.actor.post(member.actor.proven(update)))

    await trial.stage.idle()
    assert (await trial.stage.lena.see(Room(uri=member.group)))["title"].startswith("G v07")


async def test_v06_a_move_of_a_member(trial: Trial):
    member = await seat(trial, "v06")
    old = member.actor
    new = Actor(f"{old.uri}-new", is_aware=True, other={"alsoKnownAs": [old.uri]})
    introduce(trial.stage.peer, new)
    before = await trial.stage.lena.roles(Room(uri=member.group))
    trial.has_an_effect()
    trial.may_change(*AWAY, "departure")
    move = old.activity("Move", old.uri, target=new.uri) | {"@context": CONTEXT}
    await trial.send(old.post(old.proven(move)))
    await trial.stage.idle()
    moved = Seat(trial.stage, new, member.group, member.conversation_id, f"{new.uri}/log")
    answer = await trial.stage.send(new.post(moved.says("let me in")))

    assert answer.status == 403
    await trial.stage.idle()
    assert await trial.stage.lena.roles(Room(uri=member.group)) == before
    assert await trial.stage.lena.texts(Room(uri=member.group)) == []


async def test_g06_elsewhere_only_home_changes_the_members(trial: Trial):
    ben = Actor("https://b.test/u/ben", is_aware=True)
    group = await away_group(trial, members=[ben])
    before = await as_seen(trial, group)
    made = group.added(EVE.uri)
    trial.has_an_effect()
    trial.may_change(*AWAY)
    for by in (ben, group.founder, ADA):
        forged = {key: value for key, value in made.items() if key != "proof"}
        forged |= {"actor": by.uri, "id": by.new_id()}
        await trial.send(by.post(by.proven(forged)))

    await trial.stage.idle()
    assert await as_seen(trial, group) == before


async def test_g08_an_add_without_consent(trial: Trial):
    stage = trial.stage
    founder = Actor("https://evil.test/u/g08", is_aware=True)
    group = AwayGroup(stage, founder, Actor("https://evil.test/c/g08", is_aware=True))
    introduce(stage.peer, founder)
    group.found()
    add = group.added(
        stage.otto.uri, basis=[Answered(f"{stage.otto.uri}/a/x", "Accept", stage.otto.uri)]
    )
    trial.has_an_effect()
    trial.may_change(*AWAY)
    await trial.send(group.home.post(add))

    await stage.idle()
    assert await stage.otto.state_in(group.room) != "joined"
    rejects = [one.document for one in stage.peer.asked("evil.test") if one.type == "Reject"]
    assert add["id"] in str(rejects)


async def test_g08_a_flood_of_invitations(fresh: Trial):
    stage = fresh.stage
    founder = Actor("https://evil.test/u/g08", is_aware=True)
    introduce(stage.peer, founder)
    statuses = []
    fresh.has_an_effect()
    fresh.may_change(*AWAY)
    for n in range(40):
        group = AwayGroup(stage, founder, Actor(f"https://evil.test/c/g08-{n}", is_aware=True))
        group.found()
        statuses.append(await fresh.status_of(founder.post(invitation(group, stage.otto.uri))))
        await stage.idle()

    invited = [*await stage.otto.rooms("invited"), *await stage.otto.rooms("requests")]
    assert len([one for one in invited if "evil.test" in str(one)]) <= 21
    assert 429 in statuses


async def test_g24_two_states_for_one_epoch(trial: Trial):
    stage = trial.stage
    ben = Actor("https://b.test/u/ben", is_aware=True)
    group = await away_group(trial, members=[ben])
    trial.has_an_effect()
    trial.may_change(*AWAY)
    base = group.now
    first = group.added(ADA.uri)
    state = chain.with_role(base, EVE.uri, "member")
    second = group.home.proven(
        state_change.add(
            state.to_json(),
            subject=EVE.uri,
            basis=(),
            change_id=f"{group.home.uri}/state/{state.epoch}-b",
            published=now(),
        )
    )
    for document in (first, second):
        await trial.send(group.home.post(document))
        await stage.idle()
    third = group.added("https://b.test/u/third")
    await trial.send(group.home.post(third))
    await stage.idle()

    seen = await stage.lena.see(group.room)
    roles = await stage.lena.roles(group.room)
    assert seen["disputed"]
    assert ADA.acct in roles
    assert EVE.acct not in roles
    assert "third@b.test" not in roles
    place = seat_in(group, ben)
    create = place.says("we talk on", to=[stage.lena.uri, group.home.uri], chatEpoch=base.epoch)
    assert (await stage.send(ben.post(create))).status == 202
    await trial.shows_once(create)


FORGED = ("an admin", "another actor", "a wrong prev", "a wrong state")


@pytest.mark.parametrize("how", FORGED)
async def test_g26_a_forged_state_change(trial: Trial, how: str):
    stage = trial.stage
    group = await away_group(trial)
    before = await as_seen(trial, group)
    state = chain.with_role(group.now, EVE.uri, "member")
    made: dict[str, Any] = state_change.add(
        state.to_json(),
        subject=EVE.uri,
        basis=(),
        change_id=f"{group.home.uri}/state/{state.epoch}",
        published=now(),
    )
    by = group.home
    if how == "an admin":
        by = group.founder
    if how == "another actor":
        by = Actor("https://b.test/c/g26", is_aware=True)
        introduce(stage.peer, by)
    if how == "a wrong prev":
        made["chatPrevState"] = group.states[0].hash
    if how == "a wrong state":
        made["chatState"] = group.states[0].hash
    if by is not group.home:
        made |= {"actor": by.uri, "id": by.new_id()}
    trial.has_an_effect()
    trial.may_change(*AWAY)
    await trial.send(by.post(by.proven(made)))
    await stage.idle()

    assert await as_seen(trial, group) == before


async def test_g18_an_endless_gap(fresh: Trial):
    stage = fresh.stage
    member = await seat(fresh, "g18")
    sent = [member.says(f"number {n}") for n in range(1, 6)]
    pages = 0

    async def log(exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        nonlocal pages
        pages += 1
        after = int(exchange.target.partition("after=")[2] or 0)
        held = [one for one in sent if one["chatSeq"] > after]
        stubs = [{"type": "Tombstone", "chatSeq": after + n} for n in range(1, 101)]
        page = {
            "@context": CONTEXT,
            "id": f"{member.log}?after={after}",
            "type": "OrderedCollectionPage",
            "partOf": member.log,
            "attributedTo": member.actor.uri,
            "orderedItems": held or stubs,
            "next": f"{member.log}?after={max(5, after + 100)}",
        }
        await told(body=body_of(page))(exchange, writer)

    stage.peer.act("b.test", member.log.removeprefix("https://b.test"), log)
    fresh.has_an_effect()
    fresh.may_change(*AWAY)
    for number in (0, 1, 4):
        assert await fresh.status_of(member.actor.post(sent[number])) == 202
    await stage.idle()
    stage.advance(seconds=11)
    await stage.idle()

    texts = await stage.otto.texts(Room(uri=member.group))
    assert texts == [f"number {n}" for n in range(1, 6)]
    assert pages <= 50


async def test_g30_a_log_with_foreign_items(fresh: Trial):
    stage = fresh.stage
    member = await seat(fresh, "g30")
    mine = [member.says(f"mine {n}") for n in (1, 2, 3, 4)]
    other = Seat(stage, ADA, member.group, member.conversation_id, f"{ADA.uri}/log/g30")
    elsewhere = Seat(
        stage, member.actor, "https://b.test/c/none", member.conversation_id, member.log, 2
    )
    foreign = [
        other.says("by Ada", chatLog=member.log, chatSeq=2),
        elsewhere.says("of another conversation", chatSeq=2),
        {**member.says("without proof", chatSeq=2), "proof": None},
        member.says("another origin", chatSeq=2) | {"id": "https://evil.test/a/1"},
        {"type": "Tombstone", "chatSeq": 2, "id": mine[0]["id"]},
    ]
    page = {
        "@context": CONTEXT,
        "id": f"{member.log}?after=1",
        "type": "OrderedCollectionPage",
        "partOf": member.log,
        "attributedTo": member.actor.uri,
        "orderedItems": [*foreign, mine[1], {"type": "Tombstone", "chatSeq": 3}],
        "next": "https://evil.test/log?after=3",
    }
    path = member.log.removeprefix("https://b.test")
    stage.peer.act("b.test", path, told(body=body_of(page)))
    fresh.has_an_effect()
    fresh.may_change(*AWAY)
    for number in (0, 3):
        assert (await stage.send(member.actor.post(mine[number]))).status == 202
    await stage.idle()
    stage.advance(seconds=11)
    await stage.idle()

    assert await stage.otto.texts(Room(uri=member.group)) == ["mine 1", "mine 2", "mine 4"]
    assert fresh.fetched("evil.test") == []


@pytest.mark.parametrize("listed", ["not listed", "listed, while home answers"])
async def test_g32_a_false_successor(trial: Trial, listed: str):
    stage = trial.stage
    ben = Actor("https://c.test/u/ben", is_aware=True)
    group = await away_group(trial, members=[ben])
    before = await as_seen(trial, group)
    new = AwayGroup(stage, ben, Actor(f"https://c.test/c/{len(listed)}", is_aware=True))
    new.found()
    trial.has_an_effect()
    trial.may_change(*AWAY, "succession")
    move = ben.activity("Move", group.home.uri, target=new.home.uri, to=[stage.lena.uri])
    await trial.send(ben.post(ben.proven(move | {"@context": CONTEXT})))
    await trial.send(ben.post(invitation(new, stage.lena.uri)))
    await stage.idle()

    assert await as_seen(trial, group) == before
    assert await stage.lena.state_in(new.room) in {"", "invited", "requested"}


async def test_g33_a_remote_state_of_1001_members(trial: Trial):
    stage = trial.stage
    group = await away_group(trial)
    before = await as_seen(trial, group)
    many = {**group.now.members, **{f"https://b.test/u/many{n}": "member" for n in range(1001)}}
    json = chain.with_role(group.now, EVE.uri, "member").to_json() | {"members": many}
    made = state_change.add(
        json,
        subject="https://b.test/u/many1000",
        basis=(),
        change_id=f"{group.home.uri}/state/{json['epoch']}",
        published=now(),
    )
    trial.has_an_effect()
    trial.may_change(*AWAY)
    await trial.send(group.home.post(group.home.proven(made)))
    await stage.idle()

    assert await as_seen(trial, group) == before

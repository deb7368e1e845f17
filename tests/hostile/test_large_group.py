"""G23 of the corpus: a message goes once to each host of a member, and to nobody else."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from federation.groups.chain import with_role
from federation.groups.state import MEMBER, GroupState
from federation.protocol import strict_json
from tests.hostile.cast import Actor, now
from tests.hostile.gathering import Seat, joins, seat
from tests.hostile.peer import told
from tests.hostile.stage import Stage, introduce
from tests.hostile.trial import Trial
from tests.hostile.wire import plain
from tests.support.gate import Exchange
from tests.support.person import API, Room

MEMBERS, HOSTS = 500, 300
# Hosts without a shared inbox: each of their people has an own one.
WITHOUT = 20


def people_elsewhere(count: int) -> list[Actor]:
    """Aware people, spread over the hosts."""
    hosts = [f"m{number % HOSTS}.test" for number in range(count)]
    return [Actor(f"https://{host}/u/p{n}", is_aware=True) for n, host in enumerate(hosts)]


def has_shared_inbox(actor: Actor) -> bool:
    """Whether their host has a shared inbox."""
    return actor.host not in {f"m{number}.test" for number in range(WITHOUT)}


def fill(stage: Stage, group: Seat, people: Sequence[Actor]) -> None:
    """Make people members of a group; the node does not run meanwhile.

    One by one they would send each other a hundred thousand changes.
    """
    (row,) = stage.rows("SELECT state FROM conversation WHERE id = ?", group.conversation_id)
    state = GroupState.from_json(strict_json.loads(row["state"].encode()))
    for one in people:
        state = with_role(state, one.uri, MEMBER)
    at = int(now().timestamp() * 1000)
    place = group.conversation_id
    insert(
        stage,
        "actor",
        [
            {
                "uri": one.uri,
                "host": one.host,
                "local": False,
                "kind": "person",
                "type": "Person",
                "username": one.name,
                "domain": one.host,
                "aware": True,
                "inbox": f"{one.uri}/inbox",
                "shared_inbox": f"https://{one.host}/inbox" if has_shared_inbox(one) else "",
                "fetched_at": at,
                "created_at": at,
            }
            for one in people
        ],
    )
    member = {"conversation_id": place, "local": False, "role": MEMBER, "state": "joined"}
    members = [{**member, "actor_uri": one.uri, "updated_at": at} for one in people]
    insert(stage, "membership", members)
    spans = [{"conversation_id": place, "actor_uri": one.uri, "from_epoch": 1} for one in people]
    insert(stage, "member_span", spans)
    stage.write(
        "UPDATE conversation SET state = ?, epoch = ?, state_hash = ? WHERE id = ?",
        *(json.dumps(state.to_json()), state.epoch, state.hash, place),
    )


def insert(stage: Stage, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of a table, all of them with the same columns."""
    names = list(rows[0])
    places = ", ".join([f"({', '.join('?' * len(names))})"] * len(rows))
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES {places}"  # noqa: S608
    stage.write(sql, *(row[name] for row in rows for name in names))


async def says(trial: Trial, room: Room, text: str) -> list[Exchange]:
    """Let Lena write to a group; what was posted to anybody because of that."""
    stage = trial.stage
    taped = len(stage.peer.tape)
    conversation = (await stage.lena.see(room))["id"]
    headers = {
        "Authorization": f"Bearer {stage.node.tokens['lena']}",
        "Content-Type": "application/json",
    }
    path, body = f"{API}/conversations/{conversation}/messages", json.dumps({"text": text})
    await trial.send(plain("POST", path, headers, body.encode()))
    await stage.idle()
    return [one for one in stage.peer.tape[taped:] if one.method == "POST"]


def addressed(activity: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """Whom a Create and its Note are for, and who is mentioned."""
    note = activity["object"]
    assert set(activity["to"]) == set(note["to"])
    assert not activity.get("cc")
    assert not note.get("cc")
    mentions = {tag["href"] for tag in note.get("tag", []) if tag["type"] == "Mention"}
    return set(note["to"]), mentions


async def large_group(trial: Trial, members: int) -> tuple[Seat, list[Actor]]:
    """A group of so many members, one of whom has gone; and who of them are elsewhere."""
    stage = trial.stage
    group = await seat(trial, "g23")
    fred = Actor("https://former.test/u/fred", is_aware=True)
    introduce(stage.peer, fred)
    await joins(stage, fred, Room(uri=group.group))
    conversation = (await stage.lena.see(Room(uri=group.group)))["id"]
    await stage.lena.must("DELETE", f"/conversations/{conversation}/members/{fred.acct}")
    await stage.idle()
    people = people_elsewhere(members - len((stage.lena, stage.otto, group.actor)))
    for one in people:
        stage.peer.act(one.host, "", told(202))
    await stage.node.kill()
    fill(stage, group, people)
    await stage.node.start()
    trial.begin()
    trial.has_an_effect()
    trial.may_change("delivery", "idempotency")
    return group, [*people, group.actor]


async def test_g23_a_large_group(fresh: Trial):
    group, people = await large_group(fresh, MEMBERS)
    posted = await says(fresh, Room(uri=group.group), "to five hundred")

    hosts = {one.host for one in people}
    alone = [one for one in people if not has_shared_inbox(one)]
    assert len(hosts) == HOSTS + 1
    assert {one.host for one in posted} == hosts
    assert len(posted) == len({(one.host, one.target) for one in posted})
    assert len(posted) == len(hosts) - WITHOUT + len(alone)
    assert all(addressed(one.document) == ({group.group}, set()) for one in posted)
    assert not [one for one in posted if b'"bto"' in one.raw or b'"bcc"' in one.raw]


async def test_g23_a_group_of_fifty(fresh: Trial):
    group, people = await large_group(fresh, 50)
    posted = await says(fresh, Room(uri=group.group), "to fifty")

    others = {one.uri for one in people} | {fresh.stage.otto.uri}
    assert {one.host for one in posted} == {one.host for one in people}
    for one in posted:
        recipients, mentions = addressed(one.document)
        assert recipients - {fresh.stage.lena.uri} == mentions == others | {group.group}

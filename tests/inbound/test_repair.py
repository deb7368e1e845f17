"""What an entry waits for is fetched, and what never comes is not asked for without end."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from federation.groups import chain
from federation.groups.state import GroupState
from federation.inbound import repair
from federation.inbound.process import InboxWorker
from federation.inbound.reader import Reader
from federation.inbound.repair import RepairWorker, ask_for_state
from federation.pipeline.accounts import owner_of
from federation.pipeline.item import Received
from federation.pipeline.needs import needs_of
from federation.pipeline.prepare import Tools
from federation.protocol.activity import EPOCH_MAX
from federation.protocol.build import conversation as build
from federation.protocol.build import state_change
from federation.protocol.build.conversation import Identity
from federation.protocol.build.keys import ActorKeys
from federation.protocol.build.state_change import Answered
from federation.protocol.parse import parse_activity
from federation.protocol.timestamps import format_time
from federation.remote.objects import Found
from storage import actors, inbox_queue
from storage import changes as c
from storage.actors import RemoteProfile
from storage.database import fetch, transaction
from storage.inbox_queue import NewEntry
from storage.write import write
from tests.support.home_town import ALICE, BOB, DAN, GROUP, GROUP_ID, NOW, SAM, SPACE
from tests.support.origins import Origins

AWAY_ID, AWAY = "01K4W000000000000000000000", "https://member.test/c/away"
FOUNDED = chain.first_state(
    AWAY, name="Choir", icon=None, settings={"invite": "member"}, founder=BOB
)
HELD = chain.with_role(FOUNDED, ALICE, "member")
KEYS = ActorKeys((f"{AWAY}#main-key", "PEM"), ((f"{AWAY}#ed25519-key", "z6Mk"),))
IDENTITY = Identity("c-1", "member.test", BOB, "https://member.test/inbox", KEYS, NOW)


def add(state: GroupState, person: str) -> dict[str, Any]:
    document = state_change.add(
        state.to_json(),
        subject=person,
        change_id=f"{AWAY}/state/{state.epoch}",
        basis=(Answered(f"{person}/a/yes", "Accept", person),),
        published=NOW,
    )
    return {**document, "proof": "held"}


def serve(origins: Origins, state: GroupState, *log: dict[str, Any]) -> None:
    actor = build.actor(state.to_json(), identity=IDENTITY, updated_at=NOW)
    affiliations = build.affiliations(state.to_json())
    origins.served |= {AWAY: actor, affiliations["id"]: affiliations}
    for after in range(state.epoch + 1):
        url = f"{actor['outbox']}?after={after}"
        items = [one for one in log if one["chatEpoch"] > after]
        origins.served[url] = {"id": url, "type": "OrderedCollectionPage", "orderedItems": items}


async def meet_home() -> None:
    await actors.put_remote_actor(
        RemoteProfile(
            uri=AWAY,
            host="member.test",
            kind="conversation",
            type="Group",
            username="c-1",
            domain="member.test",
            name="Choir",
            inbox=f"{AWAY}/inbox",
            shared_inbox="",
            followers="",
            outbox="",
            aware=True,
            document="{}",
        ),
        NOW,
    )


async def follow(state: GroupState | None, standing: str = "joined") -> None:
    """Alice's node follows the group, or has seen it."""
    await meet_home()
    opening: list[c.Change] = [
        c.AddConversation(
            id=AWAY_ID,
            uri=AWAY,
            kind="group",
            is_home=False,
            home_host="member.test",
            title="",
            context=f"{AWAY}/context",
            thread="",
            people_hash="",
            at=NOW,
        ),
        c.PutMembership(AWAY_ID, ALICE, local=True, role="", state=standing, at=NOW),
        c.PutMembership(AWAY_ID, BOB, local=False, role="admin", state="joined", at=NOW),
    ]
    if state is not None:
        opening += [
            c.KeepActivity(f"{AWAY}/state/{state.epoch}", AWAY, "{}", NOW),
            c.SetState(
                conversation_id=AWAY_ID,
                epoch=state.epoch,
                hash=state.hash,
                state=json.dumps(state.to_json()),
                title="",
                closed=False,
                activity_id=f"{AWAY}/state/{state.epoch}",
                published_at=NOW,
                at=NOW,
            ),
            *(c.OpenSpan(AWAY_ID, person, 1) for person in state.people),
        ]
    async with transaction():
        await write(opening)


async def arrive(document: dict[str, Any], entry_id: str = "01") -> None:
    activity = parse_activity(document)
    entry = NewEntry(
        id=entry_id,
        actor_uri=activity.actor,
        activity_id=activity.id,
        inbox="",
        body=json.dumps(document).encode(),
        key_id="",
        signer=activity.actor,
        proven=True,
        subject=needs_of(Received(activity, "", "", NOW)).subject,
        received_at=NOW,
    )
    async with transaction():
        await inbox_queue.accept([entry])


def entry(epoch: int, by: str = BOB) -> dict[str, Any]:
    note = {"id": f"{by}/n/{epoch}", "type": "Note", "attributedTo": by, "content": "Hello"}
    return {
        "id": f"{by}/n/{epoch}/create",
        "type": "Create",
        "actor": by,
        "context": f"{AWAY}/context",
        "published": format_time(NOW),
        "chatEpoch": epoch,
        "chatState": "z",
        "chatLog": f"{by}/log/1",
        "chatSeq": 1,
        "object": note,
    }


async def work(tools: Tools, repairs: RepairWorker, now: datetime = NOW) -> int:
    """Carry out all that is due; how often something was."""
    inbox = InboxWorker(tools, Reader(allow_http=False))
    for rounds in range(20):
        if not [await inbox.run_once(now), await repairs.run_once(now)].count(True):
            return rounds
    raise AssertionError("it never ends")


async def messages() -> int:
    (row,) = await fetch("SELECT count(*) AS held FROM message WHERE conversation_id = $1", AWAY_ID)
    return int(row["held"])


async def waiting() -> list[str]:
    rows = await fetch("SELECT waits_for FROM inbox_entry ORDER BY id")
    return [row["waits_for"] for row in rows]


async def test_a_message_ahead_is_shown_once_the_state_has_come(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await follow(HELD)
    newer = chain.with_role(HELD, SAM, "member")
    serve(origins, newer, add(HELD, ALICE), add(newer, SAM))
    await arrive(entry(3))

    await work(tools, repairs)

    assert await messages() == 1
    assert await waiting() == []


async def test_an_epoch_that_home_never_comes_to_is_not_asked_for_without_end(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await follow(HELD)
    serve(origins, HELD, add(HELD, ALICE))
    await arrive(entry(EPOCH_MAX))

    await work(tools, repairs)

    assert len(origins.asked) <= 6
    assert await messages() == 0
    assert await waiting() == [f"state:{AWAY}"]


async def test_who_said_yes_begins_with_what_home_serves(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await follow(None, "joining")
    serve(origins, HELD, add(HELD, ALICE))
    await arrive(add(HELD, ALICE))

    await work(tools, repairs)

    (row,) = await fetch("SELECT epoch, title FROM conversation WHERE id = $1", AWAY_ID)
    assert (row["epoch"], row["title"]) == (2, "Choir")
    assert await waiting() == []


async def test_a_group_with_a_long_past_is_entered_by_its_latest_changes(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await follow(None, "joining")
    states = [FOUNDED, HELD]
    for number in range(1_100):
        role = "moderator" if number % 2 else "member"
        states.append(chain.with_role(states[-1], SAM, role))
    log = [add(HELD, ALICE), *(add(state, SAM) for state in states[2:])]
    serve(origins, states[-1])
    for after in range(0, states[-1].epoch, 2):
        items = log[max(after - 1, 0) :][:100]
        url = f"{AWAY}/state?after={after}"
        following = f"{AWAY}/state?after={items[-1]['chatEpoch']}" if items else ""
        origins.served[url] = {**origins.served[url], "orderedItems": items, "next": following}
    await arrive(log[-1])

    await work(tools, repairs)

    (row,) = await fetch("SELECT epoch FROM conversation WHERE id = $1", AWAY_ID)
    assert row["epoch"] == states[-1].epoch
    assert len([url for url in origins.asked if "/state?" in url]) <= 10


@pytest.mark.parametrize("fault", ["other epoch", "other members", "no log", "too large"])
async def test_what_does_not_fit_together_is_not_adopted(
    tools: Tools, repairs: RepairWorker, origins: Origins, fault: str
):
    await follow(None, "joining")
    many = dict.fromkeys((f"https://many.test/u/{n}" for n in range(1000)), "member")
    large = replace(HELD, members={**HELD.members, **many})
    served = large if fault == "too large" else HELD
    serve(origins, served, *([] if fault == "no log" else [add(served, ALICE)]))
    if fault == "other epoch":
        origins.served[f"{AWAY}/affiliations"] = build.affiliations(FOUNDED.to_json())
    if fault == "other members":
        stray = chain.with_role(HELD, SAM, "member").to_json()
        origins.served[f"{AWAY}/affiliations"] = build.affiliations({**stray, "epoch": 2})
    await arrive(add(HELD, ALICE))

    await work(tools, repairs)

    (row,) = await fetch("SELECT epoch FROM conversation WHERE id = $1", AWAY_ID)
    assert row["epoch"] == 0
    assert await waiting() == [f"state:{AWAY}"]


def invite(by: str, uri: str = AWAY, to: str = ALICE) -> dict[str, Any]:
    return {
        "id": f"{by}/a/invite",
        "type": "Invite",
        "actor": by,
        "object": uri,
        "target": to,
        "to": [to, uri],
        "published": format_time(NOW),
        "endTime": format_time(NOW + timedelta(days=7)),
        "proof": "held",
    }


async def standing(person: str) -> str:
    rows = await fetch(
        "SELECT m.state FROM membership AS m JOIN conversation AS c ON c.id = m.conversation_id "
        "WHERE m.actor_uri = $1 AND c.uri = $2",
        person,
        AWAY,
    )
    return str(rows[0]["state"]) if rows else ""


async def test_an_invitation_is_shown_once_its_group_has_been_seen(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await meet_home()
    serve(origins, FOUNDED)
    await arrive(invite(BOB))

    await work(tools, repairs)

    assert await standing(ALICE) == "invited"
    assert origins.met == [BOB]
    (row,) = await fetch("SELECT shown_settings FROM conversation WHERE uri = $1", AWAY)
    assert json.loads(row["shown_settings"]) == {
        "history": "invited",
        "invite": "member",
        "relay": True,
    }


async def test_whom_home_does_not_name_invites_nobody(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await meet_home()
    serve(origins, FOUNDED)
    await arrive(invite(SAM))

    await work(tools, repairs)

    assert await standing(ALICE) == ""
    assert len(origins.asked) <= 6


async def test_a_crowd_is_not_asked_for_on_a_strangers_word(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await meet_home()
    many = dict.fromkeys((f"https://many.test/u/{n}" for n in range(900)), "member")
    serve(origins, replace(FOUNDED, members={BOB: "admin", **many}))
    await arrive(invite(BOB))

    await work(tools, repairs)

    assert len(origins.met) == 50


async def test_a_group_beyond_the_cap_is_not_seen(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await meet_home()
    many = dict.fromkeys((f"https://many.test/u/{n}" for n in range(1000)), "member")
    serve(origins, replace(FOUNDED, members={BOB: "admin", **many}))
    await arrive(invite(BOB))

    await work(tools, repairs)

    assert origins.met == []
    assert await standing(ALICE) == ""


async def test_a_group_that_cannot_be_seen_for_an_hour_is_given_up(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    origins.away = True
    await arrive(invite(BOB))

    await work(tools, repairs)
    await work(tools, repairs, NOW + timedelta(hours=2))

    assert await fetch("SELECT id FROM repair") == []


def yes(embedded: object, by: str = DAN) -> dict[str, Any]:
    return {
        "id": f"{by}/a/yes",
        "type": "Accept",
        "actor": by,
        "object": embedded,
        "to": [GROUP],
        "published": format_time(NOW),
        "chatLog": f"{by}/log/1",
    }


async def member(person: str) -> bool:
    rows = await fetch(
        "SELECT state FROM membership WHERE actor_uri = $1 AND conversation_id = $2",
        person,
        GROUP_ID,
    )
    return bool(rows) and rows[0]["state"] == "joined"


async def test_a_yes_counts_when_it_embeds_the_invite_that_home_never_got(
    tools: Tools, repairs: RepairWorker
):
    await arrive(yes(invite(ALICE, GROUP, DAN)))

    await work(tools, repairs)

    assert await member(DAN)
    assert await waiting() == []


async def test_a_yes_to_an_invite_that_home_refuses_waits_for_nothing(
    tools: Tools, repairs: RepairWorker
):
    """Sam is no member, so the Invite is none; it is refused once and not again and again."""
    await arrive(yes(invite(SAM, GROUP, DAN)))

    await work(tools, repairs)

    assert not await member(DAN)
    assert await waiting() == []
    rejects = await fetch("SELECT id FROM activity WHERE document LIKE '%not-allowed%'")
    assert len(rejects) == 1


FAULTY = [
    {"id": f"{SAM}/a/invite", "type": "Invite", "object": GROUP},
    {**invite(SAM, GROUP, DAN), "proof": None},
    {**invite(SAM, GROUP, DAN), "proof": "broken"},
]


@pytest.mark.parametrize("embedded", FAULTY)
async def test_a_yes_that_embeds_nothing_proven_goes_on_waiting(
    tools: Tools, repairs: RepairWorker, embedded: dict[str, Any]
):
    await arrive(yes(embedded))

    await work(tools, repairs)

    assert await waiting() == [f"invitation:{SAM}/a/invite"]


async def test_a_faulty_answer_stands_in_no_others_way(tools: Tools, repairs: RepairWorker):
    asked = invite(ALICE, GROUP, DAN)
    await arrive(yes({"id": asked["id"], "type": "Invite", "object": GROUP}, SAM), "01")
    await arrive(yes(asked), "02")

    await work(tools, repairs)

    assert await member(DAN)


async def test_an_entry_of_somebody_who_is_not_there_ends(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    nobody = "https://nobody.test/u/n"
    await arrive(invite(nobody))

    await work(tools, repairs)

    assert await waiting() == []
    assert origins.met == [nobody]


async def test_an_entry_of_somebody_away_waits(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    origins.away = True
    nobody = "https://nobody.test/u/n"
    await arrive(invite(nobody))

    await work(tools, repairs)

    assert await waiting() == [f"actor:{nobody}"]


async def test_a_refusal_makes_us_look_at_groups_elsewhere(tools: Tools):
    await follow(HELD)

    for conversation_id in (AWAY_ID, GROUP_ID, "unknown"):
        await ask_for_state(conversation_id, new_id=tools.new_id, clock=lambda: NOW)

    rows = await fetch("SELECT kind, subject FROM repair")
    assert [(row["kind"], row["subject"]) for row in rows] == [("state", AWAY)]
    assert SPACE.is_ours(GROUP)


async def test_what_an_entry_leads_to_is_on_its_authors_account(tools: Tools) -> None:
    await follow(HELD)
    await arrive(entry(3))
    await InboxWorker(tools, Reader(allow_http=False)).run_once(NOW)

    (row,) = await fetch("SELECT kind, subject, asked, cause FROM repair")

    assert (row["kind"], row["subject"]) == ("state", AWAY)
    assert (row["asked"], row["cause"]) == ("member.test", owner_of(BOB))


async def test_a_repair_that_takes_too_long_waits_for_its_next_turn(
    repairs: RepairWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drip(_origins: Origins, _url: str) -> Found:
        return await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(repair, "AT_MOST_S", 0.01)
    monkeypatch.setattr(Origins, "fetch_object", drip)
    await follow(HELD)
    async with transaction():
        await write([c.Ask("1", "state", AWAY, NOW)])

    assert await repairs.run_once(NOW)

    (row,) = await fetch("SELECT state, attempts, reason FROM repair")
    assert (row["state"], row["attempts"]) == ("pending", 1)
    assert row["reason"] == "it takes too long"

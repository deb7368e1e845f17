"""Group B of the corpus: who is kept out is kept out at every door, under every name."""

import pytest

from tests.hostile.cast import ALICE, CONTEXT, HANA, HOME, PUBLIC, Actor
from tests.hostile.gathering import seat
from tests.hostile.peer import told
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial
from tests.hostile.wire import plain
from tests.support.person import Room
from tests.support.process_node import until

KNOWN_WITHIN_S = 20.0
LEARNED = ("actor", "remote_key", "repair")
SENDERS = (
    *("blocked.test", "sub.blocked.test", "a.b.blocked.test", "BLOCKED.test", "blocked.test."),
    *("blocked.test:443", "xn--blcked-xxa.test", "blöcked.test"),
)


async def block(trial: Trial, *domains: str) -> None:
    """Keep domains out, and wait until the process knows."""
    for domain in domains:
        await trial.stage.node.covey("policy", "block", domain, "--yes")
    probe = Actor(f"https://{domains[-1]}/users/probe")

    async def is_known() -> bool:
        return (await trial.stage.send(probe.post({"type": "Nothing"}))).status == 403

    assert await until(is_known, within_s=KNOWN_WITHIN_S), "the process does not learn of a rule"
    await trial.stage.idle()
    trial.begin()


async def test_b01_spellings_of_a_blocked_domain(fresh: Trial):
    await block(fresh, "xn--blcked-xxa.test", "blocked.test")
    asked = len(fresh.stage.peer.names.asked)
    for host in SENDERS:
        sender = Actor(f"https://{host}/users/x", key_name=ALICE.uri)
        key_id = {"keyId": f'"{sender.key_id.replace("blöcked", "xn--blcked-xxa")}"'}
        request = sender.post(sender.create(fresh.stage.otto.uri), parameters=key_id)
        await fresh.send(request)
        # And where only the actor, or only the object, is of the blocked domain.
        await fresh.stage.send(ALICE.post(sender.create(fresh.stage.otto.uri)))
    for literal in ("127.0.0.1", "10.0.0.1", "[::1]"):
        sender = Actor(f"https://{literal}/users/x", key_name=ALICE.uri)
        assert await fresh.status_of(sender.post(sender.create(fresh.stage.otto.uri))) == 401
    await fresh.stage.idle()

    assert fresh.stage.peer.names.asked[asked:] == []


async def test_b03_blocked_content_through_a_third_party(fresh: Trial):
    stage = fresh.stage
    blocked = Actor("https://blocked.test/users/bad")
    introduce(stage.peer, blocked)
    await block(fresh, "blocked.test")
    note = {"@context": CONTEXT, **blocked.note(PUBLIC, text="kept out")}
    stage.peer.serve(note["id"], note)
    create = blocked.create(stage.otto.uri, text="kept out")
    stage.peer.serve(create["id"], create)
    fresh.has_an_effect()
    # The parent is not asked for, but kept in mind until the rule is lifted.
    fresh.may_change("repair")
    for document in (
        HANA.activity("Announce", note["id"], to=[PUBLIC, stage.otto.uri]),
        HANA.activity("Announce", note, to=[PUBLIC, stage.otto.uri]),
        HANA.activity("Add", create, to=[stage.otto.uri], target=f"{HANA.uri}/featured"),
        HANA.create(stage.otto.uri, inReplyTo=note["id"], quoteUrl=note["id"], text="see there"),
    ):
        await fresh.send(HANA.post(document))
        await stage.idle()

    assert fresh.fetched("blocked.test") == []
    assert stage.rows("SELECT 1 FROM message WHERE html LIKE '%kept out%'") == []


async def test_b04_a_blocked_server_reads(fresh: Trial):
    stage = fresh.stage
    (note,) = stage.rows("SELECT uri FROM message WHERE text = 'hello Hana'")
    target = note["uri"].removeprefix(f"https://{HOME}")
    assert (await stage.send(HANA.get(target))).status == 200
    await block(fresh, HANA.host)
    fresh.skips_honest_hana()
    behalf = Actor("https://a.test/actor", other={"type": "Application"})
    introduce(stage.peer, behalf)
    fresh.may_change(*LEARNED)

    # Actors stay readable by everybody, so nothing is asked of whoever reads them.
    for path in (target, stage.group.uri.removeprefix(f"https://{HOME}")):
        assert await fresh.status_of(HANA.get(path)) in {401, 403, 404}
        assert await fresh.status_of(behalf.get(path)) == 404
        unsigned = plain("GET", path, {"Accept": "application/activity+json"})
        assert await fresh.status_of(unsigned) in {401, 404}


async def test_b05_a_block_with_a_queue(fresh: Trial):
    stage = fresh.stage
    stage.peer.act(HANA.host, "/inbox", told(503))
    room = Room(people=frozenset({stage.otto.uri, HANA.uri}))
    for n in range(100):
        await stage.otto.say(room, f"waiting {n}")
    sql = "SELECT state, count(*) AS number FROM delivery WHERE host = ? GROUP BY state"
    fresh.skips_honest_hana()
    await block(fresh, HANA.host)
    tried = len(stage.peer.asked(HANA.host, "/inbox", "POST"))
    states = {row["state"]: row["number"] for row in stage.rows(sql, HANA.host)}
    assert states.get("pending", 0) == 0, states
    assert sum(number for state, number in states.items() if state != "delivered") >= 99, states

    introduce(stage.peer, HANA)
    stage.advance(hours=7)
    await stage.idle()
    assert len(stage.peer.asked(HANA.host, "/inbox", "POST")) == tried


async def test_b08_the_policy_cannot_be_read(fresh: Trial):
    stage = fresh.stage
    stage.write("ALTER TABLE policy_rule RENAME TO away")
    stage.write(
        "INSERT INTO setting (key, value) VALUES ('policy_version', 'other')"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    )
    create = ALICE.create(stage.otto.uri)
    await stage.until_answered(ALICE.post(create), 503)
    fresh.begin()
    answer = await fresh.send(ALICE.post(create))
    assert int(answer.headers["retry-after"]) > 0
    assert not {"message", "inbox_entry", "seen"} & fresh.changed()

    stage.write("ALTER TABLE away RENAME TO policy_rule")
    await stage.until_answered(ALICE.post(create), 202)
    fresh.has_an_effect()
    await fresh.shows_once(create)
    fresh.may_change("policy_rule", "away")


@pytest.mark.parametrize("where", ["at home"])
async def test_g22_the_server_of_a_member_gets_blocked(fresh: Trial, where: str):
    stage = fresh.stage
    member = await seat(fresh, "g22")
    room = Room(uri=member.group)
    fresh.has_an_effect()
    fresh.may_change("policy_rule", "delivery", *LEARNED)
    assert await member.posts(member.says("before")) == 202
    await stage.idle()
    await block(fresh, "b.test")
    sent = len(stage.peer.asked("b.test", method="POST"))
    await stage.lena.say(room, "without them")
    assert await fresh.status_of(member.actor.post(member.says("after"))) == 403
    await stage.idle()

    assert await stage.otto.texts(room) == ["before", "without them"]
    assert member.actor.acct not in await stage.otto.roles(room)
    assert not [
        one
        for one in stage.peer.asked("b.test", method="POST")[sent:]
        if one.document.get("type") == "Create"
    ]

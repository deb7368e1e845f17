"""Group V of the corpus: what an actor is, its own server says; nobody moves or renames another."""

from typing import Any

import pytest

from federation.protocol.keys import pem_of
from tests.hostile.cast import ALICE, EVE, HOME, MALLORY, Actor
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial

INBOXES = ["https://127.0.0.1/inbox", "https://evil.test/inbox", "http://a.test/inbox", "", None]
HEARD = ("seen", "inbox_entry", "activity", "repair")


def stored(trial: Trial, actor: Actor) -> dict[str, Any]:
    """What is known of an actor, but for when it was learned."""
    (row,) = trial.stage.rows("SELECT * FROM actor WHERE uri = ?", actor.uri)
    return row


async def known(trial: Trial, name: str) -> Actor:
    """Somebody of a.test who has written to Otto before the case begins."""
    actor = Actor(f"https://a.test/users/{name}")
    introduce(trial.stage.peer, actor)
    assert (await trial.stage.send(actor.post(actor.create(trial.stage.otto.uri)))).status == 202
    await trial.stage.idle()
    trial.begin()
    trial.may_change("actor", "remote_key", "repair")
    return actor


@pytest.mark.parametrize("by", [EVE, MALLORY], ids=lambda one: one.name)
async def test_v01_a_new_key_through_a_third_party(trial: Trial, by: Actor):
    actor = await known(trial, f"v01-{by.name}")
    listed = {**actor.listed_key, "publicKeyPem": pem_of(EVE.rsa.public_key())}
    update = actor.activity("Update", actor.document(publicKey=listed, name="Taken"))
    await trial.send(by.post(update))

    await trial.stage.idle()
    assert trial.fetched() == [actor.uri]
    assert stored(trial, actor)["name"] == actor.name.title()
    taken = actor.create(trial.stage.otto.uri)
    assert (await trial.stage.send(actor.post(taken, key=EVE.rsa))).status == 401


async def test_v01_a_new_name_of_their_own(trial: Trial):
    actor = await known(trial, "v01")
    introduce(trial.stage.peer, Actor(actor.uri, other={"name": "Alice B."}))
    await trial.send(actor.post(actor.activity("Update", actor.document(name="not this"))))

    await trial.stage.idle()
    assert stored(trial, actor)["name"] == "Alice B."


@pytest.mark.parametrize("inbox", INBOXES)
async def test_v02_an_inbox_moved_elsewhere(trial: Trial, inbox: str | None):
    actor = await known(trial, f"v02-{INBOXES.index(inbox)}")
    moved = Actor(actor.uri, other={"inbox": inbox, "endpoints": {"sharedInbox": inbox}})
    introduce(trial.stage.peer, moved)
    before = stored(trial, actor)
    await trial.send(actor.post(actor.activity("Update", moved.document())))

    await trial.stage.idle()
    after = stored(trial, actor)
    assert trial.fetched() == [actor.uri]
    assert after["inbox"] == before["inbox"]
    assert after["shared_inbox"] in {"", before["shared_inbox"]}


def news(trial: Trial) -> int:
    """How often somebody here was told that a conversation has changed."""
    rows = trial.stage.rows("SELECT count(*) AS number FROM event WHERE type = 'conversation'")
    return int(rows[0]["number"])


@pytest.mark.parametrize("aliases", [None, [], [EVE.uri], "https://a.test/users/alic"])
async def test_v04_a_move_without_consent_of_the_target(trial: Trial, aliases: object):
    target = Actor(
        f"https://victim.test/users/v04-{len(str(aliases))}", other={"alsoKnownAs": aliases}
    )
    introduce(trial.stage.peer, target)
    before = news(trial)
    trial.may_change(*HEARD, "actor", "remote_key")
    await trial.send(ALICE.post(ALICE.activity("Move", ALICE.uri, target=target.uri)))
    await trial.send(EVE.post(ALICE.activity("Move", ALICE.uri, target=target.uri)))
    await trial.send(EVE.post(EVE.activity("Move", ALICE.uri, target=target.uri)))

    await trial.stage.idle()
    assert news(trial) == before
    assert not any("Move" in line for line in trial.log_lines() if "Traceback" in line)


async def test_v05_a_storm_of_moves(fresh: Trial):
    chain = [
        Actor(f"https://a.test/users/v05-{n}", other={"alsoKnownAs": [ALICE.uri, before]})
        for n, before in enumerate(
            [ALICE.uri, *(f"https://a.test/users/v05-{n}" for n in range(19))]
        )
    ]
    for actor in chain:
        introduce(fresh.stage.peer, actor)
    back = Actor(ALICE.uri, other={"alsoKnownAs": [chain[0].uri, chain[1].uri]})
    introduce(fresh.stage.peer, back)
    before = news(fresh)
    fresh.may_change(*HEARD, "actor", "remote_key", "event", "departure")
    for _ in range(3):
        for target in chain[:4]:
            await fresh.send(ALICE.post(ALICE.activity("Move", ALICE.uri, target=target.uri)))
            await fresh.stage.idle()
    assert news(fresh) - before == 1
    for source, target in [*zip(chain, [*chain[1:], chain[0]], strict=True), (chain[0], ALICE)]:
        await fresh.send(source.post(source.activity("Move", source.uri, target=target.uri)))
    await fresh.stage.idle()

    assert news(fresh) - before == 1
    (row,) = fresh.stage.rows("SELECT * FROM actor WHERE uri = ?", ALICE.uri)
    assert chain[0].uri in str(row.values())


CLAIMS: dict[str, dict[str, Any]] = {
    "subject": {"jrd": {"subject": f"acct:lena@{HOME}"}},
    "aliases": {"jrd": {"aliases": [f"https://{HOME}/u/lena", f"acct:lena@{HOME}"]}},
    "webfinger": {"document": {"webfinger": f"lena@{HOME}"}},
    "preferredUsername": {"document": {"preferredUsername": f"lena@{HOME}"}},
    "all of them": {
        "jrd": {"subject": f"acct:lena@{HOME}", "aliases": [f"https://{HOME}/u/lena"]},
        "document": {"webfinger": f"lena@{HOME}", "preferredUsername": "lena"},
    },
}


@pytest.mark.parametrize("claim", CLAIMS)
async def test_v09_a_remote_actor_claims_our_domain(trial: Trial, claim: str):
    stage = trial.stage
    number = list(CLAIMS).index(claim)
    liar = Actor(f"https://liar{number}.test/users/lena", other=CLAIMS[claim].get("document", {}))
    introduce(stage.peer, liar)
    stage.peer.serve(
        f"https://{liar.host}/.well-known/webfinger",
        liar.jrd() | CLAIMS[claim].get("jrd", {}),
        content_type="application/jrd+json",
    )
    trial.has_an_effect()
    trial.may_change("actor", "remote_key", "delivery", "repair", "peer")
    await stage.otto.ask("POST", "/conversations", direct_to(liar.acct))
    answer = await stage.send(liar.post(liar.create(stage.otto.uri)))
    assert answer.status == 202

    await stage.idle()
    rows = stage.rows("SELECT username, domain FROM actor WHERE uri = ?", liar.uri)
    assert all(row["domain"] != HOME and HOME not in row["username"] for row in rows)
    found = await stage.otto.must("POST", "/people/resolve", {"acct": f"lena@{HOME}"})
    assert found["uri"] == stage.lena.uri


def direct_to(acct: str) -> dict[str, Any]:
    """A wish to write to somebody."""
    return {"kind": "direct", "members": [acct], "text": "hello"}


async def test_v09_a_document_with_our_id(trial: Trial):
    stage = trial.stage
    url = "https://evil.test/users/v09"
    ours = stage.lena.uri
    stage.peer.serve(url, Actor(ours, key_name=EVE.uri).document(inbox="https://evil.test/inbox"))
    liar = Actor(url, key_name=EVE.uri)
    answer = await trial.send(liar.post(liar.create(stage.otto.uri)))

    assert answer.status == 401

"""Group K of the corpus: a key speaks for the one actor whose own server lists it."""

import asyncio
import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from federation.protocol.keys import pem_of, spki_of
from tests.hostile.cast import ALICE, CONTEXT, EVE, HOME, MALLORY, Actor, body_of, rsa_of
from tests.hostile.peer import drip, told
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial
from tests.hostile.wire import plain
from tests.support.gate import Exchange

# RFC 8032, 7.1, tests 1 to 3.
PRINTED = (
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
)
# What the node learns of an actor that it fetches.
LEARNED = ("actor", "remote_key")


def to_otto(trial: Trial, by: Actor) -> dict[str, Any]:
    """A new message."""
    return by.create(trial.stage.otto.uri)


def keyed(key_id: str) -> dict[str, str]:
    """The parameters that name another key."""
    return {"keyId": f'"{key_id}"'}


@pytest.mark.parametrize("host", ["evil.test", "a.test"])
async def test_k01_a_bare_key_that_names_a_victim(trial: Trial, host: str):
    key_id = f"https://{host}/keys/k01"
    pem = pem_of(EVE.rsa.public_key())
    bare = {"@context": CONTEXT, "id": key_id, "owner": ALICE.uri, "publicKeyPem": pem}
    trial.stage.peer.serve(key_id, bare)
    trial.may_change("actor", "remote_key")

    await trial.send(ALICE.post(to_otto(trial, ALICE), key=EVE.rsa, parameters=keyed(key_id)))
    # And nobody's own key has become another.
    assert (await trial.stage.send(ALICE.post({"type": "Nothing"}))).status == 400


@pytest.mark.parametrize("host", ["evil.test", "a.test"])
async def test_k02_an_actor_document_with_a_foreign_id(trial: Trial, host: str):
    url = f"https://{host}/users/k02"
    listed = {
        "id": f"{url}#main-key",
        "owner": ALICE.uri,
        "publicKeyPem": pem_of(EVE.rsa.public_key()),
    }
    trial.stage.peer.serve(url, ALICE.document(publicKey=listed))
    trial.may_change(*LEARNED)

    parameters = keyed(f"{url}#main-key")
    await trial.send(ALICE.post(to_otto(trial, ALICE), key=EVE.rsa, parameters=parameters))


async def test_k04_a_real_signer_and_another_actor_of_the_same_server(trial: Trial):
    create = to_otto(trial, ALICE)
    trial.may_change("repair")
    await trial.send(MALLORY.post(create))

    await trial.shows_nothing(create)


async def test_k04_what_alice_s_own_server_confirms(trial: Trial):
    create = to_otto(trial, ALICE)
    trial.stage.peer.serve(create["id"], create)
    trial.has_an_effect()
    trial.may_change("repair")
    await trial.send(MALLORY.post(create))

    await trial.shows_once(create)


@pytest.mark.parametrize("verb", ["Create", "Update", "Delete", "Announce", "Follow", "Undo"])
async def test_k05_a_real_signer_and_an_actor_of_another_server(trial: Trial, verb: str):
    note = ALICE.note(trial.stage.otto.uri)
    trial.may_change("repair")
    await trial.send(EVE.post(ALICE.activity(verb, note, to=note["to"])))

    await trial.stage.idle()
    assert len(trial.fetched()) <= 1
    assert trial.fetched() == trial.fetched("a.test")


async def test_k07_the_second_of_three_keys(trial: Trial):
    holder = Actor("https://a.test/users/k07")
    listed = [
        {**holder.listed_key, "id": f"{holder.uri}#key-{n}", "publicKeyPem": pem_of(key)}
        for n, key in enumerate(
            (rsa_of("first").public_key(), holder.rsa.public_key(), rsa_of("third").public_key())
        )
    ]
    trial.stage.peer.serve(holder.uri, holder.document(publicKey=listed))
    create = to_otto(trial, holder)
    trial.has_an_effect()
    trial.may_change(*LEARNED)
    await trial.send(holder.post(create, parameters=keyed(f"{holder.uri}#key-1")))

    await trial.shows_once(create)


def pem_of_exponent(exponent: int) -> str:
    """A key that the library would not make: DER by hand, from an honest one."""
    spki = spki_of(EVE.rsa.public_key())
    algorithm, modulus = spki[4:19], spki[28:-5]
    key = der(0x30, modulus + der(0x02, bytes([exponent])))
    whole = der(0x30, algorithm + der(0x03, b"\0" + key))
    text = base64.encodebytes(whole).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----\n"


def der(tag: int, content: bytes) -> bytes:
    """A value of DER."""
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2)
    return bytes([tag]) + length + content


def pem_of_numbers(exponent: int, bits: int) -> str:
    return pem_of(RSAPublicNumbers(exponent, (1 << bits) - 159).public_key())


ABSURD = {
    "a PEM of 1 MiB": lambda: "A" * (1 << 20),
    "a PEM of 100 KiB": lambda: "-----BEGIN PUBLIC KEY-----" + "A" * 100_000,
    "16384 bits": lambda: pem_of_numbers(65537, 16384),
    "8200 bits": lambda: pem_of_numbers(65537, 8200),
    "512 bits": lambda: pem_of(rsa_of("k08", 1024).public_key()),
    "an exponent of 1": lambda: pem_of_exponent(1),
    "an even exponent": lambda: pem_of_exponent(4),
}


@pytest.mark.parametrize("absurdity", ABSURD)
async def test_k08_an_absurd_key(trial: Trial, absurdity: str):
    holder = Actor(f"https://evil.test/users/k08-{len(absurdity)}", key_name=EVE.uri)
    listed = {**holder.listed_key, "publicKeyPem": ABSURD[absurdity]()}
    trial.stage.peer.serve(holder.uri, holder.document(publicKey=listed))
    trial.may_change(*LEARNED)

    await trial.send(holder.post(to_otto(trial, holder)))


async def test_k08_ten_thousand_keys(trial: Trial):
    holder = Actor("https://evil.test/users/k08", key_name=EVE.uri)
    for name, listed in (
        ("few", [{**holder.listed_key, "publicKeyPem": "x"}] * 10_000),
        ("many", [{**holder.listed_key, "id": f"{holder.uri}#{n}"} for n in range(300)]),
    ):
        key_id = f"{holder.uri}-{name}"
        document = holder.document(id=key_id, publicKey=listed)
        trial.stage.peer.serve(key_id, document)
        trial.may_change(*LEARNED)
        parameters = keyed(f"{key_id}#main-key")
        await trial.send(holder.post(to_otto(trial, holder), parameters=parameters))


async def test_k10_a_rotated_key(fresh: Trial):
    rotated = Actor(ALICE.uri, key_name="rotated")
    fresh.stage.advance(minutes=6)
    introduce(fresh.stage.peer, rotated)
    create = to_otto(fresh, rotated)
    fresh.has_an_effect()
    fresh.may_change(*LEARNED)
    await fresh.send(rotated.post(create))

    await fresh.shows_once(create)
    assert fresh.fetched() == [ALICE.uri]


async def test_k11_a_flood_of_bad_signatures(fresh: Trial):
    fresh.stage.advance(minutes=6)
    fresh.may_change(*LEARNED)
    forger = Actor(ALICE.uri, key_name=EVE.uri)
    requests = [forger.post(to_otto(fresh, forger)) for _ in range(1000)]

    await asyncio.gather(*(fresh.send_all(requests[n::60]) for n in range(60)))

    assert fresh.fetched() == [ALICE.uri]


@pytest.mark.configured(federation={"request_timeout": "2s"})
async def test_k12_the_key_s_host_is_down(fresh: Trial):
    peer = fresh.stage.peer
    holders = [Actor(f"https://down{n}.test/users/x", key_name=EVE.uri) for n in range(4)]
    timeout, failure, no_answer, no_name = holders
    peer.act(timeout.host, "", drip(b"HTTP/1.1 200 OK\r\n", every_s=0.2, piece=b"X"))
    peer.act(failure.host, "", told(500))
    peer.names.answers[no_answer.host] = [None]
    peer.names.answers[no_name.host] = [[]]
    requests = [(holder, to_otto(fresh, holder)) for holder in holders]

    answers = await asyncio.gather(*(fresh.send(who.post(what)) for who, what in requests))
    assert all(60 <= int(answer.headers["retry-after"]) <= 300 for answer in answers)
    assert not {"actor", "inbox_entry", "message"} & fresh.changed()

    peer.act(timeout.host, "", told(404))
    peer.names.answers.clear()
    for holder in holders:
        introduce(peer, holder)
    fresh.stage.advance(minutes=2)
    fresh.has_an_effect()
    fresh.may_change(*LEARNED)
    for who, what in requests:
        assert (await fresh.stage.send(who.post(what))).status == 202
        await fresh.shows_once(what)


async def test_k13_a_key_document_that_is_not_there(trial: Trial):
    nobody = Actor("https://evil.test/users/k13", key_name=EVE.uri)
    await trial.send_all(nobody.post(to_otto(trial, nobody)) for _ in range(100))

    assert len(trial.answers) == 100
    assert trial.fetched() == [nobody.uri]


async def test_k15_a_deletion_by_a_key_that_is_gone(fresh: Trial):
    trial, leaver = fresh, ALICE
    trial.stage.advance(minutes=6)
    trial.stage.peer.act(leaver.host, "/users/alice", told(410))
    # Of a key that was never fetched: what the origin says of it must be asked.
    parameters = keyed(f"{leaver.uri}#other-key")
    delete = leaver.activity("Delete", leaver.uri)
    trial.may_change(*LEARNED, "repair", "activity", "tombstone", *EFFECTS_OF_A_FAREWELL)
    for _ in range(2):
        await trial.send(leaver.post(delete, parameters=parameters))
        await trial.stage.idle()

    states = trial.stage.rows("SELECT state FROM actor WHERE uri = ?", leaver.uri)
    assert [row["state"] for row in states] == ["deleted"]


# Who shared a conversation with somebody who is gone is told so.
EFFECTS_OF_A_FAREWELL = ("membership", "event", "conversation", "message", "seen", "inbox_entry")


async def test_k17_deletions_of_actors_never_seen(trial: Trial):
    strangers = [Actor(f"https://evil.test/users/k17-{n}", key_name=EVE.uri) for n in range(1000)]
    requests = [one.post(one.activity("Delete", one.uri)) for one in strangers]

    await asyncio.gather(*(trial.send_all(requests[n::10]) for n in range(10)))

    assert len(trial.answers) == 1000
    assert trial.fetched() == []


async def test_k18_the_old_key_after_a_rotation(fresh: Trial):
    trial = fresh
    trial.stage.advance(minutes=6)
    new, key_id = rsa_of("k18-new"), f"{ALICE.uri}#second"
    listed = {"id": key_id, "owner": ALICE.uri, "publicKeyPem": pem_of(new.public_key())}
    trial.stage.peer.serve(ALICE.uri, ALICE.document(publicKey=listed))
    create = to_otto(trial, ALICE)
    answer = await trial.stage.send(ALICE.post(create, key=new, parameters=keyed(key_id)))
    assert answer.status == 202
    await trial.shows_once(create)
    trial.begin()

    await trial.send(ALICE.post(to_otto(trial, ALICE)))


async def test_k20_both_sides_need_a_signed_fetch(trial: Trial):
    strict = Actor("https://strict.test/users/k20")
    stage = trial.stage
    found: list[int] = []

    async def wants_to_know_who_asks(exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        signature = exchange.headers.get("signature", "")
        key_id = signature.partition('keyId="')[2].partition('"')[0]
        path = key_id.partition("#")[0].removeprefix(f"https://{HOME}")
        if path:
            answer = await stage.send(plain("GET", path, {"Accept": "application/activity+json"}))
            found.append(answer.status)
            assert answer.document["publicKey"]["id"] == key_id
        document = strict.document() if path else {"error": "who are you?"}
        await told(200 if path else 401, body=body_of(document))(exchange, writer)

    stage.peer.act(strict.host, "/users/k20", wants_to_know_who_asks)
    create = to_otto(trial, strict)
    trial.has_an_effect()
    trial.may_change(*LEARNED)
    await trial.send(strict.post(create))

    await trial.shows_once(create)
    assert found == [200]


@pytest.mark.parametrize("state", ["suspended", "deleted"])
async def test_k22_the_key_of_an_actor_who_is_out(trial: Trial, state: str):
    out = Actor(f"https://a.test/users/k22-{state}")
    introduce(trial.stage.peer, out)
    await trial.stage.otto.write_to(out.acct, "are you there?")
    await trial.stage.idle()
    # The domain rules write this; the key has not been used yet, so nobody holds it in memory.
    trial.stage.write("UPDATE actor SET state = ? WHERE uri = ?", state, out.uri)
    trial.begin()

    await trial.send(out.post(to_otto(trial, out)))
    await trial.send(out.post(out.activity("Follow", trial.stage.otto.uri)))


@pytest.mark.parametrize("seed", PRINTED)
async def test_k23_a_publicly_known_key(trial: Trial, seed: str):
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    holder = Actor(f"https://evil.test/users/k23-{seed[:4]}", key_name=EVE.uri)
    listed = {**holder.listed_key, "publicKeyPem": pem_of(key.public_key())}
    trial.stage.peer.serve(holder.uri, holder.document(publicKey=listed))
    trial.may_change(*LEARNED)

    parameters = {"algorithm": '"hs2019"'}
    await trial.send(holder.post(to_otto(trial, holder), key=key, parameters=parameters))

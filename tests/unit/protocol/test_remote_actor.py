from typing import Any

import pytest

from federation.protocol.actor import (
    MAX_KEYS,
    MAX_NAME_CHARS,
    find_proof_key,
    parse_actor,
    parse_conversation_actor,
)
from federation.protocol.errors import RemoteProtocolError
from tests.support.actors import BOB, bob, multikey, public_key
from tests.support.examples import examples

MAIN, PROOF = f"{BOB}#main-key", f"{BOB}#ed25519-key"
GROUP = "https://home.example/c/01K4B0"


def key_ids(**changes: object) -> list[str]:
    return [key.key_id for key in parse_actor(bob(**changes)).keys]


def test_an_actor_is_read_whole():
    document = bob()

    actor = parse_actor(document)

    assert (actor.uri, actor.type) == (BOB, "Person")
    assert (actor.username, actor.name) == ("bob", "Bob")
    assert actor.inbox == f"{BOB}/inbox"
    assert actor.shared_inbox == "https://bob.example/inbox"
    assert actor.followers == f"{BOB}/followers"
    assert actor.outbox == f"{BOB}/outbox"
    assert [key.key_id for key in actor.keys] == [MAIN, PROOF]
    assert {key.owner for key in actor.keys} == {BOB}
    assert actor.proof_methods == {PROOF}
    assert not actor.aware
    assert not actor.is_conversation
    assert actor.document is document


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": "acct:bob@bob.example"},
        {"type": None},
        {"type": "Note"},
        {"type": ["Person"]},
        {"inbox": None},
        {"inbox": "https://evil.example/inbox"},
    ],
)
def test_what_is_no_actor_is_refused(change: dict[str, Any]):
    with pytest.raises(RemoteProtocolError):
        parse_actor(bob(**change))


@pytest.mark.parametrize("value", [None, "https://bob.example/inbox", {}, {"sharedInbox": 7}])
def test_without_a_shared_inbox_there_is_none(value: object):
    assert parse_actor(bob(endpoints=value)).shared_inbox == ""


def test_links_to_another_origin_are_not_used():
    elsewhere = "https://evil.example/x"

    actor = parse_actor(
        bob(endpoints={"sharedInbox": elsewhere}, followers=elsewhere, outbox=elsewhere)
    )

    assert (actor.shared_inbox, actor.followers, actor.outbox) == ("", "", "")


def test_names_are_text_of_bounded_length():
    actor = parse_actor(bob(name="x" * 1000, preferredUsername={"en": "bob"}))

    assert (actor.username, len(actor.name)) == ("", MAX_NAME_CHARS)


@pytest.mark.parametrize(
    "entry",
    [
        "https://bob.example/u/bob#main-key",
        public_key(owner="https://bob.example/u/mallory"),
        public_key("https://evil.example/key"),
        public_key("not an id"),
        {**public_key(), "owner": None},
        {**public_key(), "publicKeyPem": "-----BEGIN RSA PUBLIC KEY-----"},
        {**public_key(), "publicKeyPem": 7},
    ],
)
def test_a_bad_key_spoils_itself_alone(entry: object):
    assert key_ids(publicKey=[entry, public_key(f"{BOB}#second")]) == [f"{BOB}#second", PROOF]


@pytest.mark.parametrize(
    "entry",
    [
        f"{BOB}#ed25519-key",
        multikey(controller="https://bob.example/u/mallory"),
        multikey("https://evil.example/key"),
        {**multikey(), "publicKeyMultibase": "z6MkX"},
        {**multikey(), "publicKeyMultibase": None},
    ],
)
def test_a_bad_method_makes_no_proofs(entry: object):
    actor = parse_actor(bob(assertionMethod=entry))

    assert actor.proof_methods == frozenset()


def test_a_key_may_be_the_second_of_three():
    entries = [public_key(f"{BOB}#{name}") for name in ("one", "two", "three")]

    assert f"{BOB}#two" in key_ids(publicKey=entries)


def test_of_too_many_keys_none_is_taken():
    entries = [public_key(f"{BOB}#{n}") for n in range(MAX_KEYS - 1)]

    assert len(key_ids(publicKey=entries)) == MAX_KEYS
    assert key_ids(publicKey=[*entries, public_key()]) == []


def test_only_an_assertion_method_makes_proofs():
    actor = parse_actor(bob())

    found = find_proof_key(actor, PROOF)

    assert found is not None
    assert found.algorithm == "ed25519"
    assert find_proof_key(actor, MAIN) is None
    assert find_proof_key(actor, f"{BOB}#other") is None


def test_one_id_in_both_lists_is_the_proof_key():
    actor = parse_actor(bob(publicKey=public_key(PROOF)))

    found = find_proof_key(actor, PROOF)

    assert actor.keys == (found,)


def test_the_person_of_the_page_is_aware():
    person = {**examples()["1 Person"], "publicKey": None, "assertionMethod": None}

    assert parse_actor(person).aware


def test_a_conversation_actor_is_read():
    found = parse_conversation_actor(examples()["3.1 Group"])

    assert found.actor.uri == GROUP
    assert found.actor.aware
    assert found.actor.is_conversation
    assert found.affiliations == f"{GROUP}/affiliations"
    assert found.context == f"{GROUP}/context"
    assert found.history == f"{GROUP}/history"
    assert (found.epoch, found.state[:6]) == (5, "zQmbPd")


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Person"},
        {"chatProfile": "other"},
        {"affiliations": "https://evil.example/affiliations"},
        {"context": None},
        {"contextHistory": None},
        {"chatEpoch": 0},
        {"chatEpoch": 2**31},
        {"chatEpoch": "5"},
        {"chatEpoch": True},
        {"chatState": None},
    ],
)
def test_what_lacks_a_state_is_no_conversation_actor(change: dict[str, Any]):
    with pytest.raises(RemoteProtocolError):
        parse_conversation_actor({**examples()["3.1 Group"], **change})


def test_plain_http_is_read_by_the_development_setting_alone():
    document = {"id": "http://a.example/u", "type": "Person", "inbox": "http://a.example/i"}

    assert parse_actor(document, allow_http=True).inbox == "http://a.example/i"
    with pytest.raises(RemoteProtocolError):
        parse_actor(document)

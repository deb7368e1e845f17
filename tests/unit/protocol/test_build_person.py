from datetime import UTC, datetime

from federation.protocol.actor import find_proof_key, parse_actor
from federation.protocol.build.keys import ActorKeys
from federation.protocol.build.person import Said, instance_actor, person
from federation.protocol.keys import multikey_of, pem_of
from federation.protocol.namespace import Namespace
from federation.protocol.vocabulary import CONTEXT
from tests.support.actors import PROOF_KEY, REQUEST_KEY
from tests.support.examples import examples

OURS = Namespace("https://bob.example", "bob.example", "bob.example")
BOB = "https://bob.example/u/bob"
KEYS = ActorKeys(
    (f"{BOB}#main-key", pem_of(REQUEST_KEY.public_key())),
    ((f"{BOB}#ed25519-key", multikey_of(PROOF_KEY.public_key())),),
)
THEN = datetime(2026, 9, 1, 9, tzinfo=UTC)


def test_our_person_has_all_that_the_page_shows():
    built = person(namespace=OURS, name="bob", said=Said("Bob"), keys=KEYS, created_at=THEN)

    shown = examples()["1 Person"]
    assert shown.keys() <= built.keys()
    for name in shown.keys() - {"publicKey", "assertionMethod", "generator", "endpoints"}:
        assert built[name] == shown[name]
    assert built["publicKey"].keys() == shown["publicKey"].keys()
    assert built["assertionMethod"][0].keys() == shown["assertionMethod"][0].keys()
    assert built["generator"] == shown["generator"]
    assert built["published"] == "2026-09-01T09:00:00.000Z"
    assert built["endpoints"] == {
        **shown["endpoints"],
        "proxyUrl": "https://bob.example/activitypub/proxy",
        "uploadMedia": "https://bob.example/activitypub/media",
        "oauthAuthorizationEndpoint": "https://bob.example/oauth/authorize",
        "oauthTokenEndpoint": "https://bob.example/oauth/token",
        "oauthRegistrationEndpoint": "https://bob.example/oauth/register",
    }


def test_another_node_reads_our_person_as_aware_with_both_keys():
    built = person(namespace=OURS, name="bob", said=Said(""), keys=KEYS, created_at=THEN)

    actor = parse_actor(built)

    assert actor.aware
    assert actor.name == "bob"
    assert actor.shared_inbox == "https://bob.example/inbox"
    assert {key.key_id for key in actor.keys} == {
        f"{actor.uri}#main-key",
        f"{actor.uri}#ed25519-key",
    }
    assert find_proof_key(actor, f"{actor.uri}#ed25519-key") is not None


def test_the_server_is_an_application_that_nobody_can_be_named_like():
    built = instance_actor(namespace=OURS, keys=KEYS, created_at=THEN)

    actor = parse_actor(built)

    assert (actor.uri, actor.type) == ("https://bob.example/actor", "Application")
    assert actor.username == "bob.example"
    assert actor.aware
    assert built["@context"] is CONTEXT
    assert OURS.local_name(OURS.person(actor.username)) is None

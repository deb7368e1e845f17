from hypothesis import given
from hypothesis import strategies as st

from federation.activities import sending
from storage.changes import KeepActivity, Send
from tests.support.situations import (
    ACTORS,
    ALICE,
    ANNA,
    AWAY,
    BOB,
    CAROL,
    LOU,
    NOW,
    PEOPLE,
    SPACE,
    activity,
    actor,
    of,
    owed,
    situation,
)

SAID = activity("Follow", ALICE, BOB)
NEVER_MET = "https://new.test:8443/u/n"


def test_one_post_serves_all_who_share_an_inbox():
    found = sending.sends(SAID.document, [BOB, AWAY, ALICE, BOB], situation(ALICE))

    assert [(one.host, one.target, one.recipients) for one in found] == [
        ("bob.test", "shared", (BOB, AWAY))
    ]
    assert (found[0].activity_id, found[0].object_uri, found[0].at) == (SAID.id, SAID.id, NOW)


def test_who_has_no_shared_inbox_gets_a_post_of_their_own():
    actors = {**ACTORS, CAROL: actor(CAROL, shared_inbox=False)}

    found = sending.sends(SAID.document, [CAROL], situation(ALICE, actors=actors))

    assert [one.target for one in found] == [CAROL]


def test_somebody_never_met_is_owed_it_too():
    (found,) = sending.sends(SAID.document, [NEVER_MET], situation(ALICE))

    assert (found.host, found.target, found.aware) == ("new.test:8443", NEVER_MET, True)


def test_a_host_is_aware_when_all_it_is_for_are():
    found = sending.sends(SAID.document, [BOB, LOU], situation(ALICE), message_id="M")

    assert {one.host: one.aware for one in found} == {"bob.test": True, "lou.test": False}
    assert {one.message_id for one in found} == {"M"}


def test_the_aware_are_those_not_known_to_be_otherwise():
    assert sending.aware([BOB, LOU, NEVER_MET], situation(ALICE)) == [BOB, NEVER_MET]


def test_our_own_actors_sign_keep_and_owe():
    document = {"id": sending.own_id(ALICE, situation(ALICE)), "type": "Reject", "actor": ALICE}

    changes = sending.own(document, [BOB], situation(BOB))

    assert '"proof"' in of(KeepActivity, changes)[0].document
    assert owed(changes) == {"bob.test": (BOB,)}
    assert document["id"].startswith(f"{ALICE}/a/")


@given(st.lists(st.sampled_from([*PEOPLE, AWAY, NEVER_MET])))
def test_nothing_is_sent_to_ourselves_and_nothing_twice(audience: list[str]):
    found = sending.sends(SAID.document, audience, situation(ALICE))

    assert SPACE.host not in {one.host for one in found}
    places = [(one.host, one.target) for one in of(Send, found)]
    assert len(places) == len(set(places))
    reached = [person for one in found for person in one.recipients]
    assert sorted(reached) == sorted(set(audience) - {ALICE, ANNA})

from dataclasses import replace

from federation.groups.parent import STEPS_BACK_MAX, Candidate, choose, of_compact

ALICE, BOB, CAROL = "alice", "bob", "carol"
ANSWERED = Candidate("answered", ALICE, frozenset({BOB, CAROL}), author_aware=True)
NEWEST = Candidate("newest", BOB, frozenset({ALICE, CAROL}), author_aware=True)
EVERYBODY = frozenset({BOB, CAROL})
COVEY = frozenset({"covey"})


def test_what_the_person_answered_comes_first():
    assert choose(ANSWERED, [NEWEST], addressees=EVERYBODY, software=COVEY) == "answered"


def test_without_an_answer_it_is_the_newest_message():
    assert choose(None, [NEWEST, ANSWERED], addressees=EVERYBODY, software=COVEY) == "newest"


def test_the_first_message_has_no_parent():
    assert choose(None, [], addressees=EVERYBODY, software=COVEY) == ""


def test_what_an_addressee_never_had_is_stepped_over():
    to_carol_alone = replace(ANSWERED, addressees=frozenset({CAROL}))

    assert choose(to_carol_alone, [NEWEST], addressees=EVERYBODY, software=COVEY) == "newest"


def test_what_home_relayed_is_stepped_over():
    relayed = replace(ANSWERED, relayed=True)

    assert choose(relayed, [], addressees=EVERYBODY, software=COVEY) == ""


def test_fifty_steps_back_is_the_end():
    unusable = [replace(NEWEST, relayed=True)] * (STEPS_BACK_MAX + 1)

    assert choose(None, [*unusable[1:], ANSWERED], addressees=EVERYBODY, software=COVEY)
    assert not choose(None, [*unusable, ANSWERED], addressees=EVERYBODY, software=COVEY)


def test_compact_addressing_names_what_the_person_answered_and_nothing_else():
    assert of_compact(replace(ANSWERED, addressees=frozenset())) == "answered"
    assert of_compact(None) == ""

"""Which hosts an activity comes from, whoever brings it."""

from typing import Any

import pytest

from federation.policy.domains import DomainRule, blocking
from federation.policy.statement import (
    carried_from,
    hosts_of,
    is_kept_out,
    is_last_word,
    spoken_from,
)
from federation.protocol.activity import Activity
from federation.protocol.parse import parse_activity

GOOD, BAD = "https://good.example", "https://bad.example"
RULES = blocking(DomainRule("bad.example"))


def activity(kind: str, **more: object) -> Activity:
    document: dict[str, Any] = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{GOOD}/1",
        "type": kind,
        "actor": f"{GOOD}/u/ann",
        **more,
    }
    return parse_activity(document)


@pytest.mark.parametrize("kind", ["Announce", "Invite", "Move"])
def test_what_is_brought_is_judged_by_where_it_is_from(kind: str):
    brought = activity(kind, object=f"{BAD}/thing")

    assert spoken_from(brought) == {"good.example", "bad.example"}
    assert is_kept_out(brought, RULES)


@pytest.mark.parametrize("kind", ["Like", "Undo", "Remove", "Flag", "Read"])
def test_what_is_said_about_somebody_is_its_speakers_own_word(kind: str):
    said = activity(kind, object=f"{BAD}/thing")

    assert spoken_from(said) == {"good.example"}
    assert not is_kept_out(said, RULES)


def test_a_move_is_judged_by_where_it_leads():
    assert is_kept_out(activity("Move", object=f"{GOOD}/u/ann", target=f"{BAD}/u/ann"), RULES)


def test_a_relay_is_judged_by_its_author():
    inner = {"id": f"{BAD}/2", "type": "Create", "actor": f"{BAD}/u/eve"}
    relay = activity("Add", object=inner)

    assert carried_from(relay) == {"bad.example"}
    assert is_kept_out(relay, RULES)


def test_the_addition_of_a_member_carries_nobodys_words():
    relationship = {"type": "Relationship", "subject": f"{BAD}/u/eve", "relationship": "member"}

    assert not is_kept_out(activity("Add", object=relationship), RULES)


def test_whoever_speaks_from_there_is_kept_out():
    said = activity("Like", id=f"{BAD}/1", actor=f"{BAD}/u/eve", object=f"{GOOD}/thing")

    assert is_kept_out(said, RULES)


def test_only_a_leave_from_a_group_of_a_host_is_the_last_word_to_it():
    leave = {"type": "Leave", "object": f"{BAD}/c/1"}

    assert is_last_word(leave, "bad.example")
    assert not is_last_word(leave, "other.example")
    assert not is_last_word({**leave, "type": "Create"}, "bad.example")


def test_what_is_no_id_names_no_host():
    assert hosts_of("", "acct:ann@bad.example", f"{BAD}:8443/u", "HTTPS://Bad.Example") == {
        "bad.example:8443",
        "bad.example",
    }

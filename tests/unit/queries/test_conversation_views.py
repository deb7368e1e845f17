"""Who is shown to whom, from the rows of a conversation."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from federation.queries import conversations
from federation.queries.messages import Shelf
from federation.queries.views import ConversationView

ANA, BO, CY = (f"https://alpha.test/u/{name}" for name in ("ana", "bo", "cy"))


def conversation(**changed: object) -> dict[str, Any]:
    """A group as Ana has it."""
    return {
        "id": "01C",
        "uri": "https://alpha.test/c/01C",
        "kind": "group",
        "title": "tea",
        "epoch": 3,
        "group_state": '{"settings": {"invite": "members"}}',
        "shown_settings": "",
        "closed_at": None,
        "gone_at": None,
        "moved_to": None,
        "moved_at": None,
        "disputed": False,
        "home_host": "alpha.test",
        "person": ANA,
        "role": "member",
        "state": "joined",
        "inviter": "",
        "muted_at": None,
        "muted_until": None,
        "mutes_mentions": False,
        "pinned_at": None,
        "archived": False,
        "marked_unread": False,
        "draft_text": None,
        "inviter_username": "",
        "inviter_domain": "",
        "inviter_name": "",
        "inviter_actor_state": "",
        "unread": 0,
        "last_message_id": "",
    } | changed


def person(uri: str, state: str) -> dict[str, Any]:
    name = uri.rpartition("/")[2]
    return {
        "conversation_id": "01C",
        "actor_uri": uri,
        "role": "member",
        "state": state,
        "inviter": "",
        "invitation_id": "",
        "username": name,
        "domain": "alpha.test",
        "name": name.title(),
        "icon": "",
        "actor_state": "active",
        "deleted_at": None,
        "new_uri": "",
        "aware": True,
    }


def span(uri: str, first: int, end: int | None) -> dict[str, Any]:
    return {"actor_uri": uri, "from_epoch": first, "to_epoch": end}


def shown(
    row: dict[str, Any],
    people: list[dict[str, Any]],
    *spans: dict[str, Any],
    untaken: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> ConversationView:
    held = conversations._People(
        {"01C": people}, {"01C": spans}, asked={}, missing={}, untaken=untaken, kept_out={}
    )
    return conversations._view(row, held, Shelf({}, {}))


def states(view: ConversationView) -> dict[str, str]:
    return {member.person.uri: member.state for member in view.members}


def test_a_member_sees_members_and_whom_they_asked() -> None:
    people = [person(ANA, "joined"), person(BO, "joining"), person(CY, "invited")]

    view = shown(conversation(), people)

    assert states(view) == {ANA: "joined", BO: "joining", CY: "invited"}
    assert view.members[1].person.acct == "bo@alpha.test"
    assert view.settings == {"invite": "members"}
    assert view.inviter is None


@pytest.mark.parametrize("state", ["left", "removed", "banned", "refused", "closed"])
def test_who_is_out_is_no_member(state: str) -> None:
    view = shown(conversation(), [person(ANA, "joined"), person(BO, state)])

    assert states(view) == {ANA: "joined"}


def test_whom_an_invited_person_takes_for_a_stranger_is_not_told() -> None:
    view = shown(conversation(), [person(ANA, "joined"), person(BO, "requested")])

    assert states(view)[BO] == "invited"


@pytest.mark.parametrize("state", ["joined", "requested", "refused", "unheard"])
def test_how_the_other_takes_a_direct_conversation_is_not_told(state: str) -> None:
    row = conversation(kind="direct", uri=None, group_state="")

    view = shown(row, [person(ANA, "joined"), person(BO, state)])

    assert states(view) == {ANA: "joined", BO: "joined"}
    assert (view.uri, view.settings) == ("", {})


def test_an_invitation_says_whose_it_is() -> None:
    row = conversation(
        state="invited", inviter=BO, inviter_username="bo", inviter_domain="alpha.test"
    )

    view = shown(row, [person(ANA, "invited"), person(BO, "joined")])

    assert view.inviter is not None
    assert view.inviter.acct == "bo@alpha.test"
    assert len(view.members) == 2


@pytest.mark.parametrize(
    ("spans", "members"),
    [
        ([span(ANA, 1, 3), span(BO, 1, None), span(CY, 3, None)], {ANA, BO}),
        ([span(ANA, 1, 3), span(BO, 1, 2), span(CY, 2, 3)], {ANA, CY}),
        ([span(ANA, 1, None), span(BO, 1, None), span(CY, 1, 2)], {ANA, BO}),
        ([span(ANA, 1, 2), span(ANA, 3, 5), span(BO, 4, None)], {ANA, BO}),
        ([], {ANA}),
    ],
    ids=["came later", "had gone before", "not confirmed yet", "came twice", "never was"],
)
def test_who_has_left_sees_the_members_of_then(
    spans: list[dict[str, Any]], members: set[str]
) -> None:
    people = [person(ANA, "left"), person(BO, "joined"), person(CY, "joined")]

    view = shown(conversation(state="left", epoch=5), people, *spans)

    assert set(states(view)) == members


def test_a_closed_group_is_closed_for_who_was_in_it() -> None:
    inside = shown(conversation(closed_at=5), [person(ANA, "joined")])
    outside = shown(conversation(closed_at=5, state="left"), [person(ANA, "left")])

    assert (inside.state, outside.state) == ("closed", "left")


def test_why_a_server_does_not_take_an_invitation_is_for_who_made_it_and_as_long_as_it_is_open():
    asked = {"inviter": ANA, "invitation_id": "invite", "role": ""}
    people = [person(ANA, "joined"), person(BO, "joined"), person(CY, "invited") | asked]
    untaken = {("invite", CY): "they take nothing"}

    def refusals(viewer: str, rows: list[dict[str, Any]]) -> dict[str, str]:
        view = shown(conversation(person=viewer), rows, untaken=untaken)
        return {one.person.uri: one.refusal for one in view.members}

    assert refusals(ANA, people) == {ANA: "", BO: "", CY: "they take nothing"}
    assert refusals(BO, people) == {ANA: "", BO: "", CY: ""}
    joined = [*people[:2], person(CY, "joined") | asked]
    assert refusals(ANA, joined) == {ANA: "", BO: "", CY: ""}
    again = [*people[:2], person(CY, "invited") | asked | {"invitation_id": "another"}]
    assert refusals(ANA, again) == {ANA: "", BO: "", CY: ""}

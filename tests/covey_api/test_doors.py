"""A person chooses who may write to them and invite them."""

import pytest

from tests.support.api_node import Person

CONTACTS_ALONE = {"writers": "contacts", "inviters": "contacts"}


@pytest.mark.parametrize(
    "body",
    [
        {"writers": "anyone", "inviters": "contacts"},
        {"trusts_followed": False},
        {"mates_ask": True, "approves_followers": True},
    ],
)
async def test_what_is_chosen_is_kept(ana: Person, body: dict[str, object]) -> None:
    before = (await ana.get("/me")).body

    answer = await ana.call("PATCH", "/me", body)

    assert answer.status == 200
    assert answer.body == before | body == (await ana.get("/me")).body


async def test_what_cannot_be_chosen_changes_nothing(ana: Person) -> None:
    before = (await ana.get("/me")).body

    answer = await ana.call("PATCH", "/me", {"name": "A", "writers": "nobody"})

    assert (answer.status, answer.word) == (422, "unprocessable")
    assert (await ana.get("/me")).body == before


async def test_who_may_not_write_is_told_whom_they_do_not_reach(ana: Person, bo: Person) -> None:
    await bo.call("PATCH", "/me", CONTACTS_ALONE)

    refused = await ana.post("/conversations", kind="direct", members=[bo.acct], text="hello")

    assert (refused.status, refused.word) == (403, "contacts-only")
    assert refused.body["detail"] == "Bo does not take messages from people they don't know."
    assert (await ana.get("/conversations")).items == []
    profile = (await ana.get(f"/people/{bo.acct}")).body
    assert (profile["writers"], profile["writing"]) == ("contacts", "closed")


async def test_a_conversation_that_was_opened_before_takes_no_message(
    ana: Person, bo: Person
) -> None:
    room = (await ana.post("/conversations", kind="direct", members=[bo.acct])).body["id"]
    await bo.call("PATCH", "/me", CONTACTS_ALONE)

    refused = await ana.post(f"/conversations/{room}/messages", text="hello")

    assert (refused.status, refused.word) == (403, "contacts-only")
    assert (await bo.get("/conversations")).items == []


async def test_who_may_not_invite_is_told_so(ana: Person, bo: Person) -> None:
    await bo.call("PATCH", "/me", CONTACTS_ALONE)
    room = await ana.start_group()

    refused = await ana.post(f"/conversations/{room}/members", acct=bo.acct)

    assert (refused.status, refused.word) == (403, "contacts-only")
    assert refused.body["detail"] == "Bo does not take invitations from people they don't know."


async def test_writing_first_makes_a_contact(ana: Person, bo: Person) -> None:
    await bo.call("PATCH", "/me", CONTACTS_ALONE)
    room = (await bo.post("/conversations", kind="direct", members=[ana.acct])).body["id"]
    await bo.say(room, "write to me")

    answer = await ana.post(f"/conversations/{room}/messages", text="here I am")

    assert answer.status == 201
    assert (await ana.get(f"/people/{bo.acct}")).body["writing"] == "open"

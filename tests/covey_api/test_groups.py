import pytest

from tests.support.api_node import SPACE, Person


async def test_a_group_asks_everybody_first(ana: Person, bo: Person, cy: Person) -> None:
    made = await ana.post(
        "/conversations", kind="group", title="Tea club", members=[bo.acct, f"@{cy.acct}"]
    )

    assert made.status == 201
    assert made.body["kind"] == "group"
    assert made.body["mode"] == "plain"
    assert made.body["title"] == "Tea club"
    assert made.body["epoch"] == 1
    assert (made.body["state"], made.body["role"]) == ("joined", "admin")
    assert made.body["uri"] == SPACE.conversation(made.body["id"])
    states = {member["acct"]: member["state"] for member in made.body["members"]}
    assert states == {ana.acct: "joined", bo.acct: "invited", cy.acct: "invited"}


async def test_an_invitation_shows_who_and_how_many_but_no_message(
    ana: Person, bo: Person, cy: Person
) -> None:
    await bo.post("/follows", acct=ana.acct)
    room = await ana.start_group(bo, cy, text="hello")

    invited = (await bo.get("/conversations", state="invited")).items
    page = await bo.get(f"/conversations/{room}/messages")

    assert [one["id"] for one in invited] == [room]
    assert invited[0]["inviter"] == {"acct": ana.acct, "uri": ana.uri, "name": "Ana"}
    assert len(invited[0]["members"]) == 3
    assert invited[0]["last_message"] is None
    assert invited[0]["unread"] == 0
    assert page.items == []


async def test_a_strangers_invitation_is_a_request(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)

    assert [one["id"] for one in (await bo.get("/conversations", state="requests")).items] == [room]
    assert (await bo.get("/conversations", state="invited")).items == []
    # Whether one takes another for a stranger is one's own business.
    members = (await ana.get(f"/conversations/{room}")).body["members"]
    assert {member["state"] for member in members} == {"joined", "invited"}


async def test_three_people_talk(ana: Person, bo: Person, cy: Person) -> None:
    room = await ana.start_group(bo, cy)
    for person in (bo, cy):
        accepted = await person.post(f"/conversations/{room}/accept")
        assert accepted.status == 202, accepted.body
        assert accepted.body["state"] == "joined"

    await ana.say(room, "one")
    await bo.say(room, "two")
    await cy.say(room, "three")

    for person in (ana, bo, cy):
        assert await person.texts(room) == ["one", "two", "three"]
    shown = (await ana.get(f"/conversations/{room}")).body
    assert shown["epoch"] == 3
    assert {member["role"] for member in shown["members"]} == {"admin", "member"}


async def test_a_message_says_what_the_contract_promises(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    first = await ana.say(room, "*hello*")

    answer = await bo.post(f"/conversations/{room}/messages", text="hi", reply_to=first["id"])

    assert answer.status == 201
    assert first["html"] == "<p><em>hello</em></p>"
    assert first["text"] == "*hello*"
    assert first["conversation"] == room
    assert first["author"] == {"acct": ana.acct, "uri": ana.uri, "name": "Ana"}
    assert first["provenance"] == "verified"
    assert (first["edited"], first["deleted"], first["reply_to"]) == (None, None, None)
    assert (first["reactions"], first["attachments"], first["delivery"]) == ([], [], [])
    assert answer.body["reply_to"] == first["id"]
    assert set(first) == {
        *("id", "uri", "conversation", "author", "media_type", "text", "html", "published"),
        *("edited", "deleted", "reply_to", "reactions", "attachments", "addressed_to"),
        *("provenance", "delivery", "removed", "blocked", "muted", "notices", "preview"),
    }


async def test_who_joins_later_does_not_see_what_was_said_before(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo, text="before")
    await bo.post(f"/conversations/{room}/accept")
    await ana.say(room, "after")

    assert await bo.texts(room) == ["after"]
    assert await ana.texts(room) == ["before", "after"]


async def test_who_answers_too_late_is_told_why(ana: Person, bo: Person) -> None:
    room, other = await ana.start_group(bo), await ana.start_group(bo)
    for path in (f"{room}/accept", f"{other}/decline"):
        assert (await bo.post(f"/conversations/{path}")).status in {200, 202}

    again = await bo.post(f"/conversations/{room}/accept")
    late = await bo.post(f"/conversations/{other}/accept")
    await bo.post(f"/conversations/{room}/leave")
    after = await bo.post(f"/conversations/{room}/accept")
    gone = await bo.post(f"/conversations/{room}/leave")

    told = {answer.body["detail"] for answer in (again, late, after, gone)}
    assert {answer.status for answer in (again, late, after, gone)} == {409}
    assert told == {
        "you are in this conversation already",
        "you have declined this invitation already",
        "you have left this conversation; it takes a new invitation",
        "you are not a member of this conversation",
    }


async def test_nobody_follows_themselves(ana: Person) -> None:
    answer = await ana.post("/follows", acct=ana.acct)

    assert (answer.status, answer.body["detail"]) == (422, "You cannot follow yourself.")


async def test_declining_ends_an_invitation(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)

    declined = await bo.post(f"/conversations/{room}/decline")
    again = await bo.post(f"/conversations/{room}/accept")

    assert (declined.status, declined.body["state"]) == (200, "refused")
    assert again.status == 409
    assert (await bo.get("/conversations")).items == []
    people = [
        member["acct"] for member in (await ana.get(f"/conversations/{room}")).body["members"]
    ]
    assert people == [ana.acct]


async def test_who_leaves_sees_no_more(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    await ana.say(room, "one")

    left = await bo.post(f"/conversations/{room}/leave")
    await ana.say(room, "two")

    assert (left.status, left.body["state"]) == (200, "left")
    assert await bo.texts(room) == ["one"]
    assert (await bo.post(f"/conversations/{room}/messages", text="x")).status == 403
    assert [one["id"] for one in (await bo.get("/conversations", state="left")).items] == [room]
    assert {one["acct"] for one in (await bo.get(f"/conversations/{room}")).body["members"]} == {
        ana.acct,
        bo.acct,
    }


async def test_who_has_left_is_not_told_who_came_later(ana: Person, bo: Person, cy: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    await bo.post(f"/conversations/{room}/leave")
    await ana.post(f"/conversations/{room}/members", acct=cy.acct)
    await cy.post(f"/conversations/{room}/accept")

    shown = (await bo.get(f"/conversations/{room}")).body

    assert cy.acct not in {member["acct"] for member in shown["members"]}


async def test_an_admin_invites_later(ana: Person, bo: Person, cy: Person) -> None:
    room = await ana.start_group(bo)

    invited = await ana.post(f"/conversations/{room}/members", acct=cy.acct)
    await cy.post(f"/conversations/{room}/accept")

    assert invited.status == 201
    assert await cy.state_of(room) == "joined"


async def test_a_member_may_not_invite_where_only_admins_may(
    ana: Person, bo: Person, cy: Person
) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")

    answer = await bo.post(f"/conversations/{room}/members", acct=cy.acct)

    assert answer.status in {201, 403}
    settings = (await ana.get(f"/conversations/{room}")).body["settings"]
    assert (answer.status == 201) == (settings["invite"] == "members")


async def test_an_untitled_group_has_an_empty_title(ana: Person, bo: Person) -> None:
    made = await ana.post("/conversations", kind="group", members=[bo.acct])

    assert made.body["title"] == ""


async def test_who_said_no_is_asked_again_when_the_answer_says(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/decline")

    again = await ana.post(f"/conversations/{room}/members", acct=bo.acct)

    assert (again.status, again.word) == (429, "too-many-requests")
    assert 7 * 86_400 - 60 < int(again.headers["Retry-After"]) <= 7 * 86_400


async def test_a_member_cannot_be_invited(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")

    again = await ana.post(f"/conversations/{room}/members", acct=bo.acct)

    assert (again.status, again.word) == (409, "conflict")


async def test_a_message_steers_no_display(ana: Person) -> None:
    room = await ana.start_group()

    for text in ("a \u202ecba", "b \x07"):
        await ana.say(room, text)
    nothing = await ana.post(f"/conversations/{room}/messages", text="\u202e")

    shown = (await ana.get(f"/conversations/{room}/messages")).items
    assert [message["text"] for message in shown] == ["a cba", "b "]
    assert [message["html"] for message in shown] == ["<p>a cba</p>", "<p>b </p>"]
    assert nothing.status == 422


async def test_a_group_begins_with_the_settings_that_were_chosen(ana: Person, bo: Person) -> None:
    wanted = {"invite": "member", "history": "shared"}

    made = await ana.post("/conversations", kind="group", members=[bo.acct], settings=wanted)

    assert made.status == 201
    assert (made.body["epoch"], made.body["settings"]) == (1, {**wanted, "relay": True})


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("group", {"invite": "nobody"}),
        ("group", {"history": 7}),
        ("group", {"note": "x" * 5000}),
        ("group", "all"),
        ("direct", {"invite": "member"}),
    ],
)
async def test_settings_that_cannot_be_make_nothing(
    ana: Person, bo: Person, kind: str, settings: object
) -> None:
    made = await ana.post("/conversations", kind=kind, members=[bo.acct], settings=settings)

    assert made.status == 422
    assert (await ana.get("/conversations")).items == []

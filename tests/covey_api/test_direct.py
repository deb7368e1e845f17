from tests.support.api_node import Person


async def test_two_people_talk(ana: Person, bo: Person) -> None:
    made = await ana.post("/conversations", kind="direct", members=[bo.acct], text="hello")
    room = made.body["id"]

    answered = await bo.post(f"/conversations/{room}/messages", text="hi")

    assert made.status == 201
    assert (made.body["kind"], made.body["uri"], made.body["title"]) == ("direct", None, "")
    assert {member["acct"] for member in made.body["members"]} == {ana.acct, bo.acct}
    assert answered.status == 201, answered.body
    assert await ana.texts(room) == await bo.texts(room) == ["hello", "hi"]


async def test_a_message_is_shown_alone_to_who_sees_it(ana: Person, bo: Person, cy: Person) -> None:
    made = await ana.post("/conversations", kind="direct", members=[bo.acct], text="hello")
    (message,) = (await bo.get(f"/conversations/{made.body['id']}/messages")).items

    assert (await bo.get(f"/messages/{message['id']}")).body == message
    assert (await cy.get(f"/messages/{message['id']}")).status == 404


async def test_a_direct_set_that_exists_answers_itself(ana: Person, bo: Person) -> None:
    first = await ana.post("/conversations", kind="direct", members=[bo.acct])
    again = await ana.post("/conversations", kind="direct", members=[bo.acct])
    await ana.say(first.body["id"], "hello")
    back = await bo.post("/conversations", kind="direct", members=[ana.acct])

    assert (first.status, again.status, back.status) == (201, 200, 200)
    assert first.body["id"] == again.body["id"] == back.body["id"]


async def test_who_was_not_written_to_knows_nothing_of_it(ana: Person, bo: Person) -> None:
    room = (await ana.post("/conversations", kind="direct", members=[bo.acct])).body["id"]

    assert (await bo.get("/conversations")).items == []
    assert (await bo.get(f"/conversations/{room}")).status == 404
    assert (await bo.get(f"/conversations/{room}/messages")).status == 404


async def test_a_strangers_words_come_without_links_until_they_are_accepted(
    ana: Person, bo: Person
) -> None:
    text = "look at https://evil.test/x"
    made = await ana.post("/conversations", kind="direct", members=[bo.acct], text=text)
    path = f"/conversations/{made.body['id']}"
    message = (await bo.get(f"{path}/messages")).items[0]
    await ana.call("PATCH", f"/messages/{message['id']}", {"text": f"{text} now"})

    (asked,) = (await bo.get(f"{path}/messages")).items
    listed = (await bo.get(path)).body["last_message"]
    (version,) = (await bo.get(f"/messages/{message['id']}/edits")).items
    assert (asked["text"], version["text"]) == (f"{text} now", text)
    assert asked["html"] is listed["html"] is version["html"] is None

    await bo.post(f"{path}/accept")
    assert "<a " in (await bo.get(f"{path}/messages")).items[0]["html"]
    assert "<a " in (await bo.get(f"/messages/{message['id']}/edits")).items[0]["html"]


async def test_a_stranger_is_not_told_whether_they_are_taken_for_one(
    ana: Person, bo: Person
) -> None:
    made = await ana.post("/conversations", kind="direct", members=[bo.acct], text="hello")
    room = made.body["id"]
    seen_before = (await ana.get(f"/conversations/{room}")).body["members"]

    declined = await bo.post(f"/conversations/{room}/decline")

    assert declined.status == 200
    assert (await ana.get(f"/conversations/{room}")).body["members"] == seen_before
    assert {member["state"] for member in seen_before} == {"joined"}


async def test_a_direct_conversation_cannot_be_left_nor_grow(
    ana: Person, bo: Person, cy: Person
) -> None:
    made = await ana.post("/conversations", kind="direct", members=[bo.acct])

    left = await ana.post(f"/conversations/{made.body['id']}/leave")
    invited = await ana.post(f"/conversations/{made.body['id']}/members", acct=cy.acct)

    assert (left.status, left.word) == (409, "direct-conversation")
    assert (invited.status, invited.word) == (409, "direct-conversation")
    nobody = await ana.post(f"/conversations/{made.body['id']}/members")
    assert (nobody.status, nobody.word) == (409, "direct-conversation")
    assert left.body["type"] == (
        "urn:uuid:6f1c1a52-3a0e-5b7e-9a54-2f0d3c9b7e11#direct-conversation"
    )


async def test_a_direct_conversation_has_somebody_else_in_it(ana: Person) -> None:
    for members in ([], [ana.acct]):
        answer = await ana.post("/conversations", kind="direct", members=members)

        assert answer.status == 422


async def test_a_set_of_people_is_one_conversation_however_it_is_named(
    ana: Person, bo: Person, cy: Person
) -> None:
    made = await ana.post(
        "/conversations", kind="direct", members=[bo.acct, cy.acct], text="you two"
    )
    again = await cy.post("/conversations", kind="direct", members=[bo.acct, ana.acct, bo.acct])
    pair = await ana.post("/conversations", kind="direct", members=[bo.acct], text="you alone")

    assert (made.status, again.status, pair.status) == (201, 200, 201)
    assert made.body["id"] == again.body["id"] != pair.body["id"]
    assert (made.body["kind"], made.body["uri"], made.body["title"]) == ("direct", None, "")
    assert {one["acct"] for one in made.body["members"]} == {ana.acct, bo.acct, cy.acct}
    assert await cy.texts(made.body["id"]) == await bo.texts(made.body["id"]) == ["you two"]
    assert (await cy.get(f"/conversations/{pair.body['id']}")).status == 404


async def test_a_set_can_be_muted_and_refused_and_neither_left_nor_changed(
    ana: Person, bo: Person, cy: Person
) -> None:
    made = await ana.post("/conversations", kind="direct", members=[bo.acct, cy.acct], text="hello")
    room = f"/conversations/{made.body['id']}"

    muted = await bo.post(f"{room}/mute")
    refused = await cy.post(f"{room}/refuse")
    seen = (await ana.get(room)).body["members"]
    answers = [
        await ana.post(f"{room}/leave"),
        await ana.post(f"{room}/members", acct=bo.acct),
        await ana.call("PATCH", f"{room}/members/{bo.acct}", {"role": "admin"}),
        await ana.call("DELETE", f"{room}/members/{bo.acct}"),
        await ana.call("DELETE", f"{room}/members/{bo.acct}?ban=true"),
        await ana.call("DELETE", f"{room}/members/nobody@alpha.test"),
        await ana.call("PATCH", room, {"title": "tea"}),
        await ana.call("DELETE", room),
        await ana.post(f"{room}/move"),
        await ana.post(f"{room}/links"),
    ]

    assert (muted.body["muted"], refused.body["state"]) == (True, "refused")
    assert [one["state"] for one in seen] == ["joined"] * 3
    assert {(one.status, one.word) for one in answers} == {(409, "direct-conversation")}


async def test_a_set_becomes_a_group_by_asking_everybody(
    ana: Person, bo: Person, cy: Person
) -> None:
    made = await ana.post("/conversations", kind="direct", members=[bo.acct, cy.acct], text="hello")
    members = [one["acct"] for one in made.body["members"]]

    group = await ana.post("/conversations", kind="group", title="tea", members=members)

    assert group.status == 201
    assert {one["acct"]: one["state"] for one in group.body["members"]} == {
        ana.acct: "joined",
        bo.acct: "invited",
        cy.acct: "invited",
    }
    assert await bo.texts(made.body["id"]) == ["hello"]


async def test_a_direct_conversation_has_at_most_fifty_people(ana: Person) -> None:
    crowd = [f"p{number}@alpha.test" for number in range(51)]

    answer = await ana.post("/conversations", kind="direct", members=crowd)

    assert answer.status == 422
    assert "50" in answer.body["detail"]

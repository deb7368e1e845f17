"""What a request may say, and the words in which it is refused."""

import pytest

from tests.support.api_node import ApiNode, Person

REFUSED = [
    ("/conversations", {"kind": "room", "members": []}, 422),
    ("/conversations", {"kind": "group"}, 422),
    ("/conversations", {"kind": "group", "members": "bo@alpha.test"}, 422),
    ("/conversations", {"kind": "group", "members": [7]}, 422),
    ("/conversations", {"kind": "group", "members": [], "title": "x" * 101}, 422),
    ("/conversations", {"kind": "group", "members": [], "title": 7}, 422),
    ("/conversations", {"kind": "group", "members": ["x@alpha.test"] * 201}, 422),
    ("/conversations", {"kind": "group", "members": ["nobody@alpha.test"]}, 404),
    ("/conversations", {"kind": "group", "members": ["not an address"]}, 422),
    ("/conversations", {"kind": "group", "members": [], "text": "x" * 101}, 422),
    ("/conversations", {"kind": "direct", "members": ["bo@alpha.test"], "title": "x"}, 422),
    ("/follows", {"acct": "nobody@alpha.test"}, 404),
    ("/follows", {"acct": "ana@alpha.test"}, 422),
    ("/follows", {}, 422),
    ("/people/resolve", {"acct": "nobody@alpha.test"}, 404),
    ("/people/resolve", {"acct": "instance@alpha.test"}, 404),
]


@pytest.mark.parametrize(("path", "body", "status"), REFUSED)
async def test_a_request_that_cannot_be_is_refused_in_words(
    ana: Person, path: str, body: dict[str, object], status: int
) -> None:
    answer = await ana.call("POST", path, body)

    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["status"] == status
    assert answer.body["detail"]
    assert (await ana.get("/conversations")).items == []


@pytest.mark.parametrize("text", ["", " \n", "x" * 101])
async def test_a_message_is_neither_empty_nor_too_long(ana: Person, text: str) -> None:
    room = await ana.start_group()

    answer = await ana.post(f"/conversations/{room}/messages", text=text)

    assert (answer.status, answer.word) == (422, "unprocessable")
    assert await ana.texts(room) == []


async def test_a_message_answers_one_of_the_same_conversation(ana: Person) -> None:
    room, other = await ana.start_group(), await ana.start_group()
    elsewhere = await ana.say(other, "x")

    for target in (elsewhere["id"], "nonsense"):
        answer = await ana.post(f"/conversations/{room}/messages", text="hi", reply_to=target)

        assert answer.status == 422


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"text": "a", "text": "b"}', "application/json", 400),
        (b"[]", "application/json", 400),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b'{"text": "' + b"x" * 300_000 + b'"}', "application/json", 413),
    ],
)
async def test_a_body_is_a_json_object(
    node: ApiNode, ana: Person, data: bytes, content_type: str, status: int
) -> None:
    room = await ana.start_group()

    async with node.client.post(
        f"/api/covey/v1/conversations/{room}/messages",
        data=data,
        headers=ana.headers | {"Content-Type": content_type},
    ) as response:
        assert response.status == status
        assert response.content_type == "application/problem+json"


async def test_who_calls_is_told_who_they_are(ana: Person) -> None:
    answer = await ana.get("/me")

    assert answer.body == {
        "id": "ana",
        "acct": ana.acct,
        "uri": ana.uri,
        "name": "Ana",
        "role": "owner",
        "bio": "",
        "fields": [],
        "receipts": False,
        "typing": True,
        "presence": True,
        "previews": True,
        "writers": "requests",
        "inviters": "requests",
        "trusts_followed": True,
        "mates_ask": False,
        "approves_followers": False,
        "follow_requests": 0,
        "quiet_from": None,
        "quiet_to": None,
        "zone": None,
        "language": None,
        "theme": None,
        "text_size": None,
        "density": None,
        "motion": None,
        "send_key": None,
        "protection": None,
        "limits": {
            "upload_bytes": 262144,
            "message_characters": 100,
            "delivery_seconds": 30 * 24 * 3600,
        },
    }


async def test_a_person_is_resolved_by_their_address(ana: Person, bo: Person) -> None:
    answer = await ana.post("/people/resolve", acct=f"@{bo.acct}")

    assert (answer.status, answer.body) == (
        200,
        {"acct": bo.acct, "uri": bo.uri, "name": "Bo"},
    )


async def test_markup_in_a_message_is_made_harmless(ana: Person) -> None:
    room = await ana.start_group()

    said = await ana.say(room, "<script>alert(1)</script> *hi*")

    assert "<script" not in said["html"]
    assert "<em>hi</em>" in said["html"]

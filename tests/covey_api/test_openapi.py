from node.covey_api.call import BASE
from node.covey_api.openapi import describe
from node.covey_api.routes import api_endpoints
from node.covey_api.schemas import ANSWERS, BODIES, FORMS, PICTURES, QUERIES
from tests.support.api_node import ApiNode, Person

PLACES = {(each.method, each.path.removeprefix(BASE)) for each in api_endpoints()}
OWN_FORM = {("GET", "/events"), ("GET", "/openapi.json"), *PICTURES}
WITHOUT_BODY = {
    ("POST", f"/conversations/{{id}}/{word}")
    for word in ("accept", "decline", "follow_home", "leave", "move", "mute", "refuse", "typing")
} | {
    ("POST", "/admin/reports/{report}/close"),
    ("POST", "/followers/requests/{acct}/accept"),
    ("POST", "/followers/requests/{acct}/decline"),
}


async def test_the_api_describes_itself_to_anybody(node: ApiNode) -> None:
    async with node.client.get(f"{BASE}/openapi.json", headers={"Host": "alpha.test"}) as response:
        document = await response.json()

    assert response.status == 200
    assert document["openapi"] == "3.1.0"
    described = {
        (method.upper(), path) for path, entry in document["paths"].items() for method in entry
    }
    assert described == PLACES - {("GET", "/openapi.json")}


def test_every_route_says_what_it_takes_and_answers() -> None:
    assert set(ANSWERS) | OWN_FORM == PLACES
    taking = {place for place in PLACES if place[0] in {"PATCH", "POST"}}
    assert set(BODIES) | set(FORMS) | WITHOUT_BODY == taking | {
        ("DELETE", "/blocks"),
        ("PUT", "/admin/policy/domains/{domain}"),
        ("PUT", "/conversations/{id}/draft"),
        ("PUT", "/media/{id}/description"),
        ("PUT", "/me/picture"),
        ("PUT", "/conversations/{id}/picture"),
    }
    assert set(QUERIES) <= PLACES


async def test_every_success_has_a_described_status(node: ApiNode, ana: Person, bo: Person) -> None:
    paths = describe(api_endpoints())["paths"]
    room = await ana.start_group(bo)
    answers = {
        ("/conversations", "post"): [
            await ana.post("/conversations", kind="direct", members=[bo.acct], text="hello")
            for _ in range(2)
        ],
        ("/conversations/{id}/accept", "post"): [await bo.post(f"/conversations/{room}/accept")],
        ("/conversations/{id}/leave", "post"): [await bo.post(f"/conversations/{room}/leave")],
        ("/follows", "post"): [await ana.post("/follows", acct=bo.acct)],
    }

    for (path, method), given in answers.items():
        for answer in given:
            assert str(answer.status) in paths[path][method]["responses"], path
    assert [answer.status for answer in answers["/conversations", "post"]] == [201, 200]


def test_every_operation_has_a_summary() -> None:
    for entry in describe(api_endpoints())["paths"].values():
        for operation in entry.values():
            assert operation["summary"]


async def test_what_is_answered_has_the_properties_that_are_described(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    schemas = describe(api_endpoints())["components"]["schemas"]
    room = await ana.start_group(bo)
    said = await ana.say(room, "hello")
    shown = (await ana.get(f"/conversations/{room}")).body
    answers = {
        "Account": (await ana.get("/me")).body,
        "Message": said,
        "Conversation": shown,
        "Member": shown["members"][0],
        "Follow": (await ana.post("/follows", acct=bo.acct)).body,
        "Problem": (await ana.get("/conversations/x")).body,
    }

    for name, answer in answers.items():
        assert set(answer) == set(schemas[name]["required"]), name

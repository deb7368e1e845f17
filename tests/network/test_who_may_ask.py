"""Every route of a node for everybody who may come: nobody gets more than the matrix says.

The corpus' A12 (roles), A06 (requests that ride on a cookie) and X06 (what pages let a browser do).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import FormData

from node.app import build_app
from node.http.security_headers import PAGE_POLICY
from node.identity.sessions import Whence, open_session
from node.roles import Role
from storage import numbers
from storage.database import run
from tests.support.live_node import LiveNode
from tests.support.media import picture
from tests.support.network import Network
from tests.support.person import Room
from tests.support.route_matrix import API, BODIES, KINDS

pytestmark = [pytest.mark.network, pytest.mark.walks]

UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
SAFE = {"GET", "HEAD"}
HTML = {"Accept": "text/html"}
ACTIVITY = {"Accept": "application/activity+json"}
# What a conversation need not have: such a person or link, a picture, somebody who asks.
OF_MORE = ("{acct}", "{link}", "{emoji}", "/picture", "/request")
ELSEWHERE = "https://evil.test"
MASTODON = re.compile(r"/api/v[12]/(?:accounts|conversations|media|statuses)/\{id\}")
# By the path of what has them: of which kind they are, and what has the number that is asked for.
KINDS_OF_NUMBERS = {
    "accounts": (numbers.ACTORS, "actor"),
    "conversations": (numbers.CONVERSATIONS, "id"),
    "media": (numbers.MEDIA, "id"),
    "statuses": (numbers.MESSAGES, "message"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a request was answered."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(slots=True)
class Scene:
    """A node with a group of al's, of which the others have no part.

    Attributes:
        names: What stands for the parts of an address: those of al's things.
        session: The cookie and the CSRF token of a browser in which al is signed in.
    """

    node: LiveNode
    network: Network
    room: Room
    names: dict[str, str]
    cookie: str = ""
    csrf: str = ""
    tokens: dict[str, str] = field(default_factory=dict)

    async def ask(self, route: str, headers: Mapping[str, str], *, thing: bool = True) -> Told:
        """Send a request to an address of al's things, or to one of nothing."""
        method, path = route.split(" ")
        body = BODIES.get(f"{method} {path.removeprefix(API)}", {})
        if "up_to" in body and thing:
            body = {"up_to": self.names["message"]}
        names = await self.of_thing(path) if thing else self.of_nothing()
        for name, value in names.items():
            path = path.replace(f"{{{name}}}", value)
        path = path.replace(".well-known/webfinger", f".well-known/webfinger?resource={self.acct}")
        assert self.node._http is not None
        sent: dict[str, Any] = {"json": body}
        if method in SAFE:
            sent = {}
        elif KINDS[route].endswith("form"):
            sent = {"data": {"name": "al"}}
        elif KINDS[route] in {"inbox", "box"}:
            headers = {**headers, "Content-Type": "application/activity+json"}
        async with self.node._http.request(
            method, path, headers=headers, allow_redirects=False, **sent
        ) as answer:
            # A stream that was let in does not end by itself, and a picture is no text.
            is_text = answer.content_type not in {"text/event-stream", "image/webp"}
            text = await answer.text() if is_text else ""
            return Told(answer.status, answer.headers, text)

    def of_nothing(self) -> dict[str, str]:
        """What stands in an address of what is not there."""
        return self.names | dict.fromkeys(("id", "session", "app"), UNKNOWN)

    async def of_thing(self, path: str) -> dict[str, str]:
        """What stands in an address of something of al's."""
        names = dict(self.names)
        if "/messages/{id}" in path:
            names["id"] = names["message"]
        if MASTODON.match(path):
            names["id"] = await self.number(path)
        if path.startswith(("/u/", "/m/", "/c/")):
            names["id"] = names["note" if path.startswith("/u/") else "group"]
        return names

    async def number(self, path: str) -> str:
        """What clients of Mastodon's API call al's message, or their conversation, by."""
        kind, place = KINDS_OF_NUMBERS[path.split("/")[3]]
        found = await self.node.inside(numbers.numbers_of(kind, [self.names[place]]))
        return str(found.get(self.names[place], 1))

    async def upload(self, name: str) -> str:
        """The id of a picture that somebody has uploaded and not sent."""
        form = FormData()
        form.add_field("file", picture(), filename="menu.jpg")
        assert self.node._http is not None
        path, headers = f"{API}/media", self.bearer(name)
        async with self.node._http.post(path, data=form, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            return str((await answer.json())["id"])

    async def show_by_picture(self, name: str, group: str) -> None:
        """Let somebody give a group a picture."""
        form = FormData()
        form.add_field("file", picture(), filename="tea.jpg")
        assert self.node._http is not None
        path, headers = f"{API}/conversations/{group}/picture", self.bearer(name)
        async with self.node._http.put(path, data=form, headers=headers) as answer:
            assert answer.status == 200, await answer.text()

    @property
    def acct(self) -> str:
        return "acct:al@alpha.test"

    def bearer(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[name]}"}


@pytest.fixture
async def scene(network: Network) -> Scene:
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    room = await al.start_conversation("tea")
    message = await al.say(room, "canary in a mine")
    (row,) = await alpha.rows("SELECT uri FROM message")
    (group,) = await alpha.rows("SELECT id, uri FROM conversation")
    (log,) = await alpha.rows("SELECT log_uri FROM log_entry LIMIT 1")
    entropy, now = alpha.node.parts.entropy, network.clock.now()
    opened = await alpha.inside(open_session("al", Whence("x", ""), entropy=entropy, now=now))
    names = {
        "name": "al",
        "id": group["id"],
        "message": message,
        "conversation": group["id"],
        "note": row["uri"].rsplit("/", 1)[1],
        "group": group["uri"].rsplit("/", 1)[1],
        "token": log["log_uri"].rsplit("/", 1)[1],
        "acct": "cy@alpha.test",
        "emoji": "x",
        "link": "x",
        "domain": "bad.test",
        "host": "bad.test",
        "session": "x",
        "app": "x",
        "report": "x",
        "rule": "x",
        "list": "x",
        "version": "x",
        "path": "main.js",
        "account": "al",
        "position": "0",
        "part": "file",
        "mac": "x",
        "tag": "x",
        "actor": "https://alpha.test/u/cy",
    }
    made = Scene(alpha, network, room, names, f"__Host-covey={opened.cookie}", opened.csrf)
    for path in ("/api/v1/statuses", "/api/v1/conversations", "/api/v1/accounts"):
        # Given when it is first shown, which reading may do.
        await made.number(path)
    for name in ("al", "cy", "eve", "mo", "ada"):
        made.tokens[name] = await alpha.token_for(name)
    await alpha.inside(run("UPDATE account SET state = 'suspended' WHERE name = 'eve'"))
    await alpha.inside(run("UPDATE account SET role = 'moderator' WHERE name = 'mo'"))
    await alpha.inside(run("UPDATE account SET role = 'admin' WHERE name = 'ada'"))
    return made


def registered(node: LiveNode) -> set[str]:
    """Every route of the node; HEAD goes with GET."""
    routes = build_app(node.node.parts, Role.ALL).router.routes()
    paths = {(route.method, route.resource.canonical) for route in routes if route.resource}
    return {f"{method} {path}" for method, path in paths if method != "HEAD"}


async def test_every_route_is_in_the_matrix_and_no_other(scene: Scene):
    assert registered(scene.node) == set(KINDS)


# By role and kind: the statuses that may be answered. What is not here is let in: no 401 or 403,
# and never a 5xx.
LET_IN = frozenset()
NOBODY = {
    "secret": {404},
    "private": {303, 404},
    "inbox": {401},
    "page": {303},
    "form": {303, 403},
    "asking": {400},
    "program": {400, 401, 403, 422},
    "preflight": {204},
    "box": {401},
    "own": {401},
    "thing": {401},
    "staff": {401},
    "admin": {401},
    # A cookie counts there, and no token.
    "admin page": {303},
    "admin form": {303, 403},
    "staff page": {303},
    "staff form": {303, 403},
}
WITH_TOKEN = NOBODY | {"box": {403}, "own": LET_IN, "thing": {404}, "staff": {403}, "admin": {403}}
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": NOBODY,
    # A token that holds no more is said to be none.
    "suspended": NOBODY | {"private": {303, 401, 404}},
    "outsider": WITH_TOKEN,
    "moderator": WITH_TOKEN | {"staff": LET_IN},
    "admin": WITH_TOKEN | {"staff": LET_IN, "admin": LET_IN},
}


def faults(found: Mapping[str, Told], expected: Mapping[str, Any]) -> list[str]:
    """The routes that answered what they may not."""
    return [
        f"{route}: {told.status}"
        for route, told in found.items()
        if not is_right(told.status, expected.get(KINDS[route], LET_IN))
    ]


def is_right(status: int, allowed: frozenset[int]) -> bool:
    return status in allowed if allowed else status not in {401, 403, 405} and status < 500


def headers_of(scene: Scene, role: str) -> Mapping[str, str]:
    named = {"suspended": "eve", "outsider": "cy", "moderator": "mo", "admin": "ada"}
    return scene.bearer(named[role]) if role in named else {}


@pytest.mark.parametrize("role", list(EXPECTED))
async def test_each_route_answers_each_role_as_the_matrix_says(scene: Scene, role: str):
    headers = {**ACTIVITY, **headers_of(scene, role)}

    found = {route: await scene.ask(route, headers) for route in sorted(KINDS)}

    assert faults(found, EXPECTED[role]) == []
    assert not [route for route, told in found.items() if "canary" in told.text]


@pytest.mark.parametrize("role", list(EXPECTED))
async def test_what_one_may_not_see_looks_like_what_is_not_there(scene: Scene, role: str):
    headers = {**ACTIVITY, **headers_of(scene, role)}
    hidden = [route for route, kind in KINDS.items() if kind in {"thing", "private"}]

    for route in hidden:
        theirs, nothing = [await scene.ask(route, headers, thing=is_so) for is_so in (True, False)]

        assert (theirs.status, theirs.text) == (nothing.status, nothing.text), route


async def test_a_stranger_s_signature_opens_nothing_private(scene: Scene):
    (gamma,) = await scene.network.start("gamma.test")
    signer = await scene.network.signer(gamma.person("gi"))
    found = {}
    for route, kind in KINDS.items():
        if kind == "private":
            path = route.split(" ")[1]
            place = "note" if path.startswith("/u/") else "group"
            for name, value in (scene.names | {"id": scene.names[place]}).items():
                path = path.replace(f"{{{name}}}", value)
            found[route] = await signer.get(f"https://alpha.test{path}")

    assert len(found) == 10
    assert set(found.values()) == {404}


async def test_whoever_has_a_part_in_it_is_let_in(scene: Scene):
    al = scene.node.person("al")
    for route, kind in KINDS.items():
        if kind != "thing" or "{session}" in route or "{app}" in route:
            continue
        # What the last call did to the group is nothing to this one.
        room = await al.start_conversation("tea")
        scene.names["message"] = await al.say(room, "hello")
        (group,) = await scene.node.rows("SELECT id FROM conversation ORDER BY id DESC LIMIT 1")
        scene.names["id"] = await scene.upload("al") if "/media/" in route else group["id"]
        if route.startswith("GET") and route.endswith("/picture"):
            await scene.show_by_picture("al", group["id"])

        told = await scene.ask(route, scene.bearer("al"))

        is_about_more = any(each in route for each in OF_MORE)
        assert is_right(told.status, LET_IN), route
        assert told.status != 404 or is_about_more, route


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://alpha.test"},
        {"X-CSRF-Token": "right"},
        {"Origin": ELSEWHERE, "X-CSRF-Token": "right"},
        {"Origin": "null", "X-CSRF-Token": "right", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_cookie_alone_changes_nothing(scene: Scene, headers: dict[str, str]):
    given = {name: scene.csrf if value == "right" else value for name, value in headers.items()}
    unsafe = [route for route in KINDS if route.split(" ")[0] not in SAFE]
    before = await rows_of(scene)

    found = {route: await scene.ask(route, {"Cookie": scene.cookie, **given}) for route in unsafe}

    refused = {"program": {400, 401, 403, 422}, "preflight": {204}}
    assert [
        f"{route}: {told.status}"
        for route, told in found.items()
        if told.status not in refused.get(KINDS[route], {401, 403})
    ] == []
    assert await rows_of(scene) == before


async def test_a_page_of_ours_may_call_what_its_person_may(scene: Scene):
    headers = {
        "Cookie": scene.cookie,
        "Origin": "https://alpha.test",
        "X-CSRF-Token": scene.csrf,
    }

    told = await scene.ask(f"PATCH {API}/me", headers)
    as_text = await scene.node.call(
        "PATCH", f"{API}/me", headers={**headers, "Content-Type": "text/plain"}, json={"typing": 1}
    )

    assert (told.status, as_text[0]) == (200, 415)


async def test_reading_changes_nothing(scene: Scene):
    before = await rows_of(scene)

    for route in KINDS:
        if route.startswith("GET ") and not route.endswith(("/readyz", "/events")):
            await scene.ask(route, {"Cookie": scene.cookie, **HTML})

    assert await rows_of(scene) == before


async def rows_of(scene: Scene) -> dict[str, Any]:
    """What requests of people would change."""
    tables = ("account", "session", "token", "conversation", "membership", "message", "follow")
    more = ("block", "media", "second_factor", "policy_rule", "reaction", "activity", "delivery")
    apps = ("app", "consent", "report", "passkey", "passkey_challenge")
    # The name of a table cannot be a parameter.
    return {
        table: await scene.node.rows(f"SELECT * FROM {table}")  # noqa: S608
        for table in (*tables, *more, *apps)
    }


async def test_no_page_lets_a_browser_do_more_than_it_must(scene: Scene):
    pages = {}
    for cookie in ({}, {"Cookie": scene.cookie}):
        for route in KINDS:
            if route.startswith("GET ") and not route.endswith("/events"):
                told = await scene.ask(route, {**HTML, **cookie})
                if "text/html" in told.headers.get("Content-Type", ""):
                    pages[route, bool(cookie)] = told

    assert {("GET /", False), ("GET /chat", True), ("GET /settings", True)} <= set(pages)
    assert {told.status for told in pages.values()} >= {200, 404}
    for place, told in pages.items():
        policy = told.headers["Content-Security-Policy"]
        assert policy == PAGE_POLICY, place
        assert "unsafe" not in policy
        assert told.headers["X-Content-Type-Options"] == "nosniff", place
        assert told.headers["Referrer-Policy"] == "no-referrer", place
        assert not re.search(r"<script(?![^>]*\ssrc=)", told.text), place
        assert not re.search(r"\s(?:style|on[a-z]+)=|javascript:", told.text), place

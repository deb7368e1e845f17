"""Group P of the corpus: what is private is found by nobody else, under no address."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.hostile.cast import ALICE, EVE, HANA, HOME, Actor
from tests.hostile.stage import CANARY
from tests.hostile.trial import Trial
from tests.hostile.wire import Answer, plain
from tests.support.media import picture
from tests.support.person import API

UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
PATHS = (
    *(
        "/",
        "/chat",
        "/sign-in",
        "/setup",
        "/about",
        "/explore",
        "/public",
        "/feed",
        "/rss",
        "/atom",
    ),
    *(
        "/feed.xml",
        "/sitemap.xml",
        "/robots.txt",
        "/oembed?url=x",
        "/search?q=c4nary",
        "/tags/c4nary",
    ),
    *("/nodeinfo/2.0", "/nodeinfo/2.1", "/.well-known/nodeinfo", "/.well-known/host-meta"),
    *(
        "/api/v1/timelines/public",
        "/api/v1/instance",
        "/api/v2/search?q=c4nary",
        "/api/v1/instance/peers",
    ),
    *("/metrics", "/media", "/static", "/actor", "/actor/outbox", "/api/covey/v1/openapi.json"),
)
OF_A_PERSON = (
    "",
    "/outbox",
    "/outbox?page=1",
    "/followers",
    "/following",
    "/featured",
    ".rss",
    "/feed",
)


async def asked(trial: Trial, path: str, kind: str, token: str = "") -> Answer:
    """What somebody finds who has no right to it."""
    headers = {"Accept": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
    return await trial.send(plain("GET", path, headers))


def private(trial: Trial, like: str) -> dict[str, Any]:
    """A message here, by its text."""
    (row,) = trial.stage.rows("SELECT * FROM message WHERE text LIKE ?", f"{like}%")
    return row


async def test_p01_a_canary_crawl(trial: Trial):
    talk, group = private(trial, "between us"), private(trial, "among members")
    own = [one["uri"].removeprefix(f"https://{HOME}") for one in (talk, group)]
    people = [f"/u/{name}{tail}" for name in ("lena", "otto") for tail in OF_A_PERSON]
    ids = [f"/m/{one['id']}" for one in (talk, group)]
    below = [
        f"{path}{tail}" for path in own for tail in ("", "/create", "/replies", "/likes", ".json")
    ]
    for path in (*PATHS, *people, *ids, *below):
        for kind in ("text/html", "application/activity+json", "application/json", "*/*"):
            answer = await asked(trial, path, kind)
            text = answer.body.decode(errors="replace")
            assert CANARY not in text
            # What a page leads to is asked for as well.
            for found in re.findall(r'(?:href|src)="(/[^"]*)"', text)[:20]:
                assert CANARY.encode() not in (await asked(trial, found, "*/*")).body


ROUTES: Mapping[str, tuple[str, object]] = {
    "edits": ("GET", None),
    "delivery": ("GET", None),
    "": ("DELETE", None),
    " edit": ("PATCH", {"text": "x"}),
    "reactions/x": ("PUT", None),
    "reactions/y": ("DELETE", None),
    "context": ("GET", None),
    "source": ("GET", None),
    "bookmark": ("POST", None),
    "report": ("POST", None),
    "pin": ("POST", None),
}


@pytest.mark.parametrize("route", ROUTES)
async def test_p02_another_local_user_s_view(trial: Trial, route: str):
    stage = trial.stage
    talk = private(trial, "between us")
    token = await stage.node.token_for("dee")
    method, body = ROUTES[route]
    trial.may_change("token")
    tail = f"/{route}" if route.strip() and " " not in route else ""
    answers = []
    for id_ in (talk["id"], UNKNOWN):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        sent = json.dumps(body).encode() if body is not None else None
        path = f"{API}/messages/{id_}{tail}"
        answers.append(await trial.send(plain(method, path, headers, sent)))
    assert answers[0].body == answers[1].body
    for conversation in (talk["conversation_id"],):
        for part in ("", "/messages", "/presence"):
            found = await asked(trial, f"{API}/conversations/{conversation}{part}", "*/*", token)
            unknown = await asked(trial, f"{API}/conversations/{UNKNOWN}{part}", "*/*", token)
            assert found.body == unknown.body


async def upload(trial: Trial, name: str) -> dict[str, Any]:
    """Somebody's picture."""
    mark = b"x-boundary"
    head = b'--%s\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' % mark
    body = head + picture() + b"\r\n--%s--\r\n" % mark
    headers = {
        "Authorization": f"Bearer {await trial.stage.node.token_for(name)}",
        "Content-Type": f"multipart/form-data; boundary={mark.decode()}",
    }
    answer = await trial.stage.send(plain("POST", f"{API}/media", headers, body))
    assert answer.status == 201, answer
    return answer.document


async def test_p06_another_s_upload_by_its_id(trial: Trial):
    mine = await upload(trial, "lena")
    trial.begin()
    room = (await trial.stage.otto.see(trial.stage.group))["id"]
    token = await trial.stage.node.token_for("otto")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answers = []
    for id_ in (mine["id"], UNKNOWN):
        body = json.dumps({"text": "look", "media_ids": [id_]}).encode()
        path = f"{API}/conversations/{room}/messages"
        answers.append(await trial.stage.send(plain("POST", path, headers, body)))
        assert answers[-1].status in {404, 422}
        for method in ("GET", "PATCH", "DELETE"):
            await trial.send(plain(method, f"{API}/media/{id_}", headers))
    assert answers[0].body == answers[1].body


async def test_p08_media_without_its_capability(trial: Trial):
    stage = trial.stage
    shown = await upload(trial, "lena")
    path = shown["url"].removeprefix(f"https://{HOME}")
    room = (await stage.lena.see(stage.talk))["id"]
    said = await stage.lena.must(
        "POST", f"/conversations/{room}/messages", {"text": "a picture", "media_ids": [shown["id"]]}
    )
    assert (await stage.send(plain("GET", path))).status == 200
    trial.begin()
    token = path.split("/")[-2]
    for other in (
        path.replace(token, token[:-1]),
        path.replace(token, token[:-1] + ("0" if token[-1] != "0" else "1")),
        path.replace(token, token.upper()) if token.upper() != token else path + "x",
        path.replace(token, shown["id"]),
        f"/media/{shown['id']}",
        f"{API}/media/{shown['id']}",
        path + "/",
        path.replace("/media/", "//media/"),
    ):
        await trial.send(plain("GET", other))
    trial.may_change("media", "message", "event", "activity", "tombstone", "delivery", "seen")
    trial.may_change("log_entry", "author_log", "conversation", "receipt", "recipient")
    await stage.lena.delete(said["id"])
    await stage.idle()
    await trial.send(plain("GET", path))
    assert token not in "\n".join(trial.log_lines())


@pytest.mark.parametrize(
    "wish",
    [
        {"visibility": "public", "text": "x"},
        {"to": ["https://www.w3.org/ns/activitystreams#Public"], "text": "x"},
        {"visibility": "public"},
    ],
    ids=str,
)
async def test_p09_direct_made_public(trial: Trial, wish: dict[str, Any]):
    stage = trial.stage
    talk = private(trial, "between us")
    headers = {
        "Authorization": f"Bearer {await stage.node.token_for('lena')}",
        "Content-Type": "application/json",
    }
    for method, path in (
        ("PATCH", f"{API}/messages/{talk['id']}"),
        ("POST", f"{API}/conversations/{talk['conversation_id']}/messages"),
    ):
        await trial.send(plain(method, path, headers, json.dumps(wish).encode()))


async def test_p11_an_outsider_mentioned_in_a_group(trial: Trial):
    stage = trial.stage
    trial.has_an_effect()
    trial.may_change("delivery", "log_entry", "author_log", "idempotency")
    outsiders = (EVE, HANA, ALICE, Actor("https://never.test/users/met"))
    text = " ".join(f"@{one.acct}" for one in outsiders) + f" @dee@{HOME} @dee"
    await stage.lena.say(stage.group, text)
    await stage.idle()

    assert trial.fetched() == []
    roles = await stage.lena.roles(stage.group)
    assert not {one.acct for one in outsiders} & set(roles)
    row = private(trial, f"@{EVE.acct}")
    shown = stage.rows("SELECT actor_uri FROM recipient WHERE message_id = ?", row["id"])
    assert not any("/u/dee" in one["actor_uri"] for one in shown)


async def test_p12_logs_and_errors(fresh: Trial):
    stage = fresh.stage
    secret = f"{CANARY} again"
    fresh.has_an_effect()
    fresh.may_change("delivery", "log_entry", "author_log", "activity", "idempotency", "repair")
    # It goes to a host that fails, and comes in what is refused, malformed and parked.
    stage.peer.forget(f"{HANA.uri}/inbox")
    room = await stage.otto.write_to(HANA.acct, "this one may leave")
    conversation = (await stage.otto.see(room))["id"]
    headers = {
        "Authorization": f"Bearer {await stage.node.token_for('otto')}",
        "Content-Type": "application/json",
    }
    for body in (f'{{"text": "{secret}"', f'{{"text": ["{secret}"]}}', f'{{"x": "{secret}"}}'):
        path = f"{API}/conversations/{conversation}/messages"
        await fresh.send(plain("POST", path, headers, body.encode()))
    for target in (f"/m/{CANARY}", f"/search?q={CANARY}", f"/u/{CANARY}"):
        answer = await stage.send(plain("GET", target, {"Accept": "text/html"}))
        assert answer.status in {303, 400, 404}
    create = ALICE.create(stage.otto.uri, text=secret, summary=secret)
    for body in (
        json.dumps(create)[:-9].encode(),
        json.dumps(create | {"id": "x"}).encode(),
        json.dumps(create | {"actor": EVE.uri}).encode(),
    ):
        await fresh.send(ALICE.post(body))
    await stage.idle()
    for command in (("queue", "status"), ("queue", "list"), ("policy", "list"), ("user", "list")):
        assert CANARY not in await stage.node.covey(*command)
    assert CANARY not in "\n".join(stage.node.said)


async def test_p14_what_the_node_tells_about_itself(trial: Trial):
    token = await trial.stage.node.token_for("otto")
    for path in (
        *("/nodeinfo/2.0", "/nodeinfo/2.1", "/.well-known/nodeinfo", "/api/v1/instance/peers"),
        *("/api/v1/instance", "/api/v1/instance/domain_blocks", "/api/v1/directory"),
        *(f"{API}/admin/peers", f"{API}/admin/queue", f"{API}/people?q=", f"{API}/blocks"),
    ):
        answer = await asked(trial, path, "application/json")
        trial.may_change("token")
        assert not {b"lena", b"otto", b"honest.test", b"a.test"} & set(
            re.findall(rb"[\w.]+", answer.body)
        )
    for path in (f"{API}/admin/peers", f"{API}/admin/queue"):
        assert (await asked(trial, path, "application/json", token)).status in {403, 404}

"""A04, A06, A12 and P04 of the corpus: an account closes everywhere, and every route asks who."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest

from tests.hostile.browser import ORIGIN, Browser
from tests.hostile.stage import PASSWORD
from tests.hostile.trial import Trial
from tests.hostile.wire import Answer, Streams, plain, raw_of
from tests.support.route_matrix import API, BODIES, KINDS
from tests.support.signer import encoded

SIGNING_IN = ("session", "known_device")
EVERYTHING = (*SIGNING_IN, "token", "account", "second_factor", "recovery_code", "passkey", "audit")
# 2 s is what is promised; the test machine may be busy.
ENDS_WITHIN_S = 6.0
LAST_CHUNK = b"\r\n0\r\n\r\n"
UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
NEW_PASSWORD = "an even longer password"


async def signed_in(trial: Trial, source: str = "", password: str = "") -> Browser:
    """A browser in which Otto is signed in."""
    browser = Browser(trial.stage, source or trial.source)
    assert (await browser.sign_in("otto", password)).status == 303
    return browser


async def open_stream(trial: Trial, headers: dict[str, str]) -> Streams:
    """An event stream that somebody has open."""
    reader, writer = await trial.stage.line.dial(trial.source)
    writer.write(raw_of(plain("GET", f"{API}/events", headers)))
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    return reader, writer


async def ends(trial: Trial, streams: Streams) -> None:
    """The node ends it in time."""
    reader, writer = streams
    clock = asyncio.get_running_loop().time
    began = clock()
    told = b""
    async with asyncio.timeout(ENDS_WITHIN_S):
        while not told.endswith(LAST_CHUNK):
            told += await reader.read(65536)
    trial.measure("a stream ends, in s", clock() - began)
    writer.close()


def token_in(page: Answer) -> str:
    found = re.search(rb'name="csrf" value="([^"]+)"', page.body)
    assert found
    return found[1].decode()


async def by_page(trial: Trial, here: Browser) -> None:
    fields = {"current": f"{PASSWORD} otto", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    body = {"csrf": token_in(await here.get("/settings")), **fields}
    assert (await here.send_form("/settings/password", body)).status == 303


async def by_command(trial: Trial, here: Browser) -> None:
    await trial.stage.node.covey("user", "reset-2fa", "otto")


async def by_suspension(trial: Trial, here: Browser) -> None:
    await trial.stage.node.covey("user", "suspend", "otto")


@pytest.mark.parametrize("end", [by_page, by_command, by_suspension])
async def test_a04_what_ends_sessions(fresh: Trial, end: Callable[..., Awaitable[None]]):
    fresh.may_change(*EVERYTHING)
    here, there = await signed_in(fresh), await signed_in(fresh)
    bearer = {"Authorization": f"Bearer {fresh.stage.node.tokens['otto']}"}
    cookie = {"Cookie": f"__Host-covey={there.cookies['__Host-covey']}"}
    streams = [await open_stream(fresh, bearer), await open_stream(fresh, cookie)]

    await end(fresh, here)
    await asyncio.gather(*(ends(fresh, one) for one in streams))

    assert (await there.get("/settings")).status == 303
    for headers in (bearer, cookie):
        assert (await fresh.stage.send(plain("GET", f"{API}/me", headers))).status == 401
    is_kept = (await here.get("/settings")).status == 200
    assert is_kept == (end is by_page)
    if end is by_suspension:
        await fresh.stage.node.covey("user", "restore", "otto")


async def test_a06_every_unsafe_route(trial: Trial):
    trial.may_change(*SIGNING_IN)
    browser = await signed_in(trial)
    for foreign in ("https://evil.test", "null", ""):
        for route in (one for one in KINDS if not one.startswith(("GET ", "OPTIONS "))):
            method, path = route.split(" ")
            kind = "application/json" if path.startswith(API) else "text/plain"
            path = re.sub(r"\{\w+\}", "x", path)
            headers = {"Content_Type": kind} | ({"Origin": foreign} if foreign else {})
            answer = await browser.ask(method, path, b"{}", **headers)
            # No cookie counts where apps call, but what they say is judged.
            if KINDS[route] == "program" and answer.status == 422:
                continue
            trial.answers.append(answer)
    csrf = re.search(rb'csrf-token" content="([^"]+)"', (await browser.get("/chat")).body)
    assert csrf
    ours = {"Origin": ORIGIN, "X_CSRF_Token": csrf[1].decode(), "Content_Type": "text/plain"}
    trial.answers.append(await browser.ask("PATCH", f"{API}/me", b'{"typing": false}', **ours))


@pytest.mark.parametrize("role", ["nobody", "outsider", "suspended"])
async def test_a12_every_route(fresh: Trial, role: str):
    fresh.may_change(*EVERYTHING, "actor", "actor_key")
    stage = fresh.stage
    headers = {"Accept": "application/activity+json"}
    if role != "nobody":
        await stage.node.covey("user", "add", "nosy")
        token = (await stage.node.covey("token", "create", "nosy")).strip()
        headers["Authorization"] = f"Bearer {token}"
    if role == "suspended":
        await stage.node.covey("user", "suspend", "nosy")
    (group,) = stage.rows("SELECT id FROM conversation WHERE uri = ?", stage.group.uri)
    (message,) = stage.rows("SELECT id FROM message WHERE text LIKE 'among members%'")
    for route in [one for one, kind in KINDS.items() if kind == "thing"]:
        method, path = route.split(" ")
        body = BODIES.get(f"{method} {path.removeprefix(API)}", {})
        thing = message["id"] if "/messages/{id}" in path else group["id"]
        told = []
        for name in (thing, UNKNOWN):
            address = re.sub(r"\{\w+\}", "x", path.replace("{id}", name))
            sent = {**headers, "Content-Type": "application/json"}
            raw = None if method == "GET" else encoded(body)
            told.append(await stage.send(plain(method, address, sent, raw)))

        fresh.answers += told
        assert told[0].status == (404 if role == "outsider" else 401), route
        assert (told[0].status, told[0].body) == (told[1].status, told[1].body), route


async def revoked(trial: Trial) -> None:
    await trial.stage.node.covey("token", "revoke", "otto")


async def suspended(trial: Trial) -> None:
    await trial.stage.node.covey("user", "suspend", "otto")


async def reset(trial: Trial) -> None:
    await trial.stage.node.covey("user", "reset-2fa", "otto")


@pytest.mark.parametrize("end", [revoked, reset, suspended])
async def test_p04_a_stream_ends_with_the_right_to_it(
    fresh: Trial, end: Callable[..., Awaitable[None]]
):
    fresh.may_change(*EVERYTHING)
    bearer = {"Authorization": f"Bearer {fresh.stage.node.tokens['otto']}"}
    stream = await open_stream(fresh, bearer)

    await end(fresh)
    await ends(fresh, stream)

    await fresh.send(plain("GET", f"{API}/events", bearer))
    if end is suspended:
        await fresh.stage.node.covey("user", "restore", "otto")


async def test_p04_a_stream_tells_nothing_of_a_group_that_one_was_removed_from(fresh: Trial):
    stage = fresh.stage
    fresh.has_an_effect()
    fresh.may_change("state_link", "delivery", "invitation", "group_request", "idempotency")
    bearer = {"Authorization": f"Bearer {stage.node.tokens['otto']}"}
    reader, writer = await open_stream(fresh, bearer)
    await stage.lena.remove(stage.otto, stage.group)
    await stage.lena.say(stage.group, "without Otto")
    await stage.lena.say(stage.talk, "to Otto")

    told = b""
    async with asyncio.timeout(ENDS_WITHIN_S):
        while b"to Otto" not in told:
            told += await reader.read(65536)
    writer.close()

    assert b"without Otto" not in told

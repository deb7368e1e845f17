"""A01, A02 and what of P04 and R11 is about apps: a code or token is for whom it was given."""

import asyncio
import json
from urllib.parse import quote, urlencode

import pytest

from tests.hostile.browser import FORM, ORIGIN, Browser
from tests.hostile.client_app import (
    BACK,
    CHALLENGE,
    HERE,
    OOB,
    PKCE,
    TABLES,
    VERIFIER,
    ClientApp,
    confidential,
    in_otto_s_browser,
    post,
    public,
    status_of,
)
from tests.hostile.test_closing import ends, open_stream, token_in
from tests.hostile.trial import Trial
from tests.hostile.wire import Answer, plain
from tests.support.person import API

REDIRECTS = {
    "another prefix": "https://evil.test/client.test/back",
    "another suffix": f"{BACK}/../../evil",
    "one more letter": f"{BACK}s",
    "one letter less": BACK[:-1],
    "a query": f"{BACK}?next=https://evil.test/",
    "a longer host": "https://client.test.evil.test/back",
    "a name before the host": "https://client.test@evil.test/back",
    "a backslash": "https://client.test\\@evil.test/back",
    "another case": "https://client.test/BACK",
    "a host in capitals": "https://CLIENT.test/back",
    "a scheme in capitals": "HTTPS://client.test/back",
    "another scheme": "http://client.test/back",
    "a fragment": f"{BACK}#token",
    "its port": "https://client.test:443/back",
    "another port": "https://client.test:444/back",
    "escapes": "https://client.test/%62ack",
    "a line break": f"{BACK}\r\nSet-Cookie: a=b",
    "a space": f"{BACK} https://evil.test/",
    "nothing": "",
    "a path": "/back",
    "a host alone": "//client.test/back",
    "javascript": "javascript:alert(document.cookie)",
    "javascript behind a space": " javascript:alert(document.cookie)",
    "data": "data:text/html,<script>alert(1)</script>",
    "out of band": OOB,
    "loopback": "http://127.0.0.1:9999/back",
}


def leads_nowhere(answer: Answer) -> None:
    """A page of ours, or an error of ours."""
    assert "location" not in answer.headers
    assert b"access_token" not in answer.body
    assert b"evil.test" not in answer.body
    assert b"<script>alert" not in answer.body


@pytest.mark.parametrize("trick", REDIRECTS)
async def test_a01_a_redirect_to_somebody_else(trial: Trial, trick: str):
    trial.may_change(*TABLES)
    app, browser = await confidential(trial), await in_otto_s_browser(trial)
    honest = await app.ask(browser)
    assert honest.status == 200
    base = {"response_type": "code", "client_id": app.client_id, "scope": "read", "state": "s"}
    query = urlencode({**base, "redirect_uri": REDIRECTS[trick]})
    behind, before = (
        urlencode([*base.items(), *pairs])
        for pairs in (
            [("redirect_uri", BACK), ("redirect_uri", REDIRECTS[trick])],
            [("redirect_uri", REDIRECTS[trick]), ("redirect_uri", BACK)],
        )
    )
    for path in ("/oauth/authorize", "/oauth/authorize/"):
        for question in (query, behind, before):
            for who in (browser, Browser(trial.stage, trial.source)):
                trial.answers.append(await who.get(f"{path}?{question}"))
    csrf = {"csrf": token_in(honest), "answer": "allow"}
    fields = {**base, "redirect_uri": REDIRECTS[trick], **csrf}
    trial.answers.append(await browser.send_form("/oauth/authorize", fields))

    for answer in trial.answers:
        leads_nowhere(answer)
    assert trial.stage.rows("SELECT 1 FROM consent WHERE app_id = ?", app.client_id) == []


@pytest.mark.parametrize("trick", ["a fragment", "javascript", "data", "a backslash", "a space"])
async def test_a01_an_address_that_no_app_may_have(trial: Trial, trick: str):
    trial.may_change("app")
    fields = {"client_name": "Tea", "redirect_uris": REDIRECTS[trick].replace(" ", "\0")}
    told = await post(trial, "/api/v1/apps", urlencode(fields).encode())
    metadata = {"client_name": "Tea", "redirect_uris": [REDIRECTS[trick]]}
    body = json.dumps(metadata).encode()
    by_rfc = await post(trial, "/oauth/register", body, "application/json")

    assert told.status == 422
    assert (by_rfc.status, by_rfc.document["error"]) == (400, "invalid_redirect_uri")
    assert trial.added("app") == 0


async def test_a01_a_loopback_address_has_any_port_and_only_that(trial: Trial):
    trial.may_change(*TABLES)
    app, browser = await public(trial), await in_otto_s_browser(trial)
    there = "http://127.0.0.1:51777/back"
    code = await app.code(browser, redirect_uri=there, **PKCE)
    for other in ("http://127.0.0.1:51777/other", "http://127.0.0.2:51777/back", HERE + "#x"):
        trial.answers.append(await app.ask(browser, redirect_uri=other, **PKCE))
    # The code went to one port, and is brought from there.
    for other in (HERE, "http://127.0.0.1:51778/back"):
        body = app.redeems(code, redirect_uri=other, code_verifier=VERIFIER)
        await trial.send(plain("POST", "/oauth/token", {"Content-Type": FORM}, body))

    for answer in trial.answers:
        leads_nowhere(answer)
    assert await app.token(code, redirect_uri=there, code_verifier=VERIFIER)


async def refused(trial: Trial, app: ClientApp, code: str, **more: str) -> None:
    """A code is brought, as a form, as JSON and in Basic, and gets nothing."""
    form = app.redeems(code, **more)
    fields = dict(pair.split("=", 1) for pair in form.decode().split("&"))
    answer = await trial.send(plain("POST", "/oauth/token", {"Content-Type": FORM}, form))
    assert answer.document["error"] in {"invalid_grant", "invalid_request"}, fields
    assert b"access_token" not in answer.body
    assert "location" not in answer.headers


async def test_a02_a_code_used_twice(trial: Trial):
    trial.may_change(*TABLES)
    app, browser = await confidential(trial), await in_otto_s_browser(trial)
    code = await app.code(browser)
    token = await app.token(code)
    kept = await app.token(await app.code(browser))
    assert await status_of(trial, token) == 200

    await refused(trial, app, code)

    assert await status_of(trial, token) == 401
    assert await status_of(trial, kept) == 200
    await refused(trial, app, code)


async def test_a02_a_code_used_many_times_at_once(trial: Trial):
    trial.may_change(*TABLES)
    app, browser = await confidential(trial), await in_otto_s_browser(trial)
    body = app.redeems(await app.code(browser))
    told = await asyncio.gather(*(post(trial, "/oauth/token", body) for _ in range(20)))

    given = [one for one in told if one.status == 200]
    assert len(given) == 1
    assert {one.status for one in told} == {200, 400}
    assert await status_of(trial, given[0].document["access_token"]) == 401


async def test_a02_by_another_client(trial: Trial):
    trial.may_change(*TABLES)
    app, other, desk = await confidential(trial), await confidential(trial), await public(trial)
    browser = await in_otto_s_browser(trial)
    code = await app.code(browser, **PKCE)
    await refused(trial, other, code, code_verifier=VERIFIER)
    await refused(trial, desk, code, redirect_uri=BACK, code_verifier=VERIFIER)

    # Whose code it is has lost nothing.
    assert await status_of(trial, await app.token(code, code_verifier=VERIFIER)) == 200


async def test_a02_after_ten_minutes(fresh: Trial):
    fresh.may_change(*TABLES)
    app, browser = await confidential(fresh), await in_otto_s_browser(fresh)
    early, late = await app.code(browser), await app.code(browser)
    fresh.stage.advance(minutes=9, seconds=30)
    assert await app.token(early)
    fresh.stage.advance(minutes=1)

    await refused(fresh, app, late)


@pytest.mark.parametrize("verifier", ["", "b" * 43, CHALLENGE, VERIFIER[:-1], f"{VERIFIER}\n", "x"])
async def test_a02_without_the_right_verifier(trial: Trial, verifier: str):
    trial.may_change(*TABLES)
    browser = await in_otto_s_browser(trial)
    for app in (await confidential(trial), await public(trial)):
        code = await app.code(browser, **PKCE)
        await refused(trial, app, code, code_verifier=verifier)
        assert await app.token(code, code_verifier=VERIFIER)


async def test_a02_a_verifier_where_nobody_sent_a_challenge(trial: Trial):
    trial.may_change(*TABLES)
    app, browser = await confidential(trial), await in_otto_s_browser(trial)

    await refused(trial, app, await app.code(browser), code_verifier=VERIFIER)


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
        {"code_challenge": CHALLENGE},
        {"code_challenge": "", "code_challenge_method": "S256"},
    ],
)
async def test_a02_no_challenge_of_an_app_without_a_secret(trial: Trial, question: dict[str, str]):
    trial.may_change(*TABLES)
    app, browser = await public(trial), await in_otto_s_browser(trial)

    answer = await app.ask(browser, **question)

    assert answer.status == 302
    assert answer.headers["location"].startswith(f"{HERE}?error=invalid_request&")
    assert "code=" not in answer.headers["location"]


BODIES = {
    "JSON cut short": ("application/json", b'{"grant_type": "authorization_code"'),
    "JSON that is a list": ("application/json", b"[1]"),
    "deep JSON": ("application/json", b'{"a":' * 5000 + b"1" + b"}" * 5000),
    "JSON of other types": ("application/json", b'{"grant_type":[["a"]],"code":{"a":1}}'),
    "a form as JSON": ("application/json", b"grant_type=authorization_code&code=x"),
    "JSON as a form": (FORM, b'{"grant_type": "authorization_code", "code": "x"}'),
    "bad escapes": (FORM, b"grant_type=%ff%fe&code=%"),
    "bytes": (FORM, b"grant_type=authorization_code&code=\xff\x00"),
    "nothing": (FORM, b""),
    "a thousand fields": (FORM, b"&".join(b"a%d=b" % n for n in range(1000))),
    "something twice": (FORM, b"grant_type=authorization_code&code=x&code=y&redirect_uri=x"),
    "huge ids": (FORM, b"grant_type=client_credentials&client_secret=x&client_id=" + b"x" * 40000),
    "parts": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
    "a NUL": (FORM, b"grant_type=authorization_code%00&client_id=%00&code=%00&redirect_uri=%00"),
}


@pytest.mark.parametrize("body", BODIES)
async def test_a02_bodies_that_nobody_can_read(trial: Trial, body: str):
    kind, raw = BODIES[body]
    told = []
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/register", "/api/v1/apps"):
        headers = {"Content-Type": kind, "Origin": ORIGIN, "Authorization": "Basic eDp4"}
        told.append(await trial.stage.send(plain("POST", path, headers, raw), source=trial.source))
    told.append(await trial.stage.send(plain("GET", f"/oauth/authorize?{quote(raw[:3000])}")))

    for answer in told:
        leads_nowhere(answer)
        assert answer.status in {400, 401, 403, 422}, answer
    for answer in told[:4]:
        assert isinstance(answer.document["error"], str)


async def test_p04_a_stream_ends_with_the_app_behind_it(fresh: Trial):
    fresh.may_change(*TABLES)
    app, browser = await confidential(fresh), await in_otto_s_browser(fresh)
    tokens = [await app.token(await app.code(browser)) for _ in range(2)]
    headers = [{"Authorization": f"Bearer {token}"} for token in tokens]
    streams = [await open_stream(fresh, each) for each in headers]

    own = {"client_id": app.client_id, "client_secret": app.secret, "token": tokens[0]}
    assert (await post(fresh, "/oauth/revoke", urlencode(own).encode())).status == 200
    await ends(fresh, streams[0])
    await fresh.send(plain("GET", f"{API}/events", headers[0]))
    assert await status_of(fresh, tokens[1]) == 200
    (row,) = fresh.stage.rows("SELECT number FROM app WHERE id = ?", app.client_id)
    fields = {"csrf": token_in(await browser.get("/settings")), "app": str(row["number"])}
    assert (await browser.send_form("/settings/apps/end", fields)).status == 303
    await ends(fresh, streams[1])
    await fresh.send(plain("GET", f"{API}/events", headers[1]))


INWARD = (
    *("https://127.0.0.1/client", "https://localhost/client", "https://[::1]/client"),
    *("https://10.0.0.1/client", "http://client.test/client", "https://home.test/u/otto"),
    *("https://127.0.0.1:22/", "https://a@client.test/x", "file:///etc/passwd"),
)


@pytest.mark.parametrize("client_id", INWARD)
async def test_r11_the_document_of_an_app_at_home(trial: Trial, client_id: str):
    trial.may_change("session", "known_device", "account")
    trial.stage.peer.names.answers["localhost"] = [[("127.0.0.1", 0)]]
    app = ClientApp(trial, client_id, "", HERE)
    dialled = len(trial.stage.dialled())
    # Nobody is asked for who is not in.
    await app.ask(Browser(trial.stage, trial.source), **PKCE)
    assert len(trial.stage.dialled()) == dialled
    answer = await app.ask(await in_otto_s_browser(trial), **PKCE)

    assert answer.status == 400
    leads_nowhere(answer)
    assert trial.fetched() == []

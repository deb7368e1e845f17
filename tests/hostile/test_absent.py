"""A10, M08 and X09 of the corpus; a node lacks what they are after, but for pushes.

Whoever tries finds nothing there, is led nowhere, and nothing comes of it. What a node says of
itself is asked first: when it has one of these, the entry is to be played against the real thing,
with the statuses that it allows.
"""

import asyncio
import io
import json
import struct
import tarfile
import zipfile
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from tests.hostile.browser import Browser
from tests.hostile.cast import HANA, HOME, Actor
from tests.hostile.peer import told
from tests.hostile.stage import introduce
from tests.hostile.test_media import upload
from tests.hostile.trial import Trial
from tests.hostile.wire import Answer, plain, raw_of
from tests.support.person import API
from tests.support.push_device import in_url, opened, point_of

ABSENT = frozenset({404, 405})
PUSH_HEADERS = frozenset(
    {
        *("host", "user-agent", "accept", "accept-encoding", "content-type", "content-length"),
        *("content-encoding", "authorization", "ttl", "urgency", "topic", "date", "connection"),
    }
)


def gives_nothing(answer: Answer) -> None:
    """Nobody is led anywhere, signed in, or handed a token."""
    assert answer.status in ABSENT
    assert "location" not in answer.headers
    assert answer.cookies == ()
    assert b"access_token" not in answer.body
    assert b"evil.test" not in answer.body
    assert b"<script>alert" not in answer.body


CLAIMS = {"email": f"otto@{HOME}", "email_verified": "true", "name": "otto", "sub": "1"}
PROVIDERS = (
    *("/auth/auth/openid_connect/callback", "/auth/auth/saml/callback", "/auth/auth/cas/callback"),
    *("/auth/callback", "/oauth/callback", "/sign-in/callback", "/login/oauth2/code/x"),
    *("/saml/acs", "/openid/callback", "/sign-in/provider"),
)
# By which a proxy in front would name whom it has let in.
NAMED = {
    "Remote-User": "otto",
    "X-Remote-User": "otto",
    "X-Forwarded-User": "otto",
    "X-Forwarded-Email": f"otto@{HOME}",
    "X-Auth-Request-Email": f"otto@{HOME}",
    "X-Webauth-User": "otto",
}


async def test_a10_an_identity_provider_says_who_it_is(trial: Trial):
    browser = Browser(trial.stage, trial.source)
    page = await browser.get("/sign-in")
    assert b"provider" not in page.body, "play it for real"
    fields = {**CLAIMS, "code": "x", "state": "x", "id_token": "e30.e30.", "SAMLResponse": "x"}
    for path in PROVIDERS:
        gives_nothing(await browser.get(f"{path}?{urlencode(fields)}"))
        gives_nothing(await browser.send_form(path, fields))
    # Nor on the page where people sign in: neither by claims nor by what a proxy would add.
    csrf = await browser.token_of("/sign-in")
    answer = await browser.send_form("/sign-in", {**fields, "csrf": csrf}, **NAMED)
    assert answer.status in {400, 403, 422}
    for path in ("/chat", "/settings", f"{API}/me", "/api/v1/accounts/verify_credentials"):
        answer = await browser.get(path, **NAMED)
        assert answer.status in {303, 401, 404}
        assert "otto" not in str(answer.body).lower()


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """A tar archive of these."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def link_to(target: str, kind: bytes) -> tarfile.TarInfo:
    """A link of an archive."""
    info = tarfile.TarInfo("data/link")
    info.type, info.linkname = kind, target
    return info


def endless() -> bytes:
    """A member that says it has ten tebibytes, of which the first come along."""
    info = tarfile.TarInfo("zeros")
    info.size = 10 << 40
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 16)


TARS = {
    "above": lambda: tar_of((tarfile.TarInfo("../../covey-escaped"), b"x")),
    "absolute": lambda: tar_of((tarfile.TarInfo("/tmp/covey-escaped"), b"x")),  # noqa: S108
    "a symbolic link": lambda: tar_of((link_to("/etc/passwd", tarfile.SYMTYPE), b"")),
    "a hard link": lambda: tar_of((link_to("../config.toml", tarfile.LNKTYPE), b"")),
    "illegal names": lambda: tar_of((tarfile.TarInfo("con\x01\n../aux:\xff"), b"x")),
    "zeros": endless,
}


def zip_of(name: str, claimed: int = 0) -> bytes:
    """A zip archive of one file, which may claim to become as large as the format allows."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(1 << 20))
    data = bytearray(file.getvalue())
    if claimed:
        where = data.rindex(b"PK\x01\x02")
        data[where + 24 : where + 28] = struct.pack("<I", claimed)
    return bytes(data)


IMPORTS = (
    *(f"{API}/import", f"{API}/imports", f"{API}/restore", "/settings/import", "/import"),
    *("/api/v1/import", "/u/otto/import", f"{API}/admin/policy/import"),
)


async def test_m08_an_archive_that_is_not_unpacked(fresh: Trial):
    stage, place = fresh.stage, fresh.stage.folder / HOME
    archives = [made() for made in TARS.values()]
    packed = {f"{name}.zip": zip_of(name) for name in ("../../covey-escaped", "/covey-escaped")}
    packed["zeros.zip"] = zip_of("zeros", claimed=(1 << 32) - 2)
    bearer = {"Authorization": f"Bearer {stage.node.tokens['otto']}"}
    # A node that starts asks what it has missed.
    fresh.may_change("media", "conversation", "repair")
    for data in (*archives, *packed.values()):
        for path in IMPORTS:
            headers = bearer | {"Content-Type": "application/octet-stream"}
            answer = await stage.send(plain("POST", path, headers, data))
            assert answer.status in ABSENT, "play it for real"
    # As files for a message: such a tar is none, and a zip is what it was.
    for data in archives:
        fresh.answers.append(await upload(fresh, data, "../../a.tar"))
    for name, data in packed.items():
        answer = await upload(fresh, data, name)
        assert answer.status == 201
        served = await stage.send(
            plain("GET", answer.document["url"].removeprefix(f"https://{HOME}"), bearer)
        )
        assert served.body == data
        assert "attachment" in served.headers["content-disposition"]

    def files() -> set[str]:
        return {str(one) for one in place.rglob("*") if "covey.db" not in one.name}

    kept = files()
    assert not list(stage.folder.rglob("*escaped*"))
    # Nothing was begun that a start would go on with.
    await stage.node.kill()
    await stage.node.start()
    await stage.idle()
    assert files() == kept


LINES = "\r\nBcc: eve@evil.test\r\nevent: evil\r\ndata: {}\r\n\r\n"
TEXT = f"<b>hello</b>{LINES}<img src=x onerror=alert(1)>"


async def test_x09_nothing_is_sent_by_mail(trial: Trial):
    stage = trial.stage
    bearer = {"Authorization": f"Bearer {stage.node.tokens['otto']}"}
    headers = bearer | {"Content-Type": "application/json"}
    body = json.dumps({"mail": "otto@evil.test"}).encode()
    answer = await stage.send(plain("POST", f"{API}/notifications/mail", headers, body))
    assert answer.status in ABSENT, "play it for real"
    trial.has_an_effect()
    dialled = len(stage.dialled())
    await trial.send(HANA.post(HANA.create(stage.otto.uri, text=TEXT)))
    await stage.idle()

    assert stage.dialled()[dialled:] == []


async def test_x09_a_push_says_what_was_written_and_nothing_around_it(trial: Trial):
    stage = trial.stage
    odd = Actor("https://x09.test/users/pusher", other={"name": TEXT, "summary": TEXT})
    introduce(stage.peer, odd)
    stage.peer.act("push.x09.test", "/for/otto", told(201))
    trial.has_an_effect()
    trial.may_change("actor", "remote_key", "repair", "push_subscription", "delivery")
    headers = {
        "Authorization": f"Bearer {stage.node.tokens['otto']}",
        "Content-Type": "application/json",
    }
    key, auth = generate_private_key(SECP256R1()), b"sixteen bytes..!"
    wish = {
        "endpoint": "https://push.x09.test/for/otto",
        "keys": {"p256dh": in_url(point_of(key)), "auth": in_url(auth)},
        "show_text": True,
    }

    async def ask(path: str, body: object, method: str = "POST") -> Answer:
        return await stage.send(plain(method, f"{API}{path}", headers, json.dumps(body).encode()))

    # Nobody is told of requests: otto has to know whom it is from.
    pair = {"kind": "direct", "members": ["pusher@x09.test"], "text": "hello"}
    assert (await ask("/conversations", pair)).status == 201
    assert (await ask("/push/subscriptions", wish)).status == 201
    await trial.send(odd.post(odd.create(stage.otto.uri, text=TEXT)))
    await stage.idle()
    async with asyncio.timeout(30):
        while not stage.peer.asked("push.x09.test"):
            await stage.idle()

    # What others say in the cases that follow is pushed to nobody.
    assert (await ask("/push/subscriptions", {}, "DELETE")).status == 204

    (request,) = stage.peer.asked("push.x09.test")
    assert {name.lower() for name in request.headers} <= PUSH_HEADERS
    assert "hello" not in str(request.headers)
    said = json.loads(opened(request.body, key, auth))
    assert set(said) == {"type", "conversation", "message", "title", "author", "text"}
    assert "\n" not in said["author"]


async def test_x09_line_breaks_in_the_event_stream(trial: Trial):
    stage = trial.stage
    odd = Actor("https://x09.test/users/odd", other={"name": TEXT, "summary": TEXT})
    introduce(stage.peer, odd)
    trial.has_an_effect()
    trial.may_change("actor", "remote_key", "repair", "reaction", "report")
    reader, writer = await stage.line.dial(trial.source)
    bearer = {"Authorization": f"Bearer {stage.node.tokens['otto']}"}
    writer.write(raw_of(plain("GET", f"{API}/events", bearer)))
    await reader.readuntil(b"\r\n\r\n")
    for who in (odd, HANA):
        create = who.create(stage.otto.uri, summary=TEXT, name=TEXT)
        create["object"]["content"] = TEXT
        await trial.send(who.post(create))
        await trial.send(who.post(who.activity("Like", create["object"]["id"], content=TEXT)))
        await trial.send(who.post(who.activity("Flag", stage.otto.uri, content=TEXT)))
    await stage.idle()
    await trial.send(HANA.post(HANA.create(stage.otto.uri, text="the last one")))
    heard = b""
    async with asyncio.timeout(30):
        while b"the last one" not in heard:
            heard += await reader.read(65536)
    writer.close()

    # Each line is one of ours, and so is each line of the log.
    assert b"hello" in heard
    for line in heard.decode().splitlines():
        assert line.startswith((":", "id: ", "event: ", "data: {")) or _is_framing(line), line
        assert not line.startswith("event: evil")
    assert not [line for line in trial.log_lines() if line.startswith(("Bcc", "event", "data"))]


def _is_framing(line: str) -> bool:
    """Whether it is an empty line, or the length of a chunk."""
    return all(one in "0123456789abcdefABCDEF" for one in line)

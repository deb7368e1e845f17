"""Group R of the corpus: whatever others write, the node dials no address that is not public."""

import asyncio
import gzip
import ssl
import warnings
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import trustme

from tests.hostile.cast import EVE, HANA, Actor
from tests.hostile.peer import ADDRESS, Act, drip, moved, told
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial
from tests.support.gate import Exchange
from tests.support.person import Room
from tests.support.signer import encoded

ADDRESSES = (
    *("127.0.0.1", ".".join("0000"), "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]"),
    *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "10.0.0.1", "172.16.0.1"),
    *("192.168.0.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "192.88.99.1"),
    *("224.0.0.1", "240.0.0.1", "255.255.255.255", "[fc00::1]", "[fe80::1]", "[fec0::1]"),
    *("[ff02::1]", "[5f00::1]", "[3fff::1]"),
    # Other spellings of loopback.
    *("127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "127.0.0.1."),
)
LEARNED = ("actor", "remote_key")
MIB = 1 << 20


def known_by(key_id: str) -> dict[str, str]:
    """The parameters that name a key."""
    return {"keyId": f'"{key_id}"'}


async def asks_for_key(trial: Trial, url: str) -> int:
    """Let Eve name this document as that of her key; the status."""
    create = EVE.create(trial.stage.otto.uri)
    return await trial.status_of(EVE.post(create, parameters=known_by(url)))


@pytest.mark.parametrize("address", ADDRESSES)
async def test_r01_an_address_that_is_not_public(trial: Trial, address: str):
    stage, url = trial.stage, f"https://{address}/x"
    if address == "localhost":
        stage.peer.names.answers["localhost"] = [[("127.0.0.1", 0)]]
    trial.has_an_effect()
    trial.may_change(*LEARNED, "remote_media", "repair")

    assert await asks_for_key(trial, url) == 401
    picture = {"type": "Image", "mediaType": "image/png", "url": url}
    create = HANA.create(stage.otto.uri, url=url, attachment=[picture], icon=picture, image=picture)
    create["object"]["tag"] += [{"type": "Emoji", "name": ":x:", "icon": picture}]
    await trial.send(HANA.post(create))
    await trial.shows_once(create)
    for shown in await attachments_of(trial, create["object"]["id"]):
        await stage.otto.node.call(
            "GET", shown, headers={"Authorization": f"Bearer {stage.otto.token}"}
        )
    inward = Actor(f"https://evil.test/users/r01-{ADDRESSES.index(address)}", key_name=EVE.uri)
    stage.peer.serve(inward.uri, inward.document(inbox=url, endpoints={"sharedInbox": url}))
    await trial.send(inward.post(inward.create(stage.otto.uri)))


async def attachments_of(trial: Trial, uri: str) -> list[str]:
    """Where the pictures of a message are shown to Otto."""
    (row,) = trial.stage.rows("SELECT id FROM message WHERE uri = ?", uri)
    (seen,) = [
        one
        for room in await trial.stage.otto.rooms("joined")
        for one in (
            await trial.stage.otto.must("GET", f"/conversations/{room['id']}/messages?limit=50")
        )["items"]
        if one["id"] == row["id"]
    ]
    return [urlsplit(one["url"]).path for one in seen["attachments"] if one.get("url")]


INWARD = {
    "loopback": [[("127.0.0.1", 0)]],
    "rebinding": [[(ADDRESS, 0)], [("127.0.0.1", 0)]],
    "both, the good one first": [[(ADDRESS, 0), ("127.0.0.1", 0)]],
    "both, the bad one first": [[("127.0.0.1", 0), (ADDRESS, 0)]],
    "NAT64": [[("64:ff9b::7f00:1", 0)]],
    "mapped": [[("::ffff:127.0.0.1", 0)]],
    "metadata": [[("169.254.169.254", 0)]],
    "unspecified": [[(".".join("0000"), 0)]],
}


@pytest.mark.parametrize("how", INWARD)
async def test_r03_a_name_that_resolves_inward(trial: Trial, how: str):
    peer = trial.stage.peer
    host = f"inward{list(INWARD).index(how)}.test"
    peer.names.answers[host] = [
        [(address, peer.port if address == ADDRESS else 443) for address, _ in places]
        for places in INWARD[how]
    ]
    trial.may_change("repair")
    for n in range(3):
        assert await asks_for_key(trial, f"https://{host}/{n}") == 401
    create = Actor(f"https://{host}/users/x").create(trial.stage.otto.uri)
    await trial.send(EVE.post(create))

    await trial.shows_nothing(create)
    assert host in peer.names.asked


@pytest.mark.parametrize(
    "to",
    [
        *("http://127.0.0.1/", "https://127.0.0.1/", "http://evil.test/x", "file:///etc/passwd"),
        *("gopher://127.0.0.1/", "data:application/activity+json,{}", "ftp://evil.test/"),
        *("https://[::1]/", "//127.0.0.1/x", "https://victim.test/x", "\\\\127.0.0.1\\x"),
    ],
)
async def test_r04_a_redirect_inward_or_to_another_scheme(trial: Trial, to: str):
    path = f"/r04/{abs(hash(to))}"
    trial.stage.peer.act("evil.test", path, moved(to))

    assert await asks_for_key(trial, f"https://evil.test{path}") == 401
    assert trial.fetched()[:1] == [f"https://evil.test{path}"]
    assert set(trial.fetched()[1:]) <= {"https://victim.test/x"}


async def test_r06_redirect_loops(trial: Trial):
    peer = trial.stage.peer
    fresh = iter(range(10_000))

    async def random_query(exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        await moved(f"https://loop.test/random?{next(fresh)}")(exchange, writer)

    peer.act("loop.test", "/itself", moved("https://loop.test/itself"))
    peer.act("loop.test", "/a", moved("https://loop.test/b"))
    peer.act("loop.test", "/b", moved("https://loop.test/a"))
    peer.act("loop.test", "/random", random_query)
    for hop in range(50):
        peer.act("loop.test", f"/hop{hop}", moved(f"/hop{hop + 1}", 301 + hop % 2))
    for path, most in (("itself", 1), ("a", 2), ("random", 4), ("hop0", 4)):
        before = len(trial.fetched("loop.test"))
        assert await asks_for_key(trial, f"https://loop.test/{path}") == 401
        assert len(trial.fetched("loop.test")) - before <= most


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_r07_a_redirected_delivery(fresh: Trial, status: int):
    stage = fresh.stage
    stage.peer.act(HANA.host, "/inbox", moved("https://evil.test/inbox", status))
    fresh.has_an_effect()
    fresh.may_change("delivery", *LEARNED)
    await stage.otto.write_to(HANA.acct, "for Hana alone")
    await stage.until(lambda: bool(stage.peer.asked(HANA.host, "/inbox", "POST")))
    await stage.idle()

    assert fresh.fetched("evil.test") == []
    (row,) = stage.rows(
        "SELECT state FROM delivery WHERE host = ? AND state <> 'delivered'", HANA.host
    )
    assert row["state"] == "pending"
    assert HANA.uri in fresh.fetched(HANA.host)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://user:pass@evil.test/x",
            "https://user@evil.test/x",
            "https://evil.test/%0d%0aX:",
        ),
        *("https://evil.test/a\\r\\nHost: x", "https://evil.test/a\\tb", "https://evil.test/%00"),
        *("https://evil.test/" + "a" * 3000, "https://evil.test/a b", "https://evil..test/x"),
        *("https:///x", "https://evil.test\\@127.0.0.1/", "https://evil.test/%7f"),
    ],
    ids=lambda url: url[8:30],
)
async def test_r09_a_hostile_url(trial: Trial, url: str):
    stage = trial.stage
    asked = len(stage.peer.names.asked)
    url = url.replace("evil", "hostile")
    real = url.replace("\\r\\n", "\r\n").replace("\\t", "\t")
    trial.may_change("repair")
    if "\\" not in url:
        await asks_for_key(trial, url)
    for name in ("actor", "id"):
        create = EVE.create(stage.otto.uri) | {name: real}
        await trial.send(EVE.post(create))

    await stage.idle()
    assert "hostile.test" not in str(stage.peer.names.asked[asked:])


async def test_r11_every_other_fetch(trial: Trial):
    stage, inward = trial.stage, "https://127.0.0.1/x"
    trial.has_an_effect()
    trial.may_change(*LEARNED, "repair")
    icon = {"type": "Image", "url": inward}
    create = HANA.create(
        stage.otto.uri, text=f'<a href="{inward}">see</a> {inward}', quoteUrl=inward
    )
    create |= {"@context": [create["@context"], inward]}
    create["object"]["tag"] += [{"type": "Emoji", "name": ":in:", "icon": icon, "id": inward}]
    create["object"] |= {"replies": inward, "preview": {"type": "Link", "href": inward}}
    await trial.send(HANA.post(create))
    await trial.shows_once(create)
    stage.peer.names.answers["localhost"] = [[("127.0.0.1", 0)]]
    for acct in ("x@127.0.0.1", "x@localhost", "x@[::1]", "x@10.0.0.1", "x@127.1"):
        await stage.otto.ask("POST", "/people/resolve", {"acct": acct})
    await stage.otto.ask("POST", "/conversations/join", {"link": f"{inward}/join/{'6f' * 16}"})
    await stage.idle()

    assert trial.fetched() == []


def encoded_by(coding: str, body: bytes) -> Act:
    """An answer that says how it is encoded."""
    return told(body=body, headers={"Content-Encoding": coding})


async def test_r12_encoded_and_endless_bodies(trial: Trial):
    peer = trial.stage.peer
    bomb = gzip.compress(b" " * (64 * MIB))
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\nContent-Length: %d\r\n\r\n"
    )
    chunked = head.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked")
    trial.memory_mib = 16
    for path, act in {
        "ten": drip(head % (10 << 30), every_s=0, piece=b" " * MIB),
        "chunks": drip(chunked, every_s=0, piece=b"100000\r\n" + b" " * MIB + b"\r\n"),
        "gzip": encoded_by("gzip", bomb),
        "deflate": encoded_by("deflate", zlib.compress(b" " * (64 * MIB))),
        "br": encoded_by("br", bomb),
        "twice": encoded_by("gzip, gzip", gzip.compress(bomb)),
    }.items():
        peer.act("bomb.test", f"/{path}", act)
        assert await asks_for_key(trial, f"https://bomb.test/{path}") == 401


async def test_r13_dripping_servers(trial: Trial):
    peer = trial.stage.peer
    kind = b"Content-Type: application/activity+json"
    head = b"HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 9999\r\n\r\n" % kind
    peer.act("drip1.test", "", drip(b"HTTP/1.1 200 OK\r\n", every_s=1, piece=b"X"))
    peer.act("drip2.test", "", drip(head, every_s=0.2))
    peer.act("drip3.test", "", drip(head, every_s=0.2, piece=b"{"))
    statuses = await asyncio.gather(
        *(asks_for_key(trial, f"https://drip{n}.test/x") for n in (1, 2, 3))
    )

    assert statuses == [503, 503, 503]
    assert max(answer.seconds for answer in trial.answers) < 12


async def test_r15_crafted_html(trial: Trial):
    peer = trial.stage.peer
    links = b"<link rel=alternate " + b"type='" * 20_000 + b"a" * 20_000
    page = b"<html><head>" + b"<link rel='alternate' " * 5000 + links
    peer.act("html.test", "", told(body=page, content_type="text/html"))

    assert await asks_for_key(trial, "https://html.test/@x") == 401
    status, _ = await trial.stage.otto.ask("POST", "/people/resolve", {"acct": "x@html.test"})
    assert status >= 400
    assert len(trial.fetched("html.test")) <= 3


def contexts(ca: trustme.CA) -> dict[str, ssl.SSLContext]:
    """Certificates that nobody should believe."""
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    made = {
        "expired": ca.issue_cert("tls-expired.test", not_before=long_ago, not_after=long_ago),
        "another name": ca.issue_cert("other.test"),
        "another authority": trustme.CA().issue_cert("tls-another-authority.test"),
        "old": ca.issue_cert("tls-old.test"),
    }
    found = {}
    for name, certificate in made.items():
        found[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(found[name])
    with warnings.catch_warnings(action="ignore"):
        found["old"].set_ciphers("ALL:@SECLEVEL=0")
        found["old"].minimum_version = ssl.TLSVersion.TLSv1
        found["old"].maximum_version = ssl.TLSVersion.TLSv1
    return found


@asynccontextmanager
async def listening(context: ssl.SSLContext) -> AsyncIterator[int]:
    """A server that would answer with an actor, had anybody believed its certificate."""

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await told(body=encoded(EVE.document()))(None, writer)  # type: ignore[arg-type]
        writer.close()

    server = await asyncio.start_server(answer, ADDRESS, 0, ssl=context)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.parametrize("fault", ["expired", "another name", "another authority", "old"])
async def test_r16_bad_tls(trial: Trial, fault: str):
    host = f"tls-{fault.replace(' ', '-')}.test"
    async with listening(contexts(trial.stage.ca)[fault]) as port:
        trial.stage.peer.names.answers[host] = [[(ADDRESS, port)]]
        assert await asks_for_key(trial, f"https://{host}/x") == 503


async def test_r16_a_delivery_waits_and_says_why(fresh: Trial):
    stage = fresh.stage
    other = trustme.CA().issue_cert(HANA.host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    other.configure_cert(context)
    stage.peer.believe(HANA.host, context)
    fresh.has_an_effect()
    fresh.may_change("delivery")
    await stage.otto.say(Room(people=frozenset({stage.otto.uri, HANA.uri})), "for Hana alone")
    sql = "SELECT * FROM peer WHERE host = ? AND last_error <> ''"
    await stage.until(lambda: bool(stage.rows(sql, HANA.host)))

    (lane,) = stage.rows(sql, HANA.host)
    shown = await stage.lena.must("GET", "/admin/peers")
    assert lane["last_error"] in str(shown)
    assert stage.peer.asked(HANA.host, "/inbox", "POST") == []
    introduce(stage.peer, HANA)


@pytest.mark.parametrize(
    "kinds",
    [
        ["text/html"],
        ["application/json"],
        ["application/ld+json"],
        ['application/ld+json; profile="https://evil.test/"'],
        ["application/activity+json", "text/html"],
        ["application/activity+json", "application/activity+json"],
        ["application/activity+json; charset=latin-1"],
        [],
    ],
    ids=str,
)
async def test_r17_wrong_content_types(trial: Trial, kinds: list[str]):
    holder = Actor(f"https://evil.test/users/r17-{abs(hash(str(kinds)))}", key_name=EVE.uri)
    trial.stage.peer.serve(holder.uri, holder.document(), content_type=kinds)

    assert (await trial.send(holder.post(holder.create(trial.stage.otto.uri)))).status == 401
    assert trial.fetched() == [holder.uri]

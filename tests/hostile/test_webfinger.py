"""Group W of the corpus: a handle is shown if both its ends say so, and ours tell no secrets."""

from typing import Any

import pytest

from tests.hostile.cast import HOME, Actor
from tests.hostile.peer import told
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial
from tests.hostile.wire import plain
from tests.support.signer import encoded

LEARNED = ("actor", "remote_key", "repair")
JRD = "application/jrd+json"


def serve_jrd(trial: Trial, host: str, jrd: dict[str, Any], kind: str = JRD) -> None:
    """What a host's WebFinger answers."""
    act = told(body=encoded(jrd), content_type=kind)
    trial.stage.peer.act(host, "/.well-known/webfinger", act)


async def resolved(trial: Trial, acct: str) -> tuple[int, dict[str, Any]]:
    """What Otto finds under a handle."""
    return await trial.stage.otto.ask("POST", "/people/resolve", {"acct": acct})


@pytest.mark.parametrize("subject", ["alice@victim.test", f"lena@{HOME}", "ALICE@a.test"])
async def test_w01_a_foreign_subject(trial: Trial, subject: str):
    number = len(subject)
    liar = Actor(f"https://w01-{number}.test/users/alice")
    introduce(trial.stage.peer, liar)
    serve_jrd(trial, liar.host, liar.jrd() | {"subject": f"acct:{subject}"})
    trial.may_change(*LEARNED)
    status, found = await resolved(trial, liar.acct)

    domain = subject.partition("@")[2]
    assert status >= 400 or not found["acct"].endswith(f"@{domain}")
    rows = trial.stage.rows("SELECT domain FROM actor WHERE uri = ?", liar.uri)
    assert all(row["domain"] != domain for row in rows)


def self_link(href: str, **other: str) -> dict[str, str]:
    return {"rel": "self", "type": "application/activity+json", "href": href, **other}


async def test_w03_odd_jrds(trial: Trial):
    person = Actor("https://w03.test/users/odd")
    introduce(trial.stage.peer, person)
    trial.may_change(*LEARNED)
    good, other = self_link(person.uri), self_link("https://w03.test/users/other")
    # A link that is no use is passed over; the first that is counts.
    for before in (
        [self_link("http://w03.test/users/odd")],
        [self_link(person.uri, type="text/html"), self_link(person.uri, rel="me")],
        [{"rel": "self"}, {}, {"rel": "self", "href": 5}],
    ):
        links = [*before, good, other]
        serve_jrd(trial, person.host, {"subject": f"acct:{person.acct}", "links": links})
        status, found = await resolved(trial, person.acct)
        assert (status, found.get("uri")) == (200, person.uri)


async def test_w03_ten_thousand_links(trial: Trial):
    person = Actor("https://w03-many.test/users/odd")
    introduce(trial.stage.peer, person)
    trial.may_change(*LEARNED)
    links = [self_link(f"https://w03-many.test/{n}", type="x") for n in range(10_000)]
    serve_jrd(trial, person.host, person.jrd() | {"links": [*links, self_link(person.uri)]})

    assert (await resolved(trial, person.acct))[0] >= 400
    assert all("/users/" not in url for url in trial.fetched(person.host))


@pytest.mark.parametrize("kind", ["application/xrd+xml", "text/xml", JRD])
async def test_w04_an_xml_answer(trial: Trial, kind: str):
    entities = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
    )
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [%s<!ENTITY f SYSTEM "file:///etc/passwd">]>' % entities
    )
    host = f"w04-{len(kind)}.test"
    page = bomb + b"<XRD><Subject>&l9;&f;</Subject></XRD>"
    trial.stage.peer.act(host, "/.well-known/webfinger", told(body=page, content_type=kind))
    trial.memory_mib = 16

    assert (await resolved(trial, f"x@{host}"))[0] >= 400


async def test_w06_our_webfinger_for_special_accounts(fresh: Trial):
    stage = fresh.stage
    for name, state in (("sue", "suspended"), ("dee", "deleted")):
        stage.write("UPDATE account SET state = ? WHERE name = ?", state, name)
        stage.write("UPDATE actor SET state = ? WHERE username = ? AND local", state, name)
    fresh.begin()
    path = "/.well-known/webfinger?resource=acct:"
    for name, statuses in (
        ("sue", {404, 410}),
        ("dee", {404, 410}),
        ("SUE", {404, 410}),
        ("nobody", {404}),
        ("OTTO", {200}),
        ("Otto", {200}),
    ):
        answer = await fresh.send(plain("GET", f"{path}{name}@{HOME}"))
        assert answer.status in statuses
        if answer.status == 200:
            assert answer.document["subject"] == f"acct:otto@{HOME}"
        else:
            assert name.encode() not in answer.body
    for foreign in ("otto@evil.test", "otto", "", f"otto@{HOME}@evil.test"):
        assert (await stage.send(plain("GET", f"{path}{foreign}"))).status in {400, 404}


NAMES = {
    "RTL": "eve\u202etto",
    "slash": "eve/../otto",
    "at": "otto@home.test",
    "long": "e" * 5000,
    "emoji": "😈eve",
    "markup": "<b>otto</b>",
    "lines": "eve\nX: y",
    "empty": "",
    "NUL": "eve\\u0000",
    "no text": 5,
}


@pytest.mark.parametrize("name", NAMES)
async def test_w07_a_hostile_user_name(trial: Trial, name: str):
    stage = trial.stage
    person = Actor(f"https://w07.test/users/{list(NAMES).index(name)}")
    odd = Actor(person.uri, other={"preferredUsername": NAMES[name], "name": NAMES[name]})
    stage.peer.serve(person.uri, odd.document())
    trial.has_an_effect()
    trial.may_change(*LEARNED)
    create = person.create(stage.otto.uri)
    await trial.send(person.post(create))

    await trial.shows_once(create)
    (row,) = stage.rows("SELECT * FROM message WHERE uri = ?", create["object"]["id"])
    path = f"/conversations/{row['conversation_id']}/messages"
    shown = (await stage.otto.must("GET", path))["items"][-1]["author"]
    assert shown["uri"] == person.uri
    assert "w07.test" in shown["acct"]
    assert HOME not in shown["acct"]
    assert len(shown["acct"]) < 300
    assert not set("\u202e\n\0") & set(shown["acct"] + shown["name"])

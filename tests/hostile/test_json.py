"""Group J of the corpus: a body is read in one way, or not at all."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.hostile.cast import ALICE, CONTEXT, EVE, PUBLIC, Actor, body_of, now
from tests.hostile.dialects import DIALECTS, Dialect, shuffled
from tests.hostile.trial import Trial
from tests.support.signer import encoded

DEEP = 100_000


def written(trial: Trial, **parts: str) -> bytes:
    """A message to Otto in which these properties have these texts, byte for byte."""
    create = ALICE.create(trial.stage.otto.uri)
    marks = {name: f"<<{name}>>" for name in parts}
    where = {name: create["object"] if name in create["object"] else create for name in parts}
    for name, mark in marks.items():
        where[name][name] = mark
    text = json.dumps(create)
    for name, mark in marks.items():
        text = text.replace(json.dumps(mark), parts[name])
    return text.encode()


@pytest.mark.parametrize("body", ["", "null", "[]", '"x"', "1", "{}", "true", "{", "\ufeff{}"])
async def test_j01_no_activity(trial: Trial, body: str):
    await trial.send(ALICE.post(body.encode()))

    assert trial.fetched() == []


@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")], ids=["[", "{", "[{"]
)
async def test_j02_a_hundred_thousand_brackets(trial: Trial, opening: str, closing: str):
    count = DEEP // len(closing)
    for deep in (opening * count, opening * count + "1" + closing * count):
        await trial.send(ALICE.post(deep.encode()))
        await trial.send(ALICE.post(f'{{"type":"Create","object":{deep}}}'.encode()))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 400])
@pytest.mark.parametrize("name", ["content", "published", "id", "extra"])
async def test_j03_numbers_that_are_none(trial: Trial, number: str, name: str):
    body = written(trial, content=number) if name == "extra" else written(trial, **{name: number})
    await trial.send(ALICE.post(body))


TWICE = {
    "actor": ('"actor": ', f'"actor": "{EVE.uri}", "actor": '),
    "actor, escaped": ('"actor": ', f'"\\u0061ctor": "{EVE.uri}", "actor": '),
    "actor, the other way": ('"actor": ', f'"actor": "{ALICE.uri}", "\\u0061ctor": '),
    "object": ('"object": ', '"object": {}, "object": '),
    "content": ('"content": ', '"content": "", "content": '),
    "type": ('"type": ', '"type": "Delete", "type": '),
}


@pytest.mark.parametrize("name", TWICE)
async def test_j05_a_name_twice(trial: Trial, name: str):
    body = encoded(ALICE.create(trial.stage.otto.uri)).decode()
    old, new = TWICE[name]
    assert old in body

    await trial.send(ALICE.post(body.replace(old, new, 1).encode()))


@pytest.mark.parametrize("name", ["content", "id", "summary", "actor"])
@pytest.mark.parametrize("half", ['"\\ud800"', '"\\udc00x"', '"\\ud800\\ud800"'])
async def test_j06_a_lone_surrogate(trial: Trial, name: str, half: str):
    await trial.send(ALICE.post(written(trial, **{name: half})))


@pytest.mark.parametrize("keyword", ["@graph", "@included", "@reverse"])
@pytest.mark.parametrize("depth", [0, 1, 3])
async def test_j09_structure_keywords(trial: Trial, keyword: str, depth: int):
    create = ALICE.create(trial.stage.otto.uri)
    inner: Any = {keyword: [{"type": "Note"}]}
    for _ in range(depth):
        inner = {"extra": [inner]}
    await trial.send(ALICE.post(create | inner))


async def test_j10_a_linked_data_signature_inside_out(trial: Trial):
    announce = ALICE.activity("Announce", "https://a.test/n/1")
    signed = {"type": "RsaSignature2017", "creator": ALICE.key_id, "signatureValue": "YQ=="}
    undo = ALICE.activity("Undo", announce) | {"signature": signed}
    turned = announce | {"object": undo, "signature": signed}
    for document in (turned, undo, announce | {"signature": signed}):
        await trial.send(EVE.post(document))

    await trial.stage.idle()
    assert trial.changed() <= {"peer", "setting"}


@pytest.mark.parametrize("name", ["actor", "id", "content", "to", "type", "object"])
@pytest.mark.parametrize("shape", ["text", "object", "prefix"])
async def test_j12_a_context_that_renames_core_terms(trial: Trial, name: str, shape: str):
    elsewhere = {
        "text": {name: "https://evil.test/ns#x"},
        "object": {name: {"@id": "https://evil.test/ns#x", "@type": "@id"}},
        "prefix": {"evil": "https://evil.test/ns#", name: "evil:x"},
    }[shape]
    create = ALICE.create(trial.stage.otto.uri) | {"@context": [CONTEXT, elsewhere]}
    await trial.send(ALICE.post(create))

    await trial.shows_nothing(create)


@pytest.mark.parametrize(
    "context",
    [
        "https://evil.test/context.jsonld",
        [CONTEXT, "http://localhost:8420/context", "https://127.0.0.1/context"],
        [f"https://evil.test/{n}" for n in range(1000)],
    ],
    ids=["one", "inward", "a thousand"],
)
async def test_j13_contexts_to_fetch(trial: Trial, context: object):
    create = ALICE.create(trial.stage.otto.uri) | {"@context": context}
    trial.has_an_effect()
    await trial.send(ALICE.post(create))

    await trial.shows_once(create)
    assert trial.fetched() == []


@pytest.mark.parametrize("kind", [["Create", "Delete"], ["Create"], {}, 5, None, [], ""])
async def test_j14_odd_types(trial: Trial, kind: object):
    await trial.send(ALICE.post(ALICE.create(trial.stage.otto.uri) | {"type": kind}))


BAD_IDS = [
    *("a/1", "//a.test/a/1", "javascript:alert(1)", "data:text/html,x", "acct:alice@a.test"),
    *(
        "urn:uuid:6f1c1a52",
        "http://a.test/a/1",
        "https://u:p@a.test/a/1",
        "https:///a",
        "",
        "https://",
    ),
    *("ftp://a.test/a/1", "https://a.test/a\n1", f"https://a.test/{'a' * 3000}"),
]


@pytest.mark.parametrize("bad", BAD_IDS)
async def test_j17_a_bad_id(trial: Trial, bad: str):
    create = ALICE.create(trial.stage.otto.uri)
    await trial.send(ALICE.post(create | {"id": bad}))
    await trial.send(ALICE.post(create | {"object": create["object"] | {"id": bad}}))


async def test_j17_no_id(trial: Trial):
    create = ALICE.create(trial.stage.otto.uri)
    without = {name: value for name, value in create.items() if name != "id"}
    await trial.send(ALICE.post(without))
    await trial.send(ALICE.post(create | {"id": {"id": create["id"]}}))
    await trial.send(ALICE.post(create | {"id": 5}))


async def test_j19_spellings_of_public(trial: Trial):
    stage = trial.stage
    trial.has_an_effect()
    trial.may_change("message_version")
    kinds = set()
    for spelling in (PUBLIC, "as:Public", "Public"):
        create = ALICE.create(stage.otto.uri)
        for document in (create, create["object"]):
            document["to"] = [stage.otto.uri, spelling]
        await trial.send(ALICE.post(create))
        await stage.idle()
        kinds.add(visibility(trial, create))
    assert len(kinds) == 1

    create = ALICE.create(stage.otto.uri)
    await trial.send(ALICE.post(create))
    await stage.idle()
    private = visibility(trial, create)
    note = create["object"] | {"updated": create["published"].replace("20", "21", 1)}
    for spelling in (PUBLIC, "as:Public", "Public"):
        note = note | {"to": [stage.otto.uri, spelling], "content": "<p>widened</p>"}
        await trial.send(ALICE.post(ALICE.activity("Update", note, to=note["to"])))
        await stage.idle()
        assert visibility(trial, create) == private


def visibility(trial: Trial, create: Mapping[str, Any]) -> tuple[Any, ...]:
    """Where a message stands and whom it is shown to."""
    uri = create["object"]["id"]
    rows = trial.stage.rows(
        "SELECT c.kind, m.conversation_id, group_concat(r.actor_uri) AS shown FROM message m"
        " JOIN conversation c ON c.id = m.conversation_id"
        " LEFT JOIN recipient r ON r.message_id = m.id WHERE m.uri = ? GROUP BY m.id",
        uri,
    )
    return tuple(tuple(row.values()) for row in rows)


@pytest.mark.parametrize("name", ["to", "cc"])
async def test_j20_fifty_thousand_recipients(trial: Trial, name: str):
    create = ALICE.create(trial.stage.otto.uri)
    many = [trial.stage.otto.uri, *(f"https://b.c/{n:x}" for n in range(45_000))]
    assert await trial.status_of(ALICE.post(body_of(create | {name: many}))) == 400
    note = create["object"] | {name: many}
    assert await trial.status_of(ALICE.post(body_of(create | {"object": note}))) == 400
    assert trial.fetched() == []


async def test_j20_a_hundred_and_one_recipients(trial: Trial):
    people = [trial.stage.otto.uri, *(f"https://b.test/{n}" for n in range(100))]

    assert await trial.status_of(ALICE.post(ALICE.create(*people))) == 400


@pytest.mark.parametrize(
    ("name", "one", "count"),
    [
        ("tag", {"type": "A"}, 16_000),
        ("tag", "x", 45_000),
        ("oneOf", {"type": "Note", "name": "x"}, 10_000),
        ("attachment", {"type": "Image"}, 10_000),
    ],
)
async def test_j20_long_lists(trial: Trial, name: str, one: object, count: int):
    create = ALICE.create(trial.stage.otto.uri)
    create["object"][name] = [one] * count
    trial.has_an_effect()
    status = await trial.status_of(ALICE.post(create))

    assert status == 202
    await trial.shows_once(create)


@pytest.mark.parametrize(
    "date", ["99999-01-01T00:00:00Z", "-1000000-01-01T00:00:00Z", "yesterday", "", 5, None, []]
)
async def test_j21_impossible_dates(trial: Trial, date: object):
    create = ALICE.create(trial.stage.otto.uri)
    for document in (create, create["object"]):
        document["published"] = date
    trial.has_an_effect()
    await trial.send(ALICE.post(create))

    await trial.shows_once(create)
    (row,) = trial.stage.rows("SELECT t FROM message WHERE uri = ?", create["object"]["id"])
    assert abs(row["t"] / 1000 - now().timestamp()) < 120


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        *(("contentMap", value) for value in ("en", [], {"en": 5}, {"": ""}, None)),
        *(("tag", value) for value in ([{"type": "Mention"}], {"type": 5}, "x", None, 5, [[]])),
        *(("attachment", value) for value in (None, "", [None], [{"url": 5}], {"type": []})),
        *(("replies", value) for value in ("", 5, [], None)),
        *(("summary", value) for value in (5, None, {}, [])),
        *(("url", value) for value in (5, "javascript:alert(1)", [{"href": 1}], None)),
        *(("inReplyTo", value) for value in (5, "", [], {}, "x")),
        *(("source", value) for value in (5, "", [], {"content": 5})),
        *(("context", value) for value in (5, "", [], {})),
        *(("sensitive", value) for value in ("yes", 5, None)),
        *(("mediaType", value) for value in (5, "text/x", None)),
        *(("emoji", value) for value in (5, "", [])),
    ],
)
async def test_j22_a_malformed_optional_part(trial: Trial, name: str, bad: object):
    create = ALICE.create(trial.stage.otto.uri)
    create["object"][name] = bad
    trial.has_an_effect()
    await trial.send(ALICE.post(create))

    await trial.shows_once(create)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_j24_real_dialects(trial: Trial, dialect: Dialect):
    by = Actor("https://a.test/users/alice")
    trial.has_an_effect()
    shown = set()
    creates = [dialect(by, trial.stage.otto.uri, f"in {dialect.__name__}") for _ in range(20)]
    for seed, create in enumerate(creates):
        await trial.send(by.post(shuffled(create, seed)))
    for create in creates:
        await trial.shows_once(create)
        (row,) = trial.stage.rows(
            "SELECT text, html, summary, conversation_id, author_uri FROM message WHERE uri = ?",
            create["object"]["id"],
        )
        shown.add(tuple(row.values()))

    assert len(shown) == 1
    assert f"in {dialect.__name__}" in str(shown)

"""What is sent to an inbox, right and wrong: the status, the reason, and what was stored."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from storage.database import fetch, run
from tests.fediverse.conftest import ACTIVITY, AWAY, Town
from tests.support.home_town import ALICE, BOB, GROUP, GROUP_ID, LEGACY, SAM

LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
MIB = 1024 * 1024
FOLLOW = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "id": f"{LEGACY}/a/1",
    "type": "Follow",
    "actor": LEGACY,
    "object": ALICE,
    "to": [ALICE],
    "published": "2026-09-02T12:29:00.000Z",
}


def follow(**changes: object) -> bytes:
    """The Follow of an unaware person, with these properties, None for none."""
    document = {name: value for name, value in (FOLLOW | changes).items() if value is not None}
    return json.dumps(document).encode()


async def stored() -> list[tuple[str, str]]:
    rows = await fetch("SELECT activity_id, inbox FROM inbox_entry ORDER BY id")
    return [(row["activity_id"], row["inbox"]) for row in rows]


async def problem_of(answer: ClientResponse) -> dict:
    assert answer.content_type == "application/problem+json"
    document = await answer.json(content_type=None)
    assert document["status"] == answer.status
    return document


@pytest.mark.parametrize(
    ("path", "inbox"), [("/inbox", ""), ("/u/alice/inbox", ALICE), (f"/c/{GROUP_ID}/inbox", GROUP)]
)
async def test_what_is_right_is_committed_before_202(town: Town, path: str, inbox: str):
    answer = await town.post(path, follow(), LEGACY)

    assert (answer.status, await answer.read()) == (202, b"")
    assert await stored() == [(FOLLOW["id"], inbox)]


async def test_a_repeat_is_202_and_stored_once(town: Town):
    answers = [await town.post("/inbox", follow(), LEGACY) for _ in range(2)]

    assert [answer.status for answer in answers] == [202, 202]
    assert len(await stored()) == 1


@pytest.mark.parametrize(
    "kind",
    [
        ACTIVITY,
        f"{ACTIVITY}; charset=utf-8",
        f'{ACTIVITY};charset="UTF-8"',
        LD_JSON,
        f"{LD_JSON}; charset=utf-8",
        'Application/LD+JSON;profile="https://www.w3.org/ns/activitystreams"',
    ],
)
async def test_an_activity_is_known_by_its_media_type(town: Town, kind: str):
    answer = await town.post("/inbox", follow(), LEGACY, **{"Content-Type": kind})

    assert answer.status == 202


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/ld+json",
        'application/ld+json; profile="https://example.test/other"',
        f"{ACTIVITY}; charset=latin-1",
        f"{ACTIVITY}, {ACTIVITY}",
        f"{ACTIVITY}x",
        "text/plain",
        "",
    ],
)
async def test_another_media_type_is_refused(town: Town, kind: str):
    answer = await town.post("/inbox", follow(), LEGACY, **{"Content-Type": kind})

    assert answer.status == 415
    await problem_of(answer)


async def test_a_compressed_body_is_refused(town: Town):
    answer = await town.post("/inbox", follow(), LEGACY, **{"Content-Encoding": "gzip"})

    assert answer.status == 415


# What is wrong with the body or its headers, and what answers.
MALFORMED: dict[str, tuple[bytes, dict[str, str], int]] = {
    "no JSON": (b"{", {}, 400),
    "an empty body": (b"", {}, 400),
    "a list": (b"[]", {}, 400),
    "a name twice": (b'{"id":"a","id":"b"}', {}, 400),
    "NaN": (b'{"id":NaN}', {}, 400),
    "no UTF-8": (b'{"id":"\xff"}', {}, 400),
    "too deep": (b'{"a":' + b"[" * 70 + b"]" * 70 + b"}", {}, 400),
    "no id": (follow(id=None), {}, 400),
    "an id that is no URL": (follow(id="x"), {}, 400),
    "an id on another origin": (follow(id="https://evil.test/a/1"), {}, 422),
    "two actors": (follow(actor=[LEGACY, BOB]), {}, 400),
    "no type": (follow(type=None), {}, 400),
    "a signature of no grammar": (follow(), {"Signature": "keyId"}, 400),
    "a signature without key": (follow(), {"Signature": 'signature="YQ=="'}, 400),
    "a long signature": (follow(), {"Signature": f'keyId="{"x" * 5000}"'}, 400),
    "a date that cannot be read": (follow(), {"Date": "yesterday"}, 400),
    "another date": (follow(), {"Date": "Wed, 02 Sep 2026 12:29:00 GMT"}, 401),
    "another digest": (follow(), {"Digest": "SHA-256=" + "A" * 43 + "="}, 401),
    "no digest that we know": (follow(), {"Digest": "MD5=YQ=="}, 401),
    "RFC 9421": (follow(), {"Signature-Input": "sig=()"}, 401),
    "a signature in Authorization": (follow(), {"Authorization": "Signature x"}, 401),
    "another host": (follow(), {"Host": "other.test"}, 421),
    "bytes that are no text in a header": (follow(), {"X-Odd": "\udcff"}, 202),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_what_is_malformed_has_its_status_and_leaves_nothing(town: Town, name: str):
    body, headers, status = MALFORMED[name]

    answer = await town.post("/inbox", body, LEGACY, **headers)

    assert answer.status == status
    if status != 202:
        document = await problem_of(answer)
        assert "Traceback" not in json.dumps(document)
        assert await stored() == []


async def test_without_a_signature_nothing_is_read(town: Town):
    for body in (follow(), b"{"):
        answer = await town.post("/inbox", body)

        assert answer.status == 401
        assert (await problem_of(answer))["detail"] == "The request has no signature."


async def test_somebody_elses_word_is_not_stored(town: Town):
    answer = await town.post("/inbox", follow(), SAM)

    assert answer.status == 202
    assert await stored() == []


async def test_an_aware_actor_must_prove_it(town: Town):
    body = follow(actor=SAM, id=f"{SAM}/a/1")

    answer = await town.post("/inbox", body, SAM)

    assert answer.status == 401
    assert await stored() == []


async def test_a_signature_made_for_another_inbox_does_not_hold(town: Town):
    headers = town._signed("POST", "/u/alice/inbox", LEGACY, follow())

    answer = await town.post("/inbox", follow(), **headers)

    assert answer.status == 401


async def test_a_key_that_nobody_can_ask_for_now_is_503(town: Town):
    answer = await town.post("/inbox", follow(), f"https://{AWAY}/u/eve")

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 60


async def test_a_body_of_a_mebibyte_is_read_and_one_byte_more_is_not(town: Town):
    whole = b" " * (MIB - len(follow())) + follow()

    assert (await town.post("/inbox", whole, LEGACY)).status == 202
    assert (await town.post("/inbox", b" " + whole, LEGACY)).status == 413


async def test_a_body_of_unknown_length_is_counted_as_it_comes(town: Town):
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    headers = {"Host": "home.test", "Content-Type": ACTIVITY}
    answer = await town._ask("POST", "/inbox", headers, endless())

    assert answer.status == 413


async def test_an_inbox_takes_nothing_but_posts(town: Town):
    for path in ("/inbox", "/u/alice/inbox", f"/c/{GROUP_ID}/inbox"):
        answer = await town.get(path, BOB)

        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


async def test_nobodys_inbox_is_nowhere(town: Town):
    assert (await town.post("/u/nobody/inbox", follow(), LEGACY)).status == 404
    assert (await town.post("/u/Alice/inbox", follow(), LEGACY)).status == 404


async def test_only_a_signature_learns_whether_there_is_a_group(town: Town):
    unknown, known = "/c/01K4B0ZZZZZZZZZZZZZZZZZZZZ/inbox", f"/c/{GROUP_ID}/inbox"

    unsigned = [await town.post(path, follow()) for path in (unknown, known)]
    signed = await town.post(unknown, follow(), LEGACY)

    assert [answer.status for answer in unsigned] == [401, 401]
    assert await unsigned[0].read() == await unsigned[1].read()
    assert signed.status == 404


async def test_a_closed_group_is_gone(town: Town):
    await run("UPDATE conversation SET closed_at = 1 WHERE id = $1", GROUP_ID)

    answer = await town.post(f"/c/{GROUP_ID}/inbox", follow(), LEGACY)

    assert answer.status == 410
    assert (await town.post(f"/c/{GROUP_ID}/inbox", follow())).status == 401


async def test_the_log_says_why(town: Town, caplog: pytest.LogCaptureFixture):
    caplog.set_level("INFO")

    await town.post("/inbox", follow(), LEGACY, Date="Wed, 02 Sep 2026 12:29:00 GMT")

    (line,) = [each for each in caplog.records if each.name == "node.fediverse.inbox"]
    assert (line.status, line.action) == (401, "receive")
    assert line.reason
    assert (line.method, line.path, line.client) == ("POST", "/inbox", "127.0.0.1")


async def test_the_log_says_whose_activity_was_dropped(
    town: Town, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO")

    other = follow(id="https://elsewhere.test/1", actor="https://elsewhere.test/u/eve")
    await town.post("/inbox", other, LEGACY)

    (line,) = [each for each in caplog.records if each.name == "node.fediverse.inbox"]
    assert (line.status, line.signer) == (202, LEGACY)
    assert line.activity == "Follow https://elsewhere.test/1"


async def test_a_sender_who_hangs_up_does_no_harm(town: Town):
    _, writer = await asyncio.open_connection("127.0.0.1", town.client.port)
    writer.write(
        b"POST /inbox HTTP/1.1\r\nHost: home.test\r\nContent-Type: application/activity+json\r\n"
        b"Content-Length: 100\r\n\r\n{"
    )
    await writer.drain()
    writer.close()

    assert (await town.post("/inbox", follow(), LEGACY)).status == 202

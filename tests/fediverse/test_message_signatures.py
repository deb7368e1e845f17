"""Requests signed by RFC 9421 are taken or refused like all others: inboxes and signed GETs."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import pytest
from aiohttp import ClientResponse

from storage.database import fetch
from tests.fediverse.conftest import ACTIVITY, AWAY, Town
from tests.fediverse.test_inbox import FOLLOW, follow, stored
from tests.support.home_town import BOB, GROUP_ID, LEGACY, NOW, SAM, SPACE
from tests.support.message_signing import (
    GET_COMPONENTS,
    POST_COMPONENTS,
    Label,
    Message,
    content_digest,
    message_headers,
)
from tests.support.signing import ed25519_key, rsa_key

CREATED = str(int(NOW.timestamp()))
# Which component stands for the target, and what may be left out with it.
BY_PARTS = ('"@method"', '"@authority"', '"@path"', '"content-digest"')


def label_of(asker: str, label: Label | None = None, *, key: str = "main-key") -> Label:
    """A label in which this actor's key is named, at the time of the town."""
    label = label or Label()
    usual = {"created": CREATED, "keyid": f'"{asker}#{key}"'}
    private = rsa_key() if key == "main-key" else ed25519_key()
    return replace(label, parameters={**usual, **label.parameters}, key=label.key or private)


async def post(
    town: Town, *labels: Label, path: str = "/inbox", body: bytes | None = None, **headers: str
) -> ClientResponse:
    body = follow() if body is None else body
    sent = {**message_headers(body), "Host": SPACE.host}
    signed = Message("POST", path, sent, body, labels).request()
    own = {**dict(signed.headers), "Content-Type": ACTIVITY, **headers}
    return await town._ask("POST", path, own, BytesIO(body))


async def get(town: Town, path: str, label: Label) -> ClientResponse:
    signed = Message("GET", path, {"Host": SPACE.host}, None, (label,)).request()
    return await town._ask("GET", path, {**dict(signed.headers), "Accept": ACTIVITY}, None)


async def is_untouched() -> bool:
    """Nothing was stored, and no question to another server is waiting."""
    return await stored() == [] and await fetch("SELECT * FROM repair") == []


@pytest.mark.parametrize("key", ["main-key", "ed25519-key"])
@pytest.mark.parametrize("components", [POST_COMPONENTS, BY_PARTS])
@pytest.mark.parametrize("algorithm", ["named", "not named"])
async def test_corpus_s30_a_message_is_accepted_once(
    town: Town, key: str, components: Sequence[str], algorithm: str
):
    name = "rsa-v1_5-sha256" if key == "main-key" else "ed25519"
    parameters = {"alg": f'"{name}"'} if algorithm == "named" else {}
    label = label_of(LEGACY, Label(components=components, parameters=parameters), key=key)

    answers = [await post(town, label) for _ in range(2)]

    assert [answer.status for answer in answers] == [202, 202]
    assert await stored() == [(FOLLOW["id"], "")]


@pytest.mark.parametrize(
    "label",
    [
        Label(components=('"@method"', '"content-digest"')),
        Label(components=('"@method"', '"@path"', '"content-digest"')),
        Label(components=('"@method"', '"@authority"', '"content-digest"')),
        Label(components=('"@method"', '"@target-uri"')),
        Label(components=('"@target-uri"', '"content-digest"')),
        Label(components=()),
        Label(parameters={"created": ""}),
        Label(parameters={"created": "", "expires": str(int(CREATED) + 60)}),
    ],
)
async def test_corpus_s31_a_gap_in_the_coverage_is_refused(town: Town, label: Label):
    answer = await post(town, label_of(LEGACY, label))

    assert answer.status == 401
    assert await is_untouched()


@pytest.mark.parametrize(
    "component",
    [
        '"content-digest";bs',
        '"content-digest";sf',
        '"content-digest";key="sha-256"',
        '"content-digest";tr',
        '"content-digest";req',
        '"@method";req',
        '"@query-param";name="a"',
    ],
)
async def test_corpus_s33_a_component_with_parameters_is_not_verified(town: Town, component: str):
    values = {component: content_digest(follow())}
    beside = Label(components=(*POST_COMPONENTS, component), values=values)
    covered = [name for name in POST_COMPONENTS if name != '"content-digest"']
    instead = Label(components=(*covered, component), values=values)

    answers = [await post(town, label_of(LEGACY, label)) for label in (beside, instead)]

    assert [answer.status for answer in answers] == [401, 401]
    assert await is_untouched()


@pytest.mark.parametrize(
    "signature_input",
    [
        f"sig1={label_of(LEGACY).described()}",
        'sig1=("@method");created=1',
        "sig1=()",
        "sig1",
        "not a structured field",
        "",
    ],
)
async def test_corpus_s35_an_invalid_signature_input_never_lets_the_older_scheme_count(
    town: Town, signature_input: str
):
    beside = await town.post("/inbox", follow(), LEGACY, **{"Signature-Input": signature_input})

    assert beside.status == 401
    assert await is_untouched()
    assert (await town.post("/inbox", follow(), LEGACY)).status == 202


async def test_a_valid_signature_of_each_scheme_is_of_neither(town: Town):
    """Both can stand in one request only if the Signature header comes twice."""
    body = follow()
    headers = {**message_headers(body), "Host": SPACE.host}
    message = Message("POST", "/inbox", headers, body, (label_of(LEGACY),)).request()
    older = town._signed("POST", "/inbox", LEGACY, body)
    both = f"{older['Signature']}, {message.fields['signature']}"

    answer = await town.post(
        "/inbox",
        body,
        LEGACY,
        **{**headers, "Signature-Input": message.fields["signature-input"], "Signature": both},
    )

    assert answer.status == 400
    assert await is_untouched()


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("Signature-Input", "sig1=(", 400),
        ("Signature", "sig1=(", 400),
        ("Signature-Input", "sig1=(), sig1=()", 400),
        ("Signature-Input", f'sig1=("{"x" * 5000}")', 400),
        ("Signature", "sig2=:YQ==:", 401),
        ("Signature", "sig1=:YQ==:", 401),
        ("Content-Digest", "sha-256=:YQ==:", 401),
        ("Authorization", "Signature x", 401),
        ("Host", "other.test", 421),
    ],
)
async def test_what_is_wrong_has_its_status_and_leaves_nothing(
    town: Town, name: str, text: str, status: int
):
    answer = await post(town, label_of(LEGACY), **{name: text})

    assert answer.status == status
    assert await is_untouched()


async def test_a_time_that_is_no_integer_is_malformed(town: Town):
    answer = await post(town, label_of(LEGACY, Label(parameters={"created": '"1"'})))

    assert answer.status == 400


async def test_whoever_is_refused_learns_what_would_do(town: Town):
    answers = [
        await town.post("/inbox", follow()),
        await post(town, label_of(LEGACY), Host="x.test"),
    ]

    unsigned, misdirected = answers
    assert unsigned.headers["Accept-Signature"] == (
        'sig1=("@method" "@target-uri" "content-digest");created;keyid'
    )
    assert "Accept-Signature" not in misdirected.headers


async def test_another_actors_key_signs_for_nobody_else(town: Town):
    answer = await post(town, label_of(SAM))

    assert answer.status == 202
    assert await stored() == []


async def test_the_first_label_that_holds_is_the_signer(town: Town):
    wrong = label_of(LEGACY, Label("wrong", key=ed25519_key()))
    unusable = label_of(SAM, Label("unusable", parameters={"other": "1"}))

    answer = await post(town, wrong, unusable, label_of(LEGACY, Label("right")))

    assert answer.status == 202
    assert await stored() == [(FOLLOW["id"], "")]


async def test_at_most_two_keys_are_looked_for(town: Town):
    wrong = [label_of(uri, Label(f"w{n}", key=ed25519_key())) for n, uri in enumerate((SAM, BOB))]

    third = await post(town, *wrong, label_of(LEGACY, Label("right")))
    second = await post(town, wrong[0], label_of(LEGACY, Label("right")))

    assert (third.status, second.status) == (401, 202)


async def test_at_most_three_labels_are_tried(town: Town):
    wrong = [label_of(LEGACY, Label(f"w{n}", key=ed25519_key())) for n in range(3)]

    fourth = await post(town, *wrong, label_of(LEGACY, Label("right")))
    third = await post(town, *wrong[:2], label_of(LEGACY, Label("right")))

    assert (fourth.status, third.status) == (401, 202)


async def test_a_key_that_nobody_can_ask_for_now_is_503_although_another_is_wrong(town: Town):
    wrong = label_of(LEGACY, Label("wrong", key=ed25519_key()))
    away = label_of(f"https://{AWAY}/u/eve", Label("away"))

    answer = await post(town, wrong, away)

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 60


@pytest.mark.parametrize("key", ["main-key", "ed25519-key"])
async def test_a_signed_get_is_answered_like_one_of_the_other_scheme(town: Town, key: str):
    path = f"/c/{GROUP_ID}/state?after=0"
    label = Label(components=GET_COMPONENTS)

    member = await get(town, path, label_of(BOB, label, key=key))
    stranger = await get(town, path, label_of(SAM, label, key=key))
    older = await town.get(path, BOB)

    assert (member.status, await member.read()) == (200, await older.read())
    assert stranger.status == 404


@pytest.mark.parametrize(
    "components",
    [('"@method"',), ('"@target-uri"',), ('"@method"', '"@authority"', '"@path"'), ()],
)
async def test_a_get_that_covers_too_little_is_answered_as_if_unsigned(
    town: Town, components: tuple[str, ...]
):
    path = f"/c/{GROUP_ID}/state?after=0"

    answer = await get(town, path, label_of(BOB, Label(components=components)))

    assert answer.status == 404


async def test_a_get_of_another_target_is_answered_as_if_unsigned(town: Town):
    path = f"/c/{GROUP_ID}/state"
    headers = {"Host": SPACE.host}
    label = label_of(BOB, Label(components=GET_COMPONENTS))
    signed = dict(Message("GET", "/u/alice", headers, None, (label,)).request().headers)

    answer = await town.get(path, **signed)

    assert answer.status == 404

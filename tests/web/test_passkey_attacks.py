"""What proves nothing opens and adds nothing: one line of the log, and words for who asks."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from node.entropy import Entropy
from node.identity.ceremonies import Key, RelyingParty, Unproven
from node.identity.ending import end_all
from node.identity.fingerprint import fingerprint
from node.identity.passkeys import Answer, PasskeyFault, Passkeys
from node.identity.webauthn_adapter import check_new, check_use
from storage.database import fetch
from tests.support.page_browser import BASE_URL, HOST, NOW, PASSWORD, Browser, Fields, token_in
from tests.support.page_site import add_account
from tests.support.passkey_device import (
    PRESENT,
    Device,
    Options,
    add,
    ask,
    begin_adding,
    bring,
    enter,
    sign_in,
    to_bytes,
    to_text,
)

LATE = "That took too long"
UNPROVEN = "was not accepted"
UNKNOWN = "opens no account here"
TAKEN = "is in use already"
ELSEWHERE = {"origin": "https://alpha.test.evil.test"}


class Log(logging.Handler):
    """The lines about passkeys that were refused."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if getattr(record, "action", "") == "passkey.refused":
            self.lines.append(record)


@pytest.fixture
async def here(browser: Browser, owner: str) -> Browser:
    """A browser in which alice is signed in."""
    opened = Browser(browser.client)
    await opened.fill_in("/sign-in", name="alice", password=PASSWORD)
    return opened


@pytest.fixture
async def device(here: Browser) -> Device:
    """A device with a passkey of alice."""
    made = Device()
    await add(here, made)
    return made


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    caplog.set_level(logging.INFO, "node.identity.passkeys")
    log = Log()
    logging.getLogger("node.identity.passkeys").addHandler(log)
    return log


async def rows() -> list[dict[str, object]]:
    """All that an attack could change."""
    tables = ("passkey", "session", "known_device")
    return [dict(row) for name in tables for row in await fetch(f"SELECT * FROM {name}")]  # noqa: S608


Lie = Callable[[Device, Options], str]


def altered(change: Callable[[dict[str, Any]], object]) -> Lie:
    """What an honest device has signed, and somebody has changed on the way."""

    def lie(device: Device, options: Options) -> str:
        told = json.loads(device.use(options))
        change(told)
        return json.dumps(told)

    return lie


def response(**said: object) -> Lie:
    return altered(lambda told: told["response"].update(said))


def but(**otherwise: object) -> Lie:
    """What a device would say that is otherwise."""

    def lie(device: Device, options: Options) -> str:
        return replace(device, **otherwise).use(options)  # type: ignore[arg-type]

    return lie


def only(text: str) -> Lie:
    """What no device has said."""
    return lambda _device, _options: text


def another_key(device: Device, options: Options) -> str:
    return device.use(options, key=generate_private_key(SECP256R1()))


def other_passkey(device: Device, options: Options) -> str:
    """Of a device that was never here."""
    stranger = Device()
    stranger.make(options | {"user": {"id": to_text(device.passkeys[0].handle)}})
    return stranger.use(options)


ENTERING: dict[str, tuple[Lie, str]] = {
    "of another origin": (but(**ELSEWHERE), UNPROVEN),
    "of a place below ours": (but(origin="https://evil.alpha.test"), UNPROVEN),
    "without TLS": (but(origin=f"http://{HOST}"), UNPROVEN),
    "for another node": (but(rp_id="beta.test"), UNPROVEN),
    "another challenge": (but(challenge=to_text(b"x" * 32)), UNPROVEN),
    "whose person was not recognised": (but(flags=PRESENT), UNPROVEN),
    "whose person was not there": (but(flags=0), UNPROVEN),
    "for somebody else": (but(handle=to_text(b"y" * 32)), UNPROVEN),
    "for nobody": (but(handle=None), UNPROVEN),
    "signed with another key": (another_key, UNPROVEN),
    "of a device nobody knows": (other_passkey, UNKNOWN),
    "signature of nothing": (response(signature=""), UNPROVEN),
    "no base64": (response(authenticatorData="%%%"), UNPROVEN),
    "cut off": (response(authenticatorData=to_text(b"x" * 36)), UNPROVEN),
    "no text": (response(signature=7), UNPROVEN),
    "a nested client": (response(clientDataJSON=to_text(b"[" * 9000)), UNPROVEN),
    "of another kind": (altered(lambda told: told.update(type="password")), UNPROVEN),
    "without an answer": (altered(lambda told: told.pop("response")), UNPROVEN),
    "without an id": (altered(lambda told: told.pop("id")), UNKNOWN),
    "an id that is a number": (altered(lambda told: told.update(id=7)), UNKNOWN),
    "two ids": (altered(lambda told: told.update(rawId=to_text(b"z"))), UNPROVEN),
    "no JSON": (only("{"), UNPROVEN),
    "no object": (only("[]"), UNPROVEN),
    "the same key twice": (only('{"id": "a", "id": "b"}'), UNPROVEN),
    "JSON without a floor": (only('{"id":' * 200), UNPROVEN),
    "nothing": (only(""), UNPROVEN),
}


@pytest.mark.parametrize(("lie", "words"), ENTERING.values(), ids=list(ENTERING))
async def test_what_is_signed_otherwise_opens_nothing(
    browser: Browser, device: Device, log: Log, *, lie: Lie, words: str
):
    options, before = await ask(browser), await rows()

    status, page, _ = await enter(browser, options, lie(device, options))

    assert (status, await rows()) == (403, before)
    assert words in page
    assert "__Host-covey" not in browser.cookies
    assert len(log.lines) == 1
    assert (await sign_in(browser, device))[0] == 303


async def test_a_challenge_counts_once(browser: Browser, device: Device, log: Log):
    options = await ask(browser)
    signed = device.use(options)
    assert (await enter(browser, options, signed))[0] == 303
    before = await rows()

    again, page, _ = await enter(browser.but_signed_out(), options, signed)
    anew, _, _ = await enter(browser.but_signed_out(), options, device.use(options))

    assert (again, anew, await rows()) == (403, 403, before)
    assert LATE in page
    assert len(log.lines) == 2


async def test_a_challenge_that_was_answered_wrongly_is_used_up_too(
    browser: Browser, device: Device
):
    options = await ask(browser)
    await enter(browser, options, "{}")

    assert LATE in (await enter(browser, options, device.use(options)))[1]


async def test_a_challenge_of_another_browser_counts_for_nothing(
    browser: Browser, device: Device, log: Log
):
    options = await ask(browser)
    thief, before = Browser(browser.client), await rows()

    status, page, _ = await enter(thief, options, device.use(options))

    assert (status, await rows()) == (403, before)
    assert LATE in page
    assert len(log.lines) == 1
    assert (await enter(browser, options, device.use(options)))[0] == 303


async def test_a_challenge_lasts_five_minutes(browser: Browser, device: Device, log: Log):
    options = await ask(browser)
    browser.now += timedelta(minutes=5)

    status, page, _ = await enter(browser, options, device.use(options))

    assert status == 403
    assert LATE in page
    assert len(log.lines) == 1


async def test_a_challenge_for_adding_lets_nobody_in_and_the_other_way_round(
    browser: Browser, here: Browser, device: Device
):
    adding, entering = await begin_adding(here), await ask(here)

    assert LATE in (await enter(here, adding, device.use(adding)))[1]
    made = Device().make(adding | {"challenge": entering["challenge"]})
    assert LATE in (await bring(here, entering, made))[1]


@pytest.mark.parametrize("count", [0, 6, 7])
async def test_a_device_that_counts_and_has_not_counted_on_is_a_copy(
    browser: Browser, device: Device, log: Log, count: int
):
    device.count = 6
    assert (await sign_in(browser, device))[0] == 303
    before, options = await rows(), await ask(browser)

    status, page, _ = await enter(browser, options, replace(device, count=count - 1).use(options))

    assert (status, await rows()) == (403, before)
    assert UNPROVEN in page
    assert len(log.lines) == 1


async def test_a_passkey_that_was_removed_opens_nothing(
    browser: Browser, here: Browser, device: Device, log: Log
):
    options = await ask(browser)
    (row,) = await fetch("SELECT id FROM passkey")
    _, page = await here.get("/settings")
    await here.post("/settings/passkeys/remove", Fields(csrf=token_in(page), passkey=row["id"]))

    status, page, _ = await enter(browser, options, device.use(options))

    assert status == 403
    assert UNKNOWN in page
    assert len(log.lines) == 1


@pytest.mark.parametrize("name", ["alice", "bob"])
async def test_a_passkey_of_somebody_is_added_to_no_account_again(
    browser: Browser, here: Browser, device: Device, log: Log, name: str
):
    (row,) = await fetch("SELECT password_hash FROM account WHERE name = 'alice'")
    await add_account("bob", row["password_hash"], "member")
    thief = Browser(browser.client)
    await thief.fill_in("/sign-in", name=name, password=PASSWORD)
    options, before = await begin_adding(thief), await rows()

    status, page = await bring(
        thief, options, Device().make(options, passkey_id=device.passkeys[0].id)
    )

    assert (status, await rows()) == (422, before)
    assert TAKEN in page
    assert len(log.lines) == 1
    assert (await sign_in(browser, device))[0] == 303


def make_but(**otherwise: object) -> Lie:
    return lambda device, options: replace(device, **otherwise).make(options)  # type: ignore[arg-type]


def attested(attestation: str) -> Lie:
    def lie(device: Device, options: Options) -> str:
        told = json.loads(device.make(options))
        told["response"]["attestationObject"] = attestation
        return json.dumps(told)

    return lie


ADDING: dict[str, Lie] = {
    "of another origin": make_but(**ELSEWHERE),
    "for another node": make_but(rp_id="beta.test"),
    "another challenge": make_but(challenge=to_text(b"x" * 32)),
    "whose person was not recognised": make_but(flags=PRESENT),
    "under another id": lambda device, options: device.make(options, said_id=b"another"),
    "an endless id": lambda device, options: device.make(options, passkey_id=b"i" * 1024),
    "no CBOR": attested(to_text(b"\xff\xff")),
    "CBOR of another shape": attested(to_text(b"\x80")),
    "CBOR without a floor": attested(to_text(b"\x81" * 3000)),
    "nothing made": attested(""),
    "no JSON": only("passkey"),
    "a use in place of a making": lambda device, options: device.use(options),
}


@pytest.mark.parametrize("lie", ADDING.values(), ids=list(ADDING))
async def test_what_was_made_otherwise_is_not_added(
    here: Browser, device: Device, log: Log, lie: Lie
):
    options, before = await begin_adding(here), await rows()

    status, page = await bring(here, options, lie(device, options))

    assert (status, await rows()) == (422, before)
    assert UNPROVEN in page
    assert len(log.lines) == 1
    await add(here, Device())


async def test_what_is_larger_than_a_form_is_not_read(
    browser: Browser, here: Browser, device: Device
):
    options = await ask(browser)

    status, _, _ = await enter(browser, options, "x" * 16 * 1024)

    assert status == 413
    assert (await bring(here, await begin_adding(here), "x" * 16 * 1024))[0] == 413


@pytest.mark.parametrize("path", ["/sign-in/passkey", "/sign-in/passkey/challenge"])
async def test_a_form_of_another_site_asks_for_nothing(browser: Browser, path: str):
    _, page = await browser.get("/sign-in")
    fields = Fields(csrf=token_in(page))

    foreign, _, _ = await browser.post(path, fields, Origin="https://evil.test")
    unsigned, _, _ = await browser.post(path, Fields(csrf="guess"))

    assert (foreign, unsigned) == (403, 403)
    assert await fetch("SELECT id FROM passkey_challenge") == []


async def test_nobody_tries_without_end(browser: Browser, device: Device):
    stranger = Browser(browser.client)
    options = await ask(browser)

    tries = [await enter(stranger, options, device.use(options)) for _ in range(11)]

    assert [status for status, _, _ in tries] == [403] * 10 + [429]
    assert "Please wait" in tries[-1][1]


async def test_a_browser_that_is_known_gets_in_while_others_try(browser: Browser, device: Device):
    assert (await sign_in(browser, device))[0] == 303
    stranger = Browser(browser.client)
    for _ in range(11):
        await enter(
            stranger, await ask(stranger), response(signature="")(device, await ask(stranger))
        )

    assert (await sign_in(stranger, device))[0] == 429
    assert (await sign_in(browser.but_signed_out(), device))[0] == 303


async def test_nobody_fills_the_database_with_challenges(browser: Browser):
    _, page = await browser.get("/sign-in")
    fields = Fields(csrf=token_in(page))

    told = [await browser.post("/sign-in/passkey/challenge", fields) for _ in range(61)]

    assert [status for status, _, _ in told] == [200] * 60 + [429]
    assert int(told[-1][2]["Retry-After"]) > 0
    assert len(await fetch("SELECT id FROM passkey_challenge")) == 60


async def test_whoever_was_thrown_out_meanwhile_leaves_no_passkey_behind(
    here: Browser, device: Device, log: Log
):
    options, session = await begin_adding(here), fingerprint(here.cookies["__Host-covey"])
    answer = Answer(session, options["challenge"], Device().make(options))
    await end_all("alice")

    site = Passkeys(BASE_URL, "Covey", Entropy(lambda: NOW))
    fault = await site.add("alice", answer, name="Left behind", now=here.now)

    assert fault is PasskeyFault.LATE
    assert len(log.lines) == len(await fetch("SELECT id FROM passkey")) == 1


OPTIONS: Options = {"challenge": to_text(b"c" * 32), "user": {"id": to_text(b"u" * 32)}}
PARTY = RelyingParty(HOST, "Covey", BASE_URL, 300)
# It signs the same in the same way, so that what is drawn can be drawn again.
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
MADE = ("clientDataJSON", "attestationObject")
USED = ("clientDataJSON", "authenticatorData", "signature", "userHandle")


def spoilt(told: dict[str, Any], part: str, data: st.DataObject) -> bool:
    """Spoil a part of what a device has said; whether it is another one then."""
    before = to_bytes(told["response"][part])
    after = bytearray(before)
    for _ in range(data.draw(st.integers(1, 4))):
        after[data.draw(st.integers(0, len(after) - 1))] = data.draw(st.integers(0, 255))
    kept = bytes(after[: data.draw(st.integers(0, len(after)))])
    told["response"][part] = to_text(kept)
    return kept != before


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(MADE), st.data())
def test_whatever_a_device_has_made_is_a_key_or_proves_nothing(part: str, data: st.DataObject):
    told = json.loads(Device().make(OPTIONS, key=KEY))
    spoilt(told, part, data)

    assert isinstance(check_new(PARTY, OPTIONS["challenge"], told), Key | Unproven)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(USED), st.data())
def test_what_was_altered_on_its_way_proves_nothing(part: str, data: st.DataObject):
    device = Device()
    made = json.loads(device.make(OPTIONS, key=KEY))
    key = check_new(PARTY, OPTIONS["challenge"], made)
    assert isinstance(key, Key)
    told = json.loads(device.use(OPTIONS))
    is_another = spoilt(told, part, data)

    checked = check_use(PARTY, OPTIONS["challenge"], told, key=key, handle=b"u" * 32)

    assert isinstance(checked, Unproven) == is_another

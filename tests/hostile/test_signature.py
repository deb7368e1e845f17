"""Group S of the corpus: what is not signed by who it says has no effect, and honest signers do."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1

from federation.protocol.keys import pem_of
from federation.protocol.signature.parsed import Request
from tests.hostile.cast import ALICE, EVE, HANA, HOME, MALLORY, Actor, body_of, now
from tests.hostile.peer import after, told
from tests.hostile.trial import HONEST_WITHIN_S, Trial
from tests.hostile.wire import plain
from tests.support.message_signing import POST_COMPONENTS, Label
from tests.support.signer import ACTIVITY_JSON
from tests.support.signing import POST_COVERED, digest, with_header

OLD = datetime(2011, 6, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Primitive:
    """Signs in another way than the key is meant for."""

    sign: Callable[[bytes], bytes]


def said(trial: Trial, by: Actor = ALICE) -> dict[str, Any]:
    """A new message to Otto."""
    return by.create(trial.stage.otto.uri)


def parameter(request: Request, change: Callable[[str], str]) -> Request:
    """The request with its Signature header rewritten."""
    return with_header(request, "Signature", change(request.fields["signature"]))


async def test_s01_no_signature(trial: Trial):
    body = body_of(said(trial))
    await trial.send(plain("POST", "/inbox", {"Content-Type": ACTIVITY_JSON}, body))

    assert trial.fetched() == []


async def test_s02_hmac_keyed_with_the_public_key(trial: Trial):
    for pem in (pem_of(ALICE.rsa.public_key()), pem_of(ALICE.rsa.public_key()).strip()):
        mac = Primitive(lambda text, pem=pem: hmac.digest(pem.encode(), text, hashlib.sha256))
        for label in ("hmac-sha256", "hs2019", "rsa-sha256", ""):
            parameters = {"algorithm": f'"{label}"' if label else ""}
            await trial.send(ALICE.post(said(trial), key=mac, parameters=parameters))


async def test_s03_sha_1(trial: Trial):
    sha1 = Primitive(lambda text: ALICE.rsa.sign(text, PKCS1v15(), SHA1()))  # noqa: S303
    for label in ("rsa-sha1", "hs2019", "rsa-sha256"):
        await trial.send(ALICE.post(said(trial), key=sha1, parameters={"algorithm": f'"{label}"'}))


@pytest.mark.parametrize("label", ["hs2019", "HS2019"])
async def test_s05_the_label_hs2019(trial: Trial, label: str):
    create = said(trial)
    trial.has_an_effect()
    await trial.send(ALICE.post(create, parameters={"algorithm": f'"{label}"'}))

    await trial.shows_once(create)


async def test_s06_no_algorithm(trial: Trial):
    create = said(trial)
    trial.has_an_effect()
    await trial.send(ALICE.post(create, parameters={"algorithm": ""}))

    await trial.shows_once(create)


@pytest.mark.parametrize("name", ["keyId", "signature", "headers", "algorithm"])
async def test_s07_a_parameter_twice(trial: Trial, name: str):
    others = {
        "keyId": EVE.key_id,
        "signature": "AAAA",
        "headers": "date",
        "algorithm": "hmac-sha256",
    }
    other = f'{name}="{others[name]}"'
    await trial.send(parameter(ALICE.post(said(trial)), lambda text: f"{other},{text}"))
    await trial.send(parameter(ALICE.post(said(trial)), lambda text: f"{text},{other}"))

    assert trial.fetched() == []


async def test_s09_only_the_date_is_covered(trial: Trial):
    unknown = Actor("https://evil.test/users/s09", key_name=EVE.uri)
    for covered in (("date",), ("host", "date"), ("(request-target)", "date"), ("digest",)):
        await trial.send(unknown.post(said(trial, unknown), covered=covered))

    assert trial.fetched() == []


async def test_s10_the_digest_is_not_covered(trial: Trial):
    covered = ("(request-target)", "host", "date")
    signed = ALICE.post(said(trial), covered=covered)
    other = body_of(said(trial))
    replaced = with_header(replace(signed, body=other), "Digest", f"SHA-256={digest(other)}")

    await trial.send(signed)
    await trial.send(replaced)


async def test_s11_the_body_is_replaced(trial: Trial):
    await trial.send(replace(ALICE.post(said(trial)), body=body_of(said(trial))))
    await trial.send(replace(ALICE.post_9421(said(trial)), body=body_of(said(trial))))


async def test_s12_lists_of_digests(trial: Trial):
    body = body_of(said(trial))
    good, bad = digest(body), digest(b"another")
    for value in (
        f"SHA-256={good},SHA-256={bad}",
        f"SHA-256={bad},SHA-256={good}",
        f"SHA-256={good},SHA-512={bad}",
        f"MD5={digest(body, 'md5')}",
        f"SHA-512={digest(body, 'sha512')}",
    ):
        await trial.send(ALICE.post(body, headers={"Digest": value}))


async def test_s13_spellings_of_a_digest(trial: Trial):
    trial.has_an_effect()

    def spelled(spelling: str) -> Request:
        body = body_of(said(trial))
        value = spelling.format(digest(body), digest(body).rstrip("="))
        return ALICE.post(body, headers={"Digest": value})

    for spelling in ("sha-256={0}", "SHA-256={0} ", "Sha-256={0}", "SHA-256={1}"):
        assert len({await trial.status_of(spelled(spelling)) for _ in range(3)}) == 1


async def test_s15_a_date_from_2011(trial: Trial):
    await trial.send(ALICE.post(said(trial), at=OLD))
    await trial.send(ALICE.post_9421(said(trial), at=OLD))


async def test_s16_two_hours_in_the_future(trial: Trial):
    ahead = now() + timedelta(hours=2)
    created = {"created": str(int(ahead.timestamp())), "algorithm": '"hs2019"'}
    covered = ("(request-target)", "host", "(created)", "digest")

    await trial.send(ALICE.post(said(trial), at=ahead))
    await trial.send(ALICE.post(said(trial), covered=covered, parameters=created))
    await trial.send(ALICE.post_9421(said(trial), at=ahead))
    await trial.stage.idle()

    assert len([line for line in trial.log_lines() if "clock" in line]) == 3


@pytest.mark.parametrize("minutes", [-50, 50])
async def test_s17_a_slow_and_a_fast_clock(trial: Trial, minutes: int):
    create = said(trial)
    trial.has_an_effect()
    await trial.send(ALICE.post(create, at=now() + timedelta(minutes=minutes)))

    await trial.shows_once(create)


@pytest.mark.parametrize("absent", ["(created)", "(expires)", "x-absent"])
async def test_s19_what_is_covered_is_absent(trial: Trial, absent: str):
    parameters = {"algorithm": '"hs2019"'}
    covered = (*POST_COVERED, absent)
    await trial.send(ALICE.post(said(trial), covered=covered, parameters=parameters))


async def test_s20_an_exact_replay(fresh: Trial):
    create = said(fresh)
    request = ALICE.post(create)
    fresh.has_an_effect()
    for passed in (0, 1, 30 * 60 - 1, 29 * 60):
        fresh.stage.advance(seconds=passed)
        await fresh.send(request)
        await fresh.stage.idle()

    await fresh.shows_once(create)


async def test_s22_a_signed_get_replayed_for_another_path(trial: Trial):
    captured = HANA.get("/u/lena")
    group = trial.stage.group.uri.removeprefix(f"https://{HOME}")
    for path in (group, f"{group}/context", f"{group}/affiliations", f"{group}/history"):
        await trial.send(replace(captured, target=path))


async def test_s23_a_query_that_is_signed_or_not(trial: Trial):
    (note,) = trial.stage.rows("SELECT uri FROM message WHERE text = 'hello Hana'")
    path = note["uri"].removeprefix(f"https://{HOME}")
    for target, signed in ((f"{path}?page=2", path), (f"{path}?page=2", f"{path}?page=2")):
        answer = await trial.send(HANA.get(target, signed_target=signed))
        assert answer.document["id"] == note["uri"]


async def test_s24_a_query_left_out_on_a_post(trial: Trial):
    await trial.send(ALICE.post(said(trial), target="/inbox?x=1", signed_target="/inbox"))


async def test_s27_case_and_spacing_of_the_covered_list(trial: Trial):
    trial.has_an_effect()
    for names, between in (
        (("Date", "Host", "(Request-Target)", "digest"), " "),
        (POST_COVERED, "  "),
        (("", *POST_COVERED, ""), " "),
    ):
        parameters = {"headers": f'"{between.join(names)}"'}
        covered = tuple(one for one in names if one)
        requests = [
            ALICE.post(said(trial), covered=covered, parameters=parameters) for _ in range(2)
        ]
        assert len({await trial.status_of(request) for request in requests}) == 1


async def test_s29_a_signature_in_authorization(trial: Trial):
    signed = ALICE.post(said(trial))
    carried = ("Authorization", f"Signature {signed.fields['signature']}")
    moved = tuple(pair for pair in signed.headers if pair[0] != "Signature")

    await trial.send(replace(signed, headers=(*moved, carried)))
    await trial.send(replace(signed, headers=(*signed.headers, carried)))


async def test_s30_rfc_9421(trial: Trial):
    create = said(trial)
    trial.has_an_effect()
    await trial.send(ALICE.post_9421(create))

    await trial.shows_once(create)


@pytest.mark.parametrize("missing", ['"@method"', '"@target-uri"', '"content-digest"', "created"])
async def test_s31_gaps_in_what_rfc_9421_covers(trial: Trial, missing: str):
    components = tuple(one for one in POST_COMPONENTS if one != missing)
    parameters = {"created": ""} if missing == "created" else {}
    await trial.send(ALICE.post_9421(said(trial), components=components, parameters=parameters))


@pytest.mark.parametrize("parameter", ["bs", "sf", 'key="sha-256"', "tr", "req"])
async def test_s33_component_parameters(trial: Trial, parameter: str):
    digest_text = '"content-digest"'
    components = ('"@method"', '"@target-uri"', f"{digest_text};{parameter}")
    body = body_of(said(trial))
    values = {components[2]: f"sha-256=:{digest(body)}:"}
    await trial.send(ALICE.post_9421(body, components=components, values=values))


async def test_s35_a_downgrade(trial: Trial):
    signed = ALICE.post(said(trial))
    created = str(int(now().timestamp()))
    described = Label(parameters={"created": created, "keyid": f'"{ALICE.key_id}"'}).described()
    cavage = signed.fields["signature"]
    for value, signature in (
        (f"sig1={described}", cavage),
        ("nonsense", cavage),
        ("", cavage),
    ):
        with_input = (*signed.headers, ("Signature-Input", value))
        await trial.send(with_header(replace(signed, headers=with_input), "Signature", signature))


async def test_s38_a_thousand_keys_at_one_slow_host(trial: Trial):
    peer, slow = trial.stage.peer, asyncio.Event()
    peer.act("slow.test", "", after(slow, told(404)))
    liars = [Actor(f"https://slow.test/users/{n}", key_name=EVE.uri) for n in range(1000)]
    requests = [liar.post(said(trial, liar)) for liar in liars]

    flood = asyncio.gather(*(trial.send_all(requests[n::50]) for n in range(50)))
    honest = [await trial.honest_seconds() for _ in range(5)]
    await trial.stage.until(lambda: len(trial.answers) > 900)
    slow.set()
    await flood

    trial.measure("an honest message meanwhile, in s", sorted(honest)[2])
    assert sorted(honest)[2] < HONEST_WITHIN_S
    assert peer.most["slow.test"] <= 2
    assert len(trial.fetched("slow.test")) <= 64


async def test_s38_keys_at_many_slow_hosts(trial: Trial):
    peer, slow = trial.stage.peer, asyncio.Event()
    hosts = [f"slow{n}.test" for n in range(100)]
    for host in hosts:
        peer.act(host, "", after(slow, told(404)))
    liars = [Actor(f"https://{host}/users/x", key_name=EVE.uri) for host in hosts]

    requests = [MALLORY.post(said(trial), parameters={"keyId": f'"{x.key_id}"'}) for x in liars]
    flood = asyncio.gather(*(trial.send(request) for request in requests))
    await trial.stage.until(lambda: len(trial.answers) >= 100 - 64)
    slow.set()
    await flood

    assert len({one.host for one in peer.tape if one.host in hosts}) <= 64

"""A code works once, for its app, at its address, with its verifier, and for ten minutes."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.oauth.app import BACK, CHALLENGE, PKCE, VERIFIER, Node, Told, query_of
from tests.oauth.conftest import signed_in


def is_refused(told: Told) -> bool:
    return (told.status, told.body["error"]) == (400, "invalid_grant")


async def test_a_second_use_ends_what_came_of_the_first(node: Node):
    app = await node.register()
    code = await node.code(app)
    token = (await node.redeem(app, code)).body["access_token"]
    assert await node.reads(token) == 200

    again = await node.redeem(app, code)

    assert is_refused(again)
    assert await node.reads(token) == 401
    assert is_refused(await node.redeem(app, code))


async def test_of_many_who_bring_a_code_at_once_nobody_keeps_a_token_but_one_may(node: Node):
    app = await node.register()
    code = await node.code(app)

    told = await asyncio.gather(*(node.redeem(app, code) for _ in range(8)))

    given = [one.body["access_token"] for one in told if one.status == 200]
    assert len(given) == 1
    assert {one.status for one in told} == {200, 400}
    assert await node.reads(given[0]) == 401


async def test_another_app_gets_nothing_and_harms_nobody(node: Node):
    app, other = await node.register(), await node.register()
    code = await node.code(app)

    assert is_refused(await node.redeem(other, code))
    told = await node.redeem(app, code)
    assert told.status == 200
    assert is_refused(await node.redeem(other, code))
    assert await node.reads(told.body["access_token"]) == 200


async def test_a_code_lives_ten_minutes(node: Node):
    app = await node.register()
    early, late = await node.code(app), await node.code(app)

    node.browser.now += timedelta(minutes=9, seconds=59)
    assert (await node.redeem(app, early)).status == 200
    node.browser.now += timedelta(seconds=2)
    assert is_refused(await node.redeem(app, late))


@pytest.mark.parametrize(
    "more",
    [
        {"redirect_uri": "https://client.test/other"},
        {"redirect_uri": f"{BACK}/"},
        {"code": "x"},
        {"code": "é\0"},
        {"code_verifier": VERIFIER},
    ],
)
async def test_what_does_not_fit_gets_nothing(node: Node, more: dict[str, str]):
    app = await node.register(redirect_uris=f"{BACK} https://client.test/other")
    code = await node.code(app)

    assert is_refused(await node.redeem(app, code, **more))


@pytest.mark.parametrize("verifier", ["", "w" * 43, CHALLENGE, "v" * 42, f"{VERIFIER}\n", "é" * 43])
async def test_a_challenge_asks_for_its_verifier(node: Node, verifier: str):
    app = await node.register()
    code = await node.code(app, **PKCE)

    assert is_refused(await node.redeem(app, code, code_verifier=verifier))
    assert (await node.redeem(app, code, code_verifier=VERIFIER)).status == 200


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
        {"code_challenge": CHALLENGE},
        {"code_challenge_method": "S256"},
        {"code_challenge": "x", "code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE, "code_challenge_method": "s256"},
    ],
)
async def test_an_app_without_a_secret_sends_a_challenge(node: Node, question: Mapping[str, str]):
    app = await node.register_public()
    base = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": "http://127.0.0.1/back",
    }

    status, _, headers = await node.ask(**base, **question)

    assert status == 302
    assert query_of(headers)["error"] == "invalid_request"
    # With a secret the first is fine, and the others are still not.
    app = await node.register(redirect_uris="http://127.0.0.1/back")
    status, _, _ = await node.ask(**base | {"client_id": app["client_id"]}, **question)
    assert status == (302 if question else 200)


async def test_no_more_than_fifty_stay_for_one_person_and_app(node: Node):
    app = await node.register()
    token = await node.token(app)
    browser = await signed_in(node, "bob")
    other = (await node.redeem(app, await node.code(app, browser))).body["access_token"]

    for _ in range(50):
        await node.code(app)

    assert (await node.reads(token), await node.reads(other)) == (401, 200)

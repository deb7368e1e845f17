"""Every private address, asked by everybody: who has a right sees it, nobody else a trace of it."""

from datetime import timedelta

import pytest
from aiohttp import ClientResponse

from federation.queries.fetchable import FORMER_FOR
from tests.fediverse.conftest import AWAY, Town
from tests.support import home_town as t
from tests.support.home_town import BOB, DAN, FRANK, GROUP_ID, IVY, SAM

ASKERS = {"nobody": "", "stranger": SAM, "member": BOB, "former": FRANK, "invitee": IVY, "dan": DAN}
UNKNOWN = "/c/01K4B0ZZZZZZZZZZZZZZZZZZZZ"

# Each private address, and those who have a right to it.
ENTITLED = {
    f"/c/{GROUP_ID}": {"member", "former", "invitee"},
    f"/c/{GROUP_ID}/affiliations": {"member", "invitee"},
    f"/c/{GROUP_ID}/state": {"member"},
    f"/c/{GROUP_ID}/state?after=0": {"member"},
    f"/c/{GROUP_ID}/context": {"member"},
    f"/c/{GROUP_ID}/context?after=0": {"member"},
    f"/c/{GROUP_ID}/history": {"member"},
    f"/c/{GROUP_ID}/history?after=0": {"member"},
    "/u/alice/n/01K4N1": {"former"},
    "/u/alice/n/01K4N2": {"former"},
    "/u/alice/n/01K4N3": {"member", "former"},
    "/u/alice/n/01K4N3/create": {"member", "former"},
    "/u/alice/n/01K4N4": {"member"},
    "/u/alice/n/01K4N4/create": {"member"},
    "/u/alice/n/01K4N5": {"dan"},
    "/u/alice/n/01K4N5/create": {"dan"},
    "/u/alice/d/01K4N5": {"dan"},
    UNKNOWN: set(),
    f"{UNKNOWN}/history?after=0": set(),
    f"/c/{t.DIRECT_ID}": set(),
    f"/c/{GROUP_ID.lower()}": set(),
    "/u/alice/n/01K4NZ": set(),
    "/u/alice/n/01K4NZ/create": set(),
    "/u/bob/n/01K4N4": set(),
    "/u/alice/d/01K4NZ": set(),
    "/u/alice/a/inv-ivy": set(),
}


VARY = "Signature, Signature-Input, Authorization, Cookie, Accept"


async def told(answer: ClientResponse) -> tuple[int, bytes, dict[str, str]]:
    """All that an asker learns but the number of the request and the time of day."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    del headers["x-request-id"], headers["date"]
    return answer.status, await answer.read(), headers


@pytest.mark.parametrize("path", ENTITLED)
async def test_only_who_has_a_right_sees_it(town: Town, path: str):
    nothing = await told(await town.get("/nowhere"))

    answers = {name: await town.get(path, asker) for name, asker in ASKERS.items()}

    assert {name for name, answer in answers.items() if answer.status == 200} == ENTITLED[path]
    for name, answer in answers.items():
        if name in ENTITLED[path]:
            assert answer.headers["Content-Type"] == "application/activity+json"
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert answer.headers["Vary"] == VARY
        else:
            assert await told(answer) == nothing


@pytest.mark.parametrize("accept", ["text/html", "*/*", "application/json"])
async def test_no_format_shows_a_message_to_a_browser(town: Town, accept: str):
    answer = await town.get("/u/alice/n/01K4N4", Accept=accept)

    assert answer.status == 404


async def test_a_signature_that_does_not_hold_is_none(town: Town):
    headers = town._signed("GET", f"/c/{GROUP_ID}/affiliations", BOB)

    answer = await town.get(f"/c/{GROUP_ID}", **headers)

    assert answer.status == 404


async def test_an_old_signature_is_none(town: Town):
    headers = town._signed("GET", f"/c/{GROUP_ID}", BOB)
    town.now += timedelta(hours=2)

    answer = await town.get(f"/c/{GROUP_ID}", **headers)

    assert answer.status == 404


async def test_who_cannot_be_known_now_is_asked_to_come_back(town: Town):
    for path in (f"/c/{GROUP_ID}", UNKNOWN):
        answer = await town.get(path, f"https://{AWAY}/u/eve")

        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0


async def test_a_former_member_sees_the_actor_for_thirty_days(town: Town):
    town.now = t.second(70) + FORMER_FOR - timedelta(hours=1)
    await t.meet(FRANK, town.now)
    before = await town.get(f"/c/{GROUP_ID}", FRANK)
    town.now += timedelta(hours=2)
    after = await town.get(f"/c/{GROUP_ID}", FRANK)

    assert (before.status, after.status) == (200, 404)


async def test_an_invitation_that_ran_out_opens_nothing(town: Town):
    town.now = t.second(90) + timedelta(days=14, seconds=1)

    answer = await town.get(f"/c/{GROUP_ID}", IVY)

    assert answer.status == 404


async def test_a_head_request_is_no_way_around(town: Town):
    answer = await town._ask("HEAD", f"/c/{GROUP_ID}", {"Host": "home.test"}, None)

    assert answer.status == 404

"""Servers that have to come back do not all come at once."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from federation.protocol.errors import RemoteProtocolError
from node.fediverse.unhurried import unhurried
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from storage.errors import Conflict, StorageUnavailable


def endpoint(outcome: Exception | web.Response, chance: float) -> Endpoint:
    async def handler(_: web.Request) -> web.Response:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return unhurried(Endpoint("POST", "/inbox", handler, Scope.SIGNED), lambda: chance)


@pytest.mark.parametrize(
    "outcome",
    [
        StorageUnavailable("away", retry_after_s=7),
        Conflict("again"),
        DeclinedError(Problem("unavailable", "later", 1)),
    ],
)
@pytest.mark.parametrize(("chance", "wait"), [(0.0, "60"), (0.5, "180"), (0.9999, "300")])
async def test_what_cannot_be_decided_is_asked_again_in_one_to_five_minutes(
    outcome: Exception, chance: float, wait: str
) -> None:
    answer = await endpoint(outcome, chance).handler(make_mocked_request("POST", "/inbox"))

    assert (answer.status, answer.headers["Retry-After"]) == (503, wait)


async def test_an_answer_that_says_so_itself_is_treated_alike() -> None:
    unavailable = Problem("unavailable", retry_after_s=1).response()

    answer = await endpoint(unavailable, 0.0).handler(make_mocked_request("POST", "/inbox"))

    assert answer.headers["Retry-After"] == "60"


async def test_other_answers_stay_as_they_are() -> None:
    request = make_mocked_request("POST", "/inbox")

    answer = await endpoint(web.Response(status=202), 0.0).handler(request)
    with pytest.raises(RemoteProtocolError):
        await endpoint(RemoteProtocolError("malformed"), 0.0).handler(request)

    assert "Retry-After" not in answer.headers

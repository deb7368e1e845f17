"""A server that has to come back is told when, and no two of them the same time.

Source: security.md 2.2
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from aiohttp import hdrs, web

from node.http.errors import EXPECTED, answer, problem_of
from node.http.problem import WORDS
from node.http.routes import Endpoint

UNAVAILABLE: Final = WORDS["unavailable"][0]
EARLIEST_S: Final = 60
LATEST_S: Final = 300


def unhurried(endpoint: Endpoint, chance: Callable[[], float]) -> Endpoint:
    """An endpoint whose 503 says when to ask again: in one to five minutes, by chance.

    Args:
        endpoint: Whatever keeps it from deciding.
        chance: From 0 inclusive to 1 exclusive.
    """

    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            response = await endpoint.handler(request)
        except EXPECTED as error:
            if problem_of(error).status != UNAVAILABLE:
                raise
            response = answer(error, request)
        if response.status == UNAVAILABLE:
            wait_s = EARLIEST_S + int(chance() * (LATEST_S - EARLIEST_S + 1))
            response.headers[hdrs.RETRY_AFTER] = str(wait_s)
        return response

    return replace(endpoint, handler=handler)

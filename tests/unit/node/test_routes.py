"""No address exists without saying who may call it."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from node.http.routes import Endpoint, Handler, Scope, register, unguarded


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def test_every_handler_stands_behind_the_guard_with_its_scope() -> None:
    seen: list[Scope] = []

    def guard(scope: Scope, handler: Handler) -> Handler:
        seen.append(scope)
        return handler

    endpoints = (
        Endpoint("GET", "/a", hello, Scope.ANYONE),
        Endpoint("POST", "/a", hello, Scope.WRITE),
    )
    register(web.Application(), endpoints, guard)

    assert seen == [Scope.ANYONE, Scope.WRITE]


def test_an_endpoint_cannot_leave_its_scope_out() -> None:
    with pytest.raises(TypeError):
        Endpoint(*("GET", "/a", hello))


@pytest.mark.parametrize("scope", [Scope.READ, Scope.WRITE])
def test_a_front_end_without_accounts_cannot_ask_for_one(scope: Scope) -> None:
    with pytest.raises(ValueError, match="needs an account"):
        unguarded(scope, hello)


async def test_what_answers_get_answers_head() -> None:
    app = web.Application()
    register(app, (Endpoint("GET", "/a", hello, Scope.SIGNED),), unguarded)

    async with TestClient(TestServer(app)) as client, client.head("/a") as answer:
        assert (answer.status, await answer.text()) == (200, "")

"""Where the caller is told of messages when nothing of theirs is open."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from federation.commands.push import Subscriber, Wanted, subscribe, unsubscribe
from federation.queries.pushes import SubscriptionView, find_subscription
from node.covey_api.call import BASE, Call, caller_of, done, found, read_call, services_of
from node.covey_api.documents import Document, answer
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

PATH: Final = f"{BASE}/push"
SUBSCRIPTIONS: Final = f"{PATH}/subscriptions"


async def show(request: web.Request) -> web.Response:
    """The key by which push services know this node, and the caller's subscription."""
    services = services_of(request)
    held = await find_subscription(caller_of(request).credential, services.clock())
    key = await services.push_key()
    return answer({"public_key": key, "subscription": _shown(held) if held else None})


async def put(request: web.Request) -> web.Response:
    """Tell this session or token of messages at a push service, in place of what it had."""
    call = await read_call(request)
    services, caller = call.services, call.caller
    done(
        await subscribe(
            Subscriber(caller.account, caller.actor_uri, caller.credential),
            _wanted(call),
            own_origin=services.space.base_url,
            now=services.clock(),
        )
    )
    view = found(await find_subscription(caller.credential, services.clock()))
    return answer(_shown(view), status=201)


async def end(request: web.Request) -> web.Response:
    """Tell this session or token nothing any more."""
    await unsubscribe(caller_of(request).credential)
    return web.Response(status=204)


def _wanted(call: Call) -> Wanted:
    keys = call.body.get("keys")
    if not isinstance(keys, Mapping):
        raise _lacking()
    p256dh, auth = keys.get("p256dh"), keys.get("auth")
    if not isinstance(p256dh, str) or not isinstance(auth, str):
        raise _lacking()
    return Wanted(
        endpoint=call.text("endpoint"),
        p256dh=p256dh,
        auth=auth,
        standard=call.switch("standard") is not False,
        shows_text=call.switch("show_text") or False,
    )


def _lacking() -> DeclinedError:
    return DeclinedError(Problem("unprocessable", "keys holds the texts p256dh and auth."))


def _shown(view: SubscriptionView) -> Document:
    return {
        "endpoint": view.endpoint,
        "standard": view.standard,
        "show_text": view.shows_text,
    }


ENDPOINTS: Final = (
    Endpoint("GET", PATH, show, Scope.PUSH),
    Endpoint("POST", SUBSCRIPTIONS, put, Scope.PUSH),
    Endpoint("DELETE", SUBSCRIPTIONS, end, Scope.PUSH),
)

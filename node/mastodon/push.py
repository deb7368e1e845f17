"""An app is told of messages by a push service, as our own chat is (`node/web_push`).

Source: clients.md 7.3
"""

from typing import Final

from aiohttp import web

from federation.commands import push as commands
from federation.commands.push import AppWish, Subscriber, Wanted
from federation.queries.pushes import SubscriptionView, find_subscription
from node.http.fields import Fields, read_fields
from node.http.routes import Endpoint, Scope
from node.identity.bearer import bearer_of
from node.mastodon.answers import done, found, told, unprocessable
from node.mastodon.call import caller_of, is_on, services_of
from node.mastodon.context import MastodonContext
from node.mastodon.entities.site import Document

PATH: Final = "/api/v1/push/subscription"
ALERTS: Final = (
    *("follow", "favourite", "reblog", "mention", "poll", "status", "follow_request", "update"),
)
POLICIES: Final = frozenset({"all", "followed", "follower", "none"})
ALL: Final = "all"
NO_POLICY: Final = "Data policy is not included in the list"


def endpoints(_: MastodonContext) -> tuple[Endpoint, ...]:
    """The subscription of a token: made, seen, changed and ended."""
    return (
        Endpoint("POST", PATH, _subscribe, Scope.PUSH),
        Endpoint("GET", PATH, _show, Scope.PUSH),
        Endpoint("PUT", PATH, _change, Scope.PUSH),
        Endpoint("DELETE", PATH, _end, Scope.PUSH),
    )


async def _subscribe(request: web.Request) -> web.Response:
    said, services, caller = await read_fields(request), services_of(request), caller_of(request)
    wanted = Wanted(
        endpoint=said.text("subscription[endpoint]"),
        p256dh=said.text("subscription[keys][p256dh]"),
        auth=said.text("subscription[keys][auth]"),
        standard=is_on(said, "subscription[standard]"),
        shows_text=True,
        app=AppWish(
            alerts=_alerts(said, ()),
            policy=_policy(said, ALL),
            token=services.seal_token(bearer_of(request), caller.credential),
        ),
    )
    done(
        await commands.subscribe(
            Subscriber(caller.account, caller.actor_uri, caller.credential),
            wanted,
            own_origin=services.space.base_url,
            now=services.clock(),
        )
    )
    return await _show(request)


async def _show(request: web.Request) -> web.Response:
    key = await services_of(request).push_key()
    return told(_shown(await _held(request), key))


async def _change(request: web.Request) -> web.Response:
    held, said = await _held(request), await read_fields(request)
    alerts, policy = _alerts(said, held.alerts), _policy(said, held.policy)
    await commands.choose_alerts(caller_of(request).credential, alerts, policy)
    return await _show(request)


async def _end(request: web.Request) -> web.Response:
    await commands.unsubscribe(caller_of(request).credential)
    return told({})


async def _held(request: web.Request) -> SubscriptionView:
    """The subscription of this app.

    Raises:
        DeclinedError: It has none.
    """
    view = await find_subscription(caller_of(request).credential, services_of(request).clock())
    return found(view if view is not None and view.policy else None)


def _alerts(said: Fields, held: tuple[str, ...]) -> tuple[str, ...]:
    """What is on: as it is said, or else as it was."""
    names = {name: f"data[alerts][{name}]" for name in ALERTS}
    return tuple(
        name
        for name, field in names.items()
        if (is_on(said, field) if said.texts(field) else name in held)
    )


def _policy(said: Fields, held: str) -> str:
    policy = said.text("data[policy]") or held
    if policy not in POLICIES:
        raise unprocessable(NO_POLICY)
    return policy


def _shown(view: SubscriptionView, key: str) -> Document:
    return {
        "id": view.id,
        "endpoint": view.endpoint,
        "standard": view.standard,
        "server_key": key,
        "policy": view.policy,
        "alerts": {name: name in view.alerts for name in ALERTS},
    }

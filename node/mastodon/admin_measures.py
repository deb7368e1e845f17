"""How much people here have to do with a server, for tools that ask before they block it.

Source: policy.md 14; https://docs.joinmastodon.org/methods/admin/measures/
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from aiohttp import web

from federation.policy.domains import is_below, read_domain
from federation.protocol.verdict import Refused
from federation.queries.policy_preview import Reach, reach_of
from node.http.limits import read_json
from node.http.routes import Endpoint, Scope
from node.mastodon.admin import V1, require_operator
from node.mastodon.answers import told, unprocessable
from node.mastodon.context import MastodonContext

MEASURES: Final = f"{V1}/measures"
KEYS_MAX: Final = 10
# What is counted of a server, by key of Mastodon's.
COUNTED: Final = {
    # People here who follow, are followed by, or write with somebody there, or share a group.
    "instance_follows": lambda reach: max(reach.contacts, reach.in_groups),
    "instance_media_attachments": lambda reach: reach.media_bytes,
}


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """The measures of a server; others are not counted, and left out."""

    async def count(request: web.Request) -> web.Response:
        require_operator(request)
        said = await read_json(request)
        keys = said.get("keys")
        if not isinstance(keys, list):
            raise unprocessable("keys is no list")
        measured = [key for key in keys[:KEYS_MAX] if key in COUNTED]
        found = [_measure(key, await _reach(said, key, context)) for key in measured]
        return told(found)

    return (Endpoint("POST", MEASURES, count, Scope.ADMIN_READ),)


async def _reach(said: Mapping[str, Any], key: str, context: MastodonContext) -> Reach:
    about = said.get(key)
    named = about.get("domain") if isinstance(about, Mapping) else None
    domain = read_domain(named) if isinstance(named, str) else None
    if domain is None or isinstance(domain, Refused):
        raise unprocessable(f"{key} names no domain")
    return await reach_of(partial(is_below, domain=domain), context.own_hosts)


def _measure(key: str, reach: Reach) -> Mapping[str, object]:
    return {"key": key, "unit": None, "total": str(COUNTED[key](reach)), "data": []}

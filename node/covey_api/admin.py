"""The delivery queue, the health of peers and the accounts, for who runs this node."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from aiohttp import web

from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused
from federation.queries import accounts, deliveries
from federation.queries.deliveries import PeerView
from node.covey_api.call import BASE, caller_of, declined, services_of
from node.covey_api.documents import Document, answer, items
from node.http.paging import link_header, read_page
from node.http.routes import Endpoint, Scope

ROLES: Final = frozenset({"admin", "owner"})
NOT_ALLOWED: Final = Refused("This is for the people who run this node.", 403)


async def show_queue(request: web.Request) -> web.Response:
    """The queue in numbers, and what is not delivered, oldest first."""
    require_operator(request)
    page, counts = read_page(request), await deliveries.count_queue()
    inbox = await deliveries.count_inbox()
    rows = await deliveries.list_queue(after=page.after, limit=page.limit)
    shown = [
        {
            "id": row.id,
            "activity": row.activity_id,
            "host": row.host,
            "target": row.target,
            "state": row.state,
            "attempts": row.attempts,
            "last_status": row.last_status,
            "reason": row.reason,
            "created": format_time(row.created_at),
            "due": format_time(row.next_try or row.due_at),
        }
        for row in rows
    ]
    newer = rows[-1].id if len(rows) == page.limit else ""
    link = link_header(services_of(request).space.base_url, request, newer=newer)
    document = {
        "rows": dict(counts.rows),
        "lanes": dict(counts.lanes),
        "oldest": _time(counts.oldest_at),
        "inbox": {
            state: {"rows": held.number, "oldest": _time(held.oldest_at)}
            for state, held in inbox.items()
        },
        "items": shown,
    }
    return answer(document, headers={"Link": link} if link else None)


async def list_peers(request: web.Request) -> web.Response:
    """The hosts this node has to do with, by name, and why what they are owed has not come."""
    require_operator(request)
    page = read_page(request)
    services = services_of(request)
    peers = await deliveries.list_peers(after=page.after, limit=page.limit, now=services.clock())
    names = [peer.health.host for peer in peers]
    troubled = await deliveries.troubled_logs(names)
    newer = names[-1] if len(peers) == page.limit else ""
    return items(
        (_told(peer, troubled.get(peer.health.host, ())) for peer in peers),
        link=link_header(services.space.base_url, request, newer=newer),
    )


async def list_accounts(request: web.Request) -> web.Response:
    """The accounts of this node by name: role, state and since when."""
    require_operator(request)
    page, space = read_page(request), services_of(request).space
    held = await accounts.list_page(after=page.after, limit=page.limit)
    newer = held[-1].name if len(held) == page.limit else ""
    shown = [
        {
            "acct": f"{one.name}@{space.account_domain}",
            "uri": one.actor_uri,
            "name": one.display_name,
            "role": one.role,
            "state": one.state,
            "created": format_time(one.created_at),
        }
        for one in held
    ]
    return items(shown, link=link_header(space.base_url, request, newer=newer))


def _told(peer: PeerView, troubled: Iterable[tuple[str, str]]) -> Document:
    health = peer.health
    return {
        "host": health.host,
        "state": health.state,
        "step": health.step,
        "failing_since": _time(health.failing_since),
        "next_try": _time(health.due_at),
        "last_ok": _time(health.last_ok_at),
        "last_heard": _time(health.heard_at),
        "last_error": health.last_error,
        "waiting": peer.waiting,
        "parked": peer.parked,
        "oldest": _time(peer.oldest_at),
        "why": peer.why,
        "logs": [{"log": uri, "trouble": word} for uri, word in troubled],
    }


def require_operator(request: web.Request) -> None:
    """Go on only for an owner or admin.

    Raises:
        DeclinedError: The caller is neither.
    """
    if caller_of(request).role not in ROLES:
        raise declined(NOT_ALLOWED)


def _time(at: datetime | None) -> str | None:
    return format_time(at) if at is not None else None


ENDPOINTS: Final = (
    Endpoint("GET", f"{BASE}/admin/queue", show_queue, Scope.ADMIN_READ),
    Endpoint("GET", f"{BASE}/admin/accounts", list_accounts, Scope.ADMIN_READ_ACCOUNTS),
    Endpoint("GET", f"{BASE}/admin/peers", list_peers, Scope.ADMIN_READ),
)

"""What this node lets in and out, for who runs it."""

from typing import Final

from aiohttp import web

from federation.commands import block_domain
from federation.commands.block_domain import Consequences
from federation.commands.deeds import by_caller
from federation.protocol.timestamps import format_time
from federation.queries.policy import list_blocked
from node.covey_api.admin import require_operator
from node.covey_api.call import BASE, caller_of, done, read_call, services_of
from node.covey_api.documents import Document, answer, items
from node.http.routes import Endpoint, Scope

DOMAINS: Final = f"{BASE}/admin/policy/domains"
ONE: Final = f"{DOMAINS}/{{domain}}"


async def list_all(request: web.Request) -> web.Response:
    """Every blocked domain, since when, and why."""
    require_operator(request)
    return items(
        {"domain": one.domain, "reason": one.reason, "since": format_time(one.since)}
        for one in await list_blocked()
    )


async def foresee(request: web.Request) -> web.Response:
    """What blocking a domain would end; nothing is changed."""
    require_operator(request)
    space = services_of(request).space
    told = done(await block_domain.foresee(request.match_info["domain"], space))
    return answer(_counted(told))


async def block(request: web.Request) -> web.Response:
    """Exchange nothing with a domain and all names below it; answers what that has ended."""
    require_operator(request)
    call = await read_call(request)
    desk = call.services.desk
    told = done(
        await block_domain.block(
            request.match_info["domain"],
            call.text_or_none("reason"),
            space=desk.space,
            new_id=desk.entropy.new_id,
            now=desk.clock(),
            by=by_caller(call.caller.actor_uri),
        )
    )
    return answer(_counted(told))


async def unblock(request: web.Request) -> web.Response:
    """Exchange messages with a domain again; what has ended stays ended."""
    require_operator(request)
    desk = services_of(request).desk
    done(
        await block_domain.unblock(
            request.match_info["domain"],
            new_id=desk.entropy.new_id,
            now=desk.clock(),
            by=by_caller(caller_of(request).actor_uri),
        )
    )
    return web.Response(status=204)


def _counted(told: Consequences) -> Document:
    return {
        "domain": told.domain,
        "members_removed": len(told.removed),
        "groups_here": len({one.conversation_id for one in told.removed}),
        "people_leaving": len(told.leaving),
        "groups_there": len({one.conversation_id for one in told.leaving}),
        "deliveries_ended": told.waiting,
    }


ENDPOINTS: Final = (
    Endpoint("GET", DOMAINS, list_all, Scope.ADMIN_READ),
    Endpoint("GET", ONE, foresee, Scope.ADMIN_READ),
    Endpoint("PUT", ONE, block, Scope.ADMIN_WRITE),
    Endpoint("DELETE", ONE, unblock, Scope.ADMIN_WRITE),
)

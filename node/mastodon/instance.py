"""What this node says of itself to clients of Mastodon's API, before anybody signs in."""

from typing import Final

from aiohttp import web

from federation.queries.policy import list_published
from node.http.routes import Endpoint, Scope
from node.identity.registration import Entry, find_entry
from node.mastodon.answers import told
from node.mastodon.call import services_of
from node.mastodon.context import MastodonContext
from node.mastodon.entities.instance import About, instance, instance_v1, published_block

# When nothing has been said of it: the beginning of the time that computers count.
NEVER: Final = "1970-01-01T00:00:00.000Z"
TEXTS: Final = ("extended_description", "privacy_policy", "terms_of_service")


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """The instance in both versions, and the texts that belong to it."""

    async def about(request: web.Request) -> About:
        services = services_of(request)
        entry = await find_entry(services.registration, services.clock())
        return About(
            version=context.version,
            characters_max=services.limits.message_characters,
            upload_max_bytes=services.upload_max_bytes,
            push_key=await services.push_key(),
            people=await context.count_people(),
            is_open=entry is not Entry.CLOSED,
            needs_approval=entry is not Entry.OPEN,
        )

    async def show(request: web.Request) -> web.Response:
        return told(instance(context.site, await about(request)))

    async def show_v1(request: web.Request) -> web.Response:
        return told(instance_v1(context.site, await about(request)))

    async def show_text(_: web.Request) -> web.Response:
        return told({"updated_at": NEVER, "content": ""})

    async def list_blocks(request: web.Request) -> web.Response:
        published = await list_published(services_of(request).desk.rules())
        return told([published_block(one.domain, one.how, one.reason) for one in published])

    return (
        Endpoint("GET", "/api/v1/instance/domain_blocks", list_blocks, Scope.ANYONE),
        Endpoint("GET", "/api/v2/instance", show, Scope.ANYONE),
        Endpoint("GET", "/api/v1/instance", show_v1, Scope.ANYONE),
        *(Endpoint("GET", f"/api/v1/instance/{name}", show_text, Scope.ANYONE) for name in TEXTS),
    )

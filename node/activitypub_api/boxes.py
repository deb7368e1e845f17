"""What an actor's owner reads at its addresses: inbox, outbox, who waits to be followed.

At the same addresses everybody else gets what is public, or nothing (node/fediverse).

Source: ActivityPub 5; clients.md 10.2
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from federation.protocol.errors import RemoteProtocolError
from federation.queries import boxes
from federation.queries.boxes import BoxPage
from federation.queries.fetchable import read_number
from node.activitypub_api.call import owner_of, told
from node.activitypub_api.documents import follow, head, page_of, page_with

PAGE_ITEMS: Final = 20
ID_CHARS_MAX: Final = 26
# Above every cursor.
NEWEST: Final = 2**62

Box = Callable[..., Awaitable[BoxPage]]


async def inbox(request: web.Request) -> web.Response:
    """What others have sent to the owner; no requests, and nothing that is held."""
    return await _box(request, "inbox", boxes.received)


async def outbox(request: web.Request) -> web.Response:
    """What the owner has written."""
    return await _box(request, "outbox", boxes.sent)


async def pending_followers(request: web.Request) -> web.Response:
    """Who waits for the owner's yes."""
    return await _pending(request, "pending-followers", asked=False)


async def pending_following(request: web.Request) -> web.Response:
    """Whose yes the owner waits for."""
    return await _pending(request, "pending-following", asked=True)


async def _box(request: web.Request, name: str, read: Box) -> web.Response:
    owner = owner_of(request).actor_uri
    uri = f"{owner}/{name}"
    if "page" not in request.query:
        return told(head(uri, owner))
    before = request.query.get("before", "")
    if len(before) > ID_CHARS_MAX or (before and not before.isalnum()):
        raise RemoteProtocolError("the page is not one of ours", repr(before)[:80])
    return told(page_of(uri, owner, before, await read(owner, before=before, limit=PAGE_ITEMS)))


async def _pending(request: web.Request, name: str, *, asked: bool) -> web.Response:
    owner = owner_of(request).actor_uri
    uri = f"{owner}/{name}"
    if "page" not in request.query:
        return told(head(uri, owner))
    said = request.query.get("before", "")
    before = read_number(said) if said else NEWEST
    wishes, older = await boxes.pending_follows(owner, asked=asked, before=before, limit=PAGE_ITEMS)
    items = [follow(one.follower, one.followed, one.activity) for one in wishes]
    return told(page_with(uri, owner, said, items, str(older) if older is not None else ""))

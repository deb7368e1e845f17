"""`eventStream`: what comes into an owner's boxes, and changes there, as it happens.

Each event is an Add, Update or Delete with the box as its target. A client goes on by
`Last-Event-ID`, as at our own API.

Source: ActivityPub eventStream (Social Web CG); clients.md 10.4
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from aiohttp import web

from federation.queries import events
from federation.queries.boxes import find_entry
from federation.queries.views import MessageView, Told
from node.activitypub_api.call import CORS, owner_of
from node.activitypub_api.documents import Document, activity, with_context
from node.http.event_source import RESUME, EventSource
from node.http.sse import send_events
from node.live import LIVE

# What an event of ours is called in ActivityStreams.
TYPES: Final[Mapping[str, str]] = {
    "message": "Add",
    "message.updated": "Update",
    "message.deleted": "Delete",
    "reaction": "Update",
}


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-Sent Events about the inbox and the outbox."""
    owner = owner_of(request)
    person = owner.actor_uri

    async def written(told: Told) -> tuple[str, str] | None:
        document = await _document(person, told)
        return None if document is None else (document["type"], _encoded(document))

    with request.app[LIVE].listening(person, credential=owner.credential) as listener:
        source = EventSource(person, await events.stream_name(), listener, written)
        await source.begin(request.headers.get(RESUME, ""))
        return await send_events(request, source.next, headers=CORS)


async def _document(person: str, told: Told) -> Document | None:
    """What an event says; None for what is in no box, such as requests and settings."""
    kind, view = TYPES.get(told.type), told.shown
    if kind is None or not isinstance(view, MessageView):
        return None
    box = "outbox" if view.author.uri == person else "inbox"
    shown: object = view.uri
    if kind != "Delete":
        entry = await find_entry(person, view.uri)
        if entry is None or not entry.is_accepted:
            return None
        shown = activity(entry)
    return with_context(
        {"type": kind, "actor": view.author.uri, "object": shown, "target": f"{person}/{box}"}
    )


def _encoded(document: Document) -> str:
    return msgspec.json.encode(document).decode()

"""The caller's event stream, which goes on where a client says that it stopped."""

from typing import Final

from aiohttp import web

from federation.queries import events
from federation.queries.views import ConversationView, MessageView, Told
from node.covey_api.call import BASE, caller_of
from node.covey_api.documents import conversation, encoded, message
from node.http.event_source import RESUME, EventSource
from node.http.routes import Endpoint, Scope
from node.http.sse import send_events
from node.live import LIVE


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-Sent Events; resumes from `Last-Event-ID`."""
    caller = caller_of(request)
    person = caller.actor_uri
    with request.app[LIVE].listening(person, credential=caller.credential) as listener:
        source = EventSource(person, await events.stream_name(), listener, _written)
        await source.begin(request.headers.get(RESUME, ""))
        return await send_events(request, source.next)


async def _written(told: Told) -> tuple[str, str]:
    match told.shown:
        case MessageView():
            return told.type, encoded(message(told.shown)).decode()
        case ConversationView():
            return told.type, encoded(conversation(told.shown)).decode()
        case None:
            return told.type, told.data or "{}"


ENDPOINTS: Final = (Endpoint("GET", f"{BASE}/events", stream, Scope.READ_STATUSES),)

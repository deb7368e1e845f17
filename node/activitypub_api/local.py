"""Documents of this node, for a person who shows a token."""

from aiohttp import hdrs, web

from federation.protocol.vocabulary import ACTIVITY_JSON
from federation.queries import served_groups, served_people
from federation.queries.boxes import find_entry, find_group
from federation.queries.fetchable import Answer, Asker, Private, Public
from node.activitypub_api.call import NOT_FOUND, PRIVATE, caller_of, services_of, told
from node.activitypub_api.documents import activity, note, with_context
from node.http.errors import DeclinedError


async def read_local(request: web.Request, uri: str) -> web.Response:
    """A message or its Create, a person, or a group, by its id.

    Raises:
        DeclinedError: There is nothing, or nothing for whoever asks (404).
    """
    services, person = services_of(request), caller_of(request).actor_uri
    name = services.space.local_name(uri)
    if name is not None:
        return _document(await served_people.person(services.space, name))
    group = await find_group(person, uri)
    if group is not None:
        # They have a place there, so what is shown to their server is shown to them.
        asker = Asker(services.space.host, services.clock())
        return _document(await served_groups.conversation_actor(group, asker=asker))
    entry = await find_entry(person, uri.removesuffix("/create"))
    if entry is None:
        raise DeclinedError(NOT_FOUND)
    is_activity = entry.activity == uri
    return told(with_context(activity(entry) if is_activity else note(entry)))


def _document(answer: Answer) -> web.Response:
    if not isinstance(answer, Public | Private):
        raise DeclinedError(NOT_FOUND)
    return web.Response(body=answer.body, headers={**PRIVATE, hdrs.CONTENT_TYPE: ACTIVITY_JSON})

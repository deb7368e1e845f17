"""What is shown names people, messages and conversations: all of these are found at once.

The number of queries does not grow with what is shown (tests/mastodon/test_queries.py).
"""

from collections.abc import Collection, Iterable, Sequence

from aiohttp import web

from federation.protocol.namespace import Namespace
from federation.queries.client_pages import answered_by, is_there
from federation.queries.messages import shelf
from federation.queries.numbered import CONVERSATIONS, MESSAGES, faces_of, numbers_of
from federation.queries.numbered_views import NotificationView
from federation.queries.views import ConversationView, MessageView
from node.mastodon.call import caller_of, services_of
from node.mastodon.entities.account import account
from node.mastodon.entities.conversation import accounts, conversation
from node.mastodon.entities.names import Names
from node.mastodon.entities.notification import notification
from node.mastodon.entities.site import Document, Site
from node.mastodon.entities.status import status


async def statuses(
    request: web.Request, views: Sequence[MessageView], site: Site
) -> list[Document]:
    """Messages, as whoever asks sees them."""
    return await statuses_of(caller_of(request).actor_uri, views, services_of(request).space, site)


async def statuses_of(
    viewer: str, views: Sequence[MessageView], space: Namespace, site: Site
) -> list[Document]:
    """Messages, as somebody sees them."""
    names = await names_for(viewer, views, (), space)
    return [status(view, names, site) for view in views if view.author.uri in names.faces]


async def conversations(
    request: web.Request, views: Sequence[ConversationView], site: Site
) -> list[Document]:
    """Conversations, as whoever asks sees them."""
    return await conversations_of(
        caller_of(request).actor_uri, views, services_of(request).space, site
    )


async def conversations_of(
    viewer: str, views: Sequence[ConversationView], space: Namespace, site: Site
) -> list[Document]:
    """Conversations, as somebody sees them."""
    messages = [view.last_message for view in views if view.last_message is not None]
    names = await names_for(viewer, messages, views, space)
    return [conversation(view, names, site) for view in views]


async def notifications(
    viewer: str, found: Sequence[NotificationView], space: Namespace, site: Site
) -> list[Document]:
    """Notifications, as whoever they are for sees them; what cannot be shown is left out."""
    shown = await shelf({one.message_id for one in found} - {""}, {viewer})
    views = {one.message_id: shown.view(one.message_id, viewer) for one in found if one.message_id}
    messages = [view for view in views.values() if view is not None and is_there(view)]
    people = {one.person for one in found}
    names = await names_for(viewer, messages, (), space, people=people)
    documents = {
        view.id: status(view, names, site) for view in messages if view.author.uri in names.faces
    }
    return [
        notification(one, account(names.faces[one.person], site), documents.get(one.message_id))
        for one in found
        if one.person in names.faces and (not one.message_id or one.message_id in documents)
    ]


async def names_for(
    viewer: str,
    messages: Sequence[MessageView],
    views: Iterable[ConversationView],
    space: Namespace,
    *,
    people: Collection[str] = (),
) -> Names:
    """All that some messages and conversations name, and these people, for somebody who looks."""
    places = list(views)
    answered = await answered_by(viewer, [view.id for view in messages])
    people = {*people, *(view.author.uri for view in messages)}
    people |= {uri for view in messages for uri in view.addressed_to}
    people |= {one.author for one in answered.values()}
    people |= {uri for view in places for uri in accounts(view, viewer)}
    named = {view.id for view in messages} | {one.message_id for one in answered.values()}
    return Names(
        viewer=viewer,
        faces=await faces_of(people, space),
        statuses=await numbers_of(MESSAGES, named),
        conversations=await numbers_of(CONVERSATIONS, [view.id for view in places]),
        answered=answered,
    )

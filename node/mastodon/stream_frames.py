"""What a person is told live becomes the events of Mastodon's streams.

`direct` has conversations, `user` has what is new, changed or gone, `user:notification` the first
of these alone. What nobody here may be shown is left out.

Source: clients.md 7.1
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from federation.protocol.namespace import Namespace
from federation.queries import notifications as queries
from federation.queries.client_pages import Wanted, is_there
from federation.queries.conversations import views_for
from federation.queries.notifications import FAVOURITE, FOLLOW, FOLLOW_REQUEST, of_message
from federation.queries.numbered import MESSAGES, numbers_of
from federation.queries.numbered_views import NotificationView
from federation.queries.views import ConversationView, MessageView, Told
from node.mastodon import showing
from node.mastodon.entities.site import Document, Site

USER: Final = "user"
NOTIFICATIONS: Final = "user:notification"
DIRECT: Final = "direct"
INSIDE: Final = frozenset({"joined", "joining"})
CHANGED: Final = frozenset({"message.updated", "message.deleted"})
# Of what tells of them it is not said who it was.
LOOKED_FOR: Final = frozenset({"reaction", "me"})
OTHER_KINDS: Final = frozenset({FAVOURITE, FOLLOW, FOLLOW_REQUEST})
CATCH_UP: Final = 40


@dataclass(frozen=True, slots=True)
class Frame:
    """One event.

    Attributes:
        streams: In which it stands.
        payload: JSON, or an id.
    """

    streams: frozenset[str]
    event: str
    payload: str


class Teller:
    """Makes events for one person.

    Args:
        person: Their id.
        account: The name of their account.
        space: This node's addresses.
        site: As entities name this node.
        clock: The clock.
    """

    def __init__(
        self,
        person: str,
        account: str,
        *,
        space: Namespace,
        site: Site,
        clock: Callable[[], datetime],
    ) -> None:
        self._person, self._account = person, account
        self._space, self._site, self._clock = space, site, clock
        self._last: int | None = None

    async def begin(self) -> None:
        """What there is until now is not told."""
        self._last = await self._newest()

    async def frames(self, told: Sequence[Told], streams: Collection[str]) -> list[Frame]:
        """The events of these streams that some news make, in their order by kind."""
        wanted = frozenset(streams)
        if not wanted or not told:
            return []
        found: list[Frame] = []
        news = _messages(told, {"message"})
        places = await views_for({(self._person, view.conversation_id) for view in news})
        inside = {key[1]: view for key, view in places.items() if view.state in INSIDE}
        if DIRECT in wanted:
            found += await self._conversations(inside.values())
        if USER in wanted or NOTIFICATIONS in wanted:
            fresh = [view for view in news if self._makes_noise(view, inside)]
            found += await self._notifications(
                [of_message(view.id, view.author.uri) for view in fresh]
            )
            if any(one.type in LOOKED_FOR for one in told):
                found += await self._notifications(await self._others())
        if USER in wanted:
            found += await self._changes(_messages(told, CHANGED))
        return [frame for frame in found if frame.streams & wanted]

    async def _conversations(self, views: Iterable[ConversationView]) -> list[Frame]:
        shown = [view for view in views if view.last_message is not None]
        documents = await showing.conversations_of(self._person, shown, self._space, self._site)
        return [Frame(frozenset({DIRECT}), "conversation", _json(one)) for one in documents]

    def _makes_noise(self, view: MessageView, inside: dict[str, ConversationView]) -> bool:
        place = inside.get(view.conversation_id)
        is_hushed = view.is_blocked or view.is_muted or not is_there(view)
        return (
            place is not None
            and view.author.uri != self._person
            and not is_hushed
            and not place.preferences.is_muted
        )

    async def _notifications(self, views: Sequence[NotificationView]) -> list[Frame]:
        if not views:
            return []
        documents = await showing.notifications(self._person, views, self._space, self._site)
        streams = frozenset({USER, NOTIFICATIONS})
        return [Frame(streams, "notification", _json(one)) for one in documents]

    async def _others(self) -> Sequence[NotificationView]:
        """What came of other kinds since it was last looked for, oldest first."""
        wanted = Wanted(limit=CATCH_UP, since_number=self._last)
        page = await queries.page_of(
            self._person, self._account, wanted, self._clock(), queries.Wish(OTHER_KINDS)
        )
        if page.notifications:
            self._last = page.notifications[0].number
        return page.notifications[::-1]

    async def _newest(self) -> int:
        page = await queries.page_of(
            self._person, self._account, Wanted(limit=1), self._clock(), queries.Wish(OTHER_KINDS)
        )
        return page.notifications[0].number if page.notifications else 0

    async def _changes(self, views: Sequence[MessageView]) -> list[Frame]:
        """Messages that say something else now, and the ids of those that are gone."""
        here = [view for view in views if is_there(view) and not view.is_blocked]
        gone = [view.id for view in views if not is_there(view)]
        streams = frozenset({USER})
        documents = await showing.statuses_of(self._person, here, self._space, self._site)
        numbers = await numbers_of(MESSAGES, gone)
        return [
            *(Frame(streams, "status.update", _json(one)) for one in documents),
            *(Frame(streams, "delete", str(numbers[each])) for each in gone if each in numbers),
        ]


def _messages(told: Iterable[Told], types: Collection[str]) -> list[MessageView]:
    """The messages that news of these types show, each once, as it is at last."""
    found = {
        one.shown.id: one.shown
        for one in told
        if one.type in types and isinstance(one.shown, MessageView)
    }
    return list(found.values())


def _json(document: Document) -> str:
    return msgspec.json.encode(document).decode()

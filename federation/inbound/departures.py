"""Accounts that end or move, and domains that are blocked: what follows is carried out.

    gone      its server was said to have no such account any more
    expel     a group whose home is here removes who has gone: "CONVERSATION PERSON [DELETE]"
    moved     somebody says that they go on as another: "OLD NEW"
    part      one of ours leaves a group whose home is kept out: "CONVERSATION PERSON"
    quit      the account of one of ours is deleted

Sources: groups-protocol.md 11.5, 11.7 and 11.8; security.md 4.1
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from federation.inbound.home_reader import NotNow
from federation.pipeline import batch, farewell
from federation.pipeline.item import LeaveConversation
from federation.pipeline.outcome import Applied
from federation.pipeline.prepare import Tools
from federation.protocol.actor import parse_actor
from federation.protocol.build.state_change import Answered
from federation.protocol.strict_json import loads
from federation.remote.actors import Directory
from federation.remote.objects import Away, NotThere
from storage import actors, memberships
from storage.actors import ACTIVE, StoredActor
from storage.database import transaction

# What ends a membership asks nobody elsewhere.
PARTING: Final = frozenset({"expel", "part", "quit"})

RECOVERING: Final = NotNow("home looks for what it has lost")
STAYS: Final = NotNow("whoever is to leave could not")
LOOK_AGAIN: Final = timedelta(minutes=1)


def of_another_copy(now: datetime) -> NotNow:
    """In a restored copy nobody here says anything: the other one may have said it already."""
    return NotNow("the other copy of the database may be in use", now + LOOK_AGAIN)


class Departures:
    """Looks after accounts elsewhere; each method answers None once there is nothing to do."""

    def __init__(self, tools: Tools, directory: Directory, *, allow_http: bool) -> None:
        self._tools = tools
        self._directory = directory
        self._allow_http = allow_http

    @property
    def kinds(self) -> Mapping[str, Callable[[str, datetime], Awaitable[NotNow | None]]]:
        """What is done for each kind of repair, with its subject."""
        return {
            "gone": self._gone,
            "expel": self._expel,
            "moved": self._moved,
            "part": self._part,
            "quit": self._quit,
        }

    async def _gone(self, uri: str, now: datetime) -> NotNow | None:
        """A Delete that nobody has proven counts if the account's own id answers 410."""
        found = await self._directory.fetch(uri)
        if isinstance(found, Away):
            return NotNow(found.reason)
        if isinstance(found, NotThere) and found.is_gone:
            async with transaction():
                await farewell.bury(uri, self._tools, now)
        return None

    async def _expel(self, subject: str, now: datetime) -> NotNow | None:
        conversation_id, _, rest = subject.partition(" ")
        person, _, delete = rest.partition(" ")
        by = (Answered(delete, "Delete", person),) if delete else ()
        async with transaction():
            is_done = await farewell.expel(conversation_id, (person,), by, self._tools, now)
        return None if is_done else RECOVERING

    async def _part(self, subject: str, now: datetime) -> NotNow | None:
        """Whoever is no member any more has nothing left to do."""
        if not self._tools.may_send():
            return of_another_copy(now)
        conversation_id, _, person = subject.partition(" ")
        async with transaction():
            report = await batch.run([LeaveConversation(person, conversation_id)], self._tools, now)
        is_done = isinstance(report.outcomes[0], Applied)
        is_done = is_done or not await memberships.is_joined(conversation_id, person)
        return None if is_done else STAYS

    async def _quit(self, person: str, now: datetime) -> NotNow | None:
        if not self._tools.may_send():
            return of_another_copy(now)
        async with transaction():
            await farewell.bury_own(person, self._tools, now)
        return None

    async def _moved(self, subject: str, now: datetime) -> NotNow | None:
        """The new account must name the old one, and not have moved on itself."""
        old, _, new = subject.partition(" ")
        found = await self._directory.fetch(new)
        if isinstance(found, Away):
            return NotNow(found.reason)
        if isinstance(found, StoredActor) and await self._is_the_same(old, found):
            async with transaction():
                await farewell.moved(old, new, self._tools, now)
        return None

    async def _is_the_same(self, old: str, new: StoredActor) -> bool:
        """Whether the new account says that it is the old one's person.

        SECURITY: only what its own document says joins two accounts;
        tests/network/conformance/test_departures.py.
        """
        text = await actors.find_document(new.uri)
        if new.kind != "person" or new.state != ACTIVE or not text:
            return False
        actor = parse_actor(loads(text.encode()), allow_http=self._allow_http)
        return old in actor.also_known_as and not actor.moved_to

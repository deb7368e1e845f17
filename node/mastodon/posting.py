"""What somebody posts finds its conversation: that of the message it answers, or of whom it names.

1. An answer goes where the message is. Whoever it names beside those who are there is not added,
   and is shown nothing: the first such post is refused, and a repeat of it is sent as text.
2. Else those whom it names are the people: the conversation of exactly these is used, or begun.

Source: clients.md 6.2
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from aiohttp import web

from federation.commands.desk import Desk, Made
from federation.commands.people import find_known, find_people
from federation.commands.post_message import post_message
from federation.commands.start_conversation import Wanted, start_conversation
from federation.groups.size import DIRECT_MAX
from federation.protocol.verdict import Refused
from federation.queries.client_pages import find_exactly
from federation.queries.conversations import find_conversation
from federation.queries.views import MessageView
from node.http.fields import Fields
from node.mastodon.answers import done, found, unprocessable
from node.mastodon.call import caller_of, once_of, services_of
from node.mastodon.mentions import named_in, without_leading

# How long a post that names somebody else may be repeated to be sent as text.
REPEATED_WITHIN: Final = timedelta(minutes=10)
KEPT_MAX: Final = 10_000
NOT_HERE: Final = "{who} is not in this group. Add them in the group's settings."
NOBODY: Final = "Name at least one person, like @ana@example.org."
TOO_MANY: Final = f"A message names at most {DIRECT_MAX - 1} people. Start a group for more."
ONLY_PRIVATE: Final = "This server carries private messages only"
NOT_OFFERED: Final = ("poll", "scheduled_at", "quoted_status_id", "quote_id")


@dataclass(slots=True)
class Warned:
    """Who has been told that somebody they name is not there, so that they may say it again."""

    told: OrderedDict[str, datetime] = field(default_factory=OrderedDict)

    def is_repeat(self, person: str, conversation_id: str, text: str, now: datetime) -> bool:
        """Whether this was refused lately; from now on it is a repeat."""
        key = sha256("\n".join((person, conversation_id, text)).encode()).hexdigest()
        before = self.told.pop(key, None)
        if before is not None and now - before <= REPEATED_WITHIN:
            return True
        self.told[key] = now
        while len(self.told) > KEPT_MAX:
            self.told.popitem(last=False)
        return False


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted.

    Attributes:
        text: With what stands in front of it as a warning.
        media_ids: Our ids of the files it shows.
        answered: The message that it answers, or None.
    """

    text: str
    media_ids: tuple[str, ...]
    answered: MessageView | None


def judge(said: Fields) -> None:
    """Go on with what can be posted here.

    Raises:
        DeclinedError: It is for others than those it names, or no message at all.
    """
    if said.text("visibility") not in {"", "direct"}:
        raise unprocessable(ONLY_PRIVATE)
    for name in NOT_OFFERED:
        if said.text(name) or any(each.startswith(f"{name}[") for each in said.values):
            raise unprocessable(f"{name} is not offered here")


def text_of(said: Fields) -> str:
    """What is said, with its warning in front."""
    warning, text = said.text("spoiler_text").strip(), said.text("status")
    return f"{warning}\n\n{text}" if warning else text


async def send(request: web.Request, said: Fields, post: Post, warned: Warned) -> Made:
    """Send it; answers our id of the message.

    Raises:
        DeclinedError: It has no people, or may not be sent.
    """
    where, text = (
        await _answering(request, post, warned)
        if post.answered
        else (await _beginning(request, post.text), post.text)
    )
    services = services_of(request)
    return done(
        await post_message(
            services.desk,
            caller_of(request).actor_uri,
            conversation_id=where,
            text=text,
            characters_max=services.limits.message_characters,
            reply_to=post.answered.id if post.answered else "",
            media_ids=post.media_ids,
            once=once_of(request, said),
        )
    )


async def _answering(request: web.Request, post: Post, warned: Warned) -> tuple[str, str]:
    answered = found(post.answered)
    person, services = caller_of(request).actor_uri, services_of(request)
    view = found(await find_conversation(person, answered.conversation_id))
    domain = services.space.account_domain
    here = {one.person.acct.lower() for one in view.members}
    text = without_leading(post.text, here, domain)
    others = [each for each in named_in(text, domain) if each not in here]
    stranger = await _first_known(services.desk, others, domain)
    if stranger and not warned.is_repeat(person, view.id, text, services.clock()):
        raise unprocessable(NOT_HERE.format(who=f"@{stranger}"))
    return view.id, text


async def _first_known(desk: Desk, handles: Sequence[str], domain: str) -> str:
    """The first of these that names somebody: of this node only who is there."""
    for handle in handles:
        if not handle.endswith(f"@{domain}") or await find_known(desk, handle) is not None:
            return handle
    return ""


async def _beginning(request: web.Request, text: str) -> str:
    """Our id of the conversation with those whom a text names."""
    person, services = caller_of(request).actor_uri, services_of(request)
    handles = named_in(text, services.space.account_domain)
    if not handles:
        raise unprocessable(NOBODY)
    if len(handles) >= DIRECT_MAX:
        raise unprocessable(TOO_MANY)
    people = await find_people(services.desk, handles)
    if isinstance(people, Refused):
        raise unprocessable(people.reason)
    others = {one.uri for one in people} - {person}
    known = await find_exactly(person, others) if others else None
    if known is not None:
        return known
    made = await start_conversation(
        services.desk,
        person,
        Wanted("direct", "", handles),
        characters_max=services.limits.message_characters,
    )
    if isinstance(made, Refused):
        raise unprocessable(made.reason)
    return made.resource

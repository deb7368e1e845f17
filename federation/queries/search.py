"""A person finds what they may read anyway: people, conversations and messages, by their words.

There is no index of words. A search reads the person's own messages from the newest on, so many at
a time, and says where it stopped (docs/decisions/0019-search-reads-ones-own-messages.md).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.groups.order import sort_key
from federation.protocol.verdict import Refused
from federation.queries.conversations import FILTERS, views_for
from federation.queries.messages import shelf
from federation.queries.people import find_id, search_people
from federation.queries.views import ConversationView, MessageView, PersonView
from storage import conversation_lists, searching
from storage.database import Row, together
from storage.searching import Narrowed

LIMIT_MAX: Final = 50
QUERY_LENGTH_MAX: Final = 200
WORDS_MAX: Final = 10
BESIDE_MAX: Final = 10
TITLES_MAX: Final = 1000
# What one page reads at most: rows at a time, rows, and characters.
BATCH: Final = 250
ROWS_MAX: Final = 2000
CHARACTERS_MAX: Final = 2_000_000

FILE: Final = "file"
LINK: Final = "link"
_LINK: Final = re.compile(r"https?://\w", re.IGNORECASE)

TOO_LONG: Final = Refused(f"q has at most {QUERY_LENGTH_MAX} characters, {WORDS_MAX} words.", 400)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search to some messages; what is left empty does not.

    Attributes:
        author: The handle or id of who said them.
        conversation_id: Where they were said.
        since: They are shown as said then or later.
        before: They are shown as said earlier.
        has: What they show, all of it: FILE or LINK.
    """

    author: str = ""
    conversation_id: str = ""
    since: datetime | None = None
    before: datetime | None = None
    has: frozenset[str] = frozenset()


EVERYTHING: Final = Filters()


@dataclass(frozen=True, slots=True)
class FoundView:
    """What was found.

    Attributes:
        messages: Newest first.
        people: At most 10, on the first page alone.
        conversations: Groups by their titles, likewise.
        older: The cursor before which there is more to read, even where nothing was found; or "".
    """

    messages: tuple[MessageView, ...] = ()
    people: tuple[PersonView, ...] = ()
    conversations: tuple[ConversationView, ...] = ()
    older: str = ""


async def search(
    person: str,
    text: str,
    filters: Filters = EVERYTHING,
    *,
    before: str = "",
    limit: int = LIMIT_MAX,
) -> FoundView | Refused:
    """What has all of these words, in whatever case and order, also as parts of longer ones.

    Where there are filters, messages alone are looked for, also by no words.

    Args:
        person: Who looks.
        text: The words; nothing is found by none and no filter.
        filters: What else is asked of messages.
        before: The cursor of the page before this one, or "".
        limit: How many messages at most; cut to 50.
    """
    words = folded(text).split()
    if len(text) > QUERY_LENGTH_MAX or len(words) > WORDS_MAX:
        return TOO_LONG
    if not words and filters == EVERYTHING:
        return FoundView()
    author = await find_id(filters.author) if filters.author else ""
    if author is None:
        return FoundView()
    asked = _Asked(
        tuple(words),
        Narrowed(filters.conversation_id, author, filters.since, filters.before),
        filters.has,
    )
    messages, older = await _messages(person, asked, before=before, limit=min(limit, LIMIT_MAX))
    if before or filters != EVERYTHING:
        return FoundView(messages, older=older)
    people = await search_people(person, text, limit=BESIDE_MAX)
    return FoundView(messages, people, await _conversations(person, words), older)


def folded(text: str) -> str:
    """A text without what makes equal words look different: case, and how letters are written."""
    return unicodedata.normalize("NFKC", text).casefold()


def has_words(text: str, words: Sequence[str]) -> bool:
    """Whether all of these folded words are in a text."""
    whole = folded(text) if text else ""
    return all(word in whole for word in words)


def has_link(text: str) -> bool:
    """Whether a text names an address that one can go to."""
    return _LINK.search(text) is not None


def shows(view: MessageView, has: frozenset[str]) -> bool:
    """Whether a message shows its viewer all of these kinds of things: FILE, LINK."""
    is_shown = {
        FILE: bool(view.attachments),
        LINK: view.card is not None or has_link(view.text or ""),
    }
    return all(is_shown[kind] for kind in has)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for, once it is known who is meant."""

    words: Sequence[str]
    narrowed: Narrowed
    has: frozenset[str]

    def may_be(self, row: Row) -> bool:
        """Whether a row is of a message that is looked for, as far as a row tells."""
        if not row["fits"] or not has_words(row["text"], self.words):
            return False
        # Whether this person is shown a file or a card, the view says.
        return not self.has or row["shows_more"] or (FILE not in self.has and has_link(row["text"]))


@together
async def _messages(
    person: str, asked: _Asked, *, before: str, limit: int
) -> tuple[tuple[MessageView, ...], str]:
    ids, older = await _matching(person, asked, before=before, limit=limit)
    shown = await shelf(ids, {person})
    views = [shown.view(message_id, person) for message_id in ids]
    # Ids are in the order of arrival; what is shown is in that of the room, whoever came first.
    found = [view for view in views if view is not None and view.text is not None]
    found.sort(key=lambda view: sort_key(view.placed_at, view.uri), reverse=True)
    # SECURITY: what is shown without its words was found by none, and a file that is not shown
    # not by its being there; test_what_a_person_may_not_read_is_not_found.
    return tuple([view for view in found if shows(view, asked.has)]), older


async def _matching(
    person: str, asked: _Asked, *, before: str, limit: int
) -> tuple[list[str], str]:
    """Ids of messages, newest first, and the cursor of what was not read, or ""."""
    states = sorted(state.value for state in FILTERS[""])
    found: list[str] = []
    rows_read = characters = 0
    while rows_read < ROWS_MAX and characters < CHARACTERS_MAX:
        rows = await searching.readable(
            person, states, before=before, limit=BATCH, narrowed=asked.narrowed
        )
        for row in rows:
            before = row["id"]
            characters += len(row["text"])
            if asked.may_be(row):
                found.append(before)
            if len(found) == limit:
                return found, before
        rows_read += len(rows)
        if len(rows) < BATCH:
            return found, ""
    return found, before


@together
async def _conversations(person: str, words: Sequence[str]) -> tuple[ConversationView, ...]:
    states = sorted(state.value for state in FILTERS[""])
    rows = await conversation_lists.titles(person, states, limit=TITLES_MAX)
    ids = [row["id"] for row in rows if has_words(row["title"], words)][:BESIDE_MAX]
    views = await views_for([(person, each) for each in ids])
    return tuple([views[person, each] for each in ids if (person, each) in views])

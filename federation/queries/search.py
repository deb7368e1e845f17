"""A person finds what they may read anyway: people, conversations and messages, by their words.

There is no index of words. A search reads the person's own messages from the newest on, so many at
a time, and says where it stopped (docs/decisions/0019-search-reads-ones-own-messages.md).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from federation.protocol.verdict import Refused
from federation.queries.conversations import FILTERS, views_for
from federation.queries.messages import shelf
from federation.queries.people import search_people
from federation.queries.views import ConversationView, MessageView, PersonView
from storage import conversation_lists, searching
from storage.database import together

LIMIT_MAX: Final = 50
QUERY_LENGTH_MAX: Final = 200
WORDS_MAX: Final = 10
BESIDE_MAX: Final = 10
TITLES_MAX: Final = 1000
# What one page reads at most: rows at a time, rows, and characters.
BATCH: Final = 250
ROWS_MAX: Final = 2000
CHARACTERS_MAX: Final = 2_000_000

TOO_LONG: Final = Refused(f"q has at most {QUERY_LENGTH_MAX} characters, {WORDS_MAX} words.", 400)


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
    person: str, text: str, *, before: str = "", limit: int = LIMIT_MAX
) -> FoundView | Refused:
    """What has all of these words, in whatever case and order, also as parts of longer ones.

    Args:
        person: Who looks.
        text: The words; nothing is found by none.
        before: The cursor of the page before this one, or "".
        limit: How many messages at most; cut to 50.
    """
    words = folded(text).split()
    if len(text) > QUERY_LENGTH_MAX or len(words) > WORDS_MAX:
        return TOO_LONG
    if not words:
        return FoundView()
    messages, older = await _messages(person, words, before=before, limit=min(limit, LIMIT_MAX))
    if before:
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


@together
async def _messages(
    person: str, words: Sequence[str], *, before: str, limit: int
) -> tuple[tuple[MessageView, ...], str]:
    ids, older = await _matching(person, words, before=before, limit=limit)
    shown = await shelf(ids, {person})
    views = [shown.view(message_id, person) for message_id in ids]
    # SECURITY: what is shown without its words was found by none;
    # test_what_a_person_may_not_read_is_not_found.
    return tuple([view for view in views if view is not None and view.text is not None]), older


async def _matching(
    person: str, words: Sequence[str], *, before: str, limit: int
) -> tuple[list[str], str]:
    """Ids of messages, newest first, and the cursor of what was not read, or ""."""
    states = sorted(state.value for state in FILTERS[""])
    found: list[str] = []
    rows_read = characters = 0
    while rows_read < ROWS_MAX and characters < CHARACTERS_MAX:
        rows = await searching.readable(person, states, before=before, limit=BATCH)
        for row in rows:
            before = row["id"]
            characters += len(row["text"])
            if has_words(row["text"], words):
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

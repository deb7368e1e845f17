"""A node's SQLite database grows as if it had been in use for years, by plain inserts."""

import sqlite3
from contextlib import closing
from pathlib import Path

PEOPLE = 20
A_PART = 50_000

# Numbers from 0 up to $first + $count, in order.
_NUMBERS = """
WITH RECURSIVE n(i) AS (
  SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :first + :count
)
"""
_PERSON = "CASE WHEN i % :people = 0 THEN :al ELSE 'https://alpha.test/u/p' || (i % :people) END"
_PLACE = "printf('01A%023d', i % :places)"

ACTORS = f"""
{_NUMBERS} INSERT OR IGNORE INTO actor (uri, host, local, kind, type, username, domain, inbox,
  shared_inbox, aware, document, fetched_at, created_at)
SELECT 'https://h' || (i % 1000) || '.test/u/r' || i, 'h' || (i % 1000) || '.test', 0, 'person',
  'Person', 'r' || i, 'h' || (i % 1000) || '.test',
  'https://h' || (i % 1000) || '.test/u/r' || i || '/inbox',
  'https://h' || (i % 1000) || '.test/inbox', 1, :document, :now, :now FROM n
"""  # noqa: S608 - all that is put in is above
CONVERSATIONS = f"""
{_NUMBERS} INSERT OR IGNORE INTO conversation (id, uri, kind, is_home, home_host, title, epoch,
  state_hash, state, context, newest_t, last_message_id, created_at, changed_at, shown_settings)
SELECT {_PLACE}, 'https://h' || (i % 1000) || '.test/c/' || i, kind, 0,
  'h' || (i % 1000) || '.test', 'room ' || i, epoch, state_hash, state,
  'https://h' || (i % 1000) || '.test/c/' || i || '/context',
  :now - i, printf('01M%023d', i + :places * (:each - 1)), :now, :now, shown_settings
FROM n, conversation AS tea WHERE tea.id = :tea
"""  # noqa: S608 - as above
MEMBERS = f"""
{_NUMBERS} INSERT OR IGNORE INTO membership (conversation_id, actor_uri, local, role, state,
  updated_at, read_up_to)
SELECT {_PLACE}, {_PERSON}, 1, 'member', 'joined', :now, :now FROM n
UNION ALL
SELECT {_PLACE}, 'https://h' || (i % 1000) || '.test/u/r' || i, 0, 'admin', 'joined', :now, 0 FROM n
"""  # noqa: S608 - as above
LOGS = f"""
{_NUMBERS} INSERT OR IGNORE INTO author_log (uri, conversation_id, author_uri, local, head,
  last_entry_id, moved_at, complete_to, heard)
SELECT 'https://h' || (i % 1000) || '.test/u/r' || i || '/log/' || i, {_PLACE},
  'https://h' || (i % 1000) || '.test/u/r' || i, 0, :each, 'x', :now, :each, :each FROM n
"""  # noqa: S608 - as above
_AUTHOR = "'https://h' || ((i % :places) % 1000) || '.test/u/r' || (i % :places)"
_MESSAGE_ID = "printf('01M%023d', i)"
MESSAGES = f"""
{_NUMBERS} INSERT OR IGNORE INTO message (id, uri, conversation_id, author_uri, activity_id, type,
  published_at, t, arrived_at, epoch, media_type, html, text, provenance, addressed_to)
SELECT {_MESSAGE_ID}, {_AUTHOR} || '/n/' || i, {_PLACE}, {_AUTHOR}, {_AUTHOR} || '/n/' || i
  || '/create', 'Note', :now - 2000000 + i, :now - 2000000 + i, :now - 2000000 + i, 1,
  'text/markdown', '<p>Thursday works for me, number ' || i || '.</p>',
  'Thursday works for me, number ' || i || '.', 'verified', '[]' FROM n
"""  # noqa: S608 - as above
RECIPIENTS = f"""
{_NUMBERS} INSERT OR IGNORE INTO recipient (message_id, actor_uri, conversation_id, folder)
SELECT {_MESSAGE_ID}, {_PERSON}, {_PLACE}, 'inbox' FROM n
"""  # noqa: S608 - as above
ACTIVITIES = f"""
{_NUMBERS} INSERT OR IGNORE INTO activity (id, actor_uri, document, created_at)
SELECT {_AUTHOR} || '/n/' || i || '/create', {_AUTHOR}, :document, :now FROM n
"""  # noqa: S608 - as above
SEEN = f"""
{_NUMBERS} INSERT OR IGNORE INTO seen (actor_uri, activity_id, recipient, hash, seen_at)
SELECT {_AUTHOR}, {_AUTHOR} || '/n/' || i || '/create', '', 'x', :now FROM n
"""  # noqa: S608 - as above
ENTRIES = f"""
{_NUMBERS} INSERT OR IGNORE INTO log_entry (log_uri, seq, activity_id)
SELECT {_AUTHOR} || '/log/' || (i % :places), i / :places + 1, {_AUTHOR} || '/n/' || i || '/create'
FROM n
"""  # noqa: S608 - as above
BY_CONVERSATION = (CONVERSATIONS, MEMBERS, LOGS)
BY_MESSAGE = (MESSAGES, RECIPIENTS, ACTIVITIES, SEEN, ENTRIES)


def fill(path: Path, al: str, now: int, *, messages: int, places: int, actors: int) -> None:
    """Add messages and conversations, of which a twentieth are `al`'s, and people elsewhere.

    What was added by an earlier call stays as it is.

    Args:
        path: The database of a node that is stopped and has a conversation of its own.
        al: Who is a member of the first of its conversations.
        now: Milliseconds since 1970.
        messages: How many, in all conversations alike.
        places: How many conversations.
        actors: How many people elsewhere; at least one for each conversation.
    """
    with closing(sqlite3.connect(path)) as database:
        (tea,) = database.execute("SELECT id FROM conversation LIMIT 1").fetchone()
        given = {
            "al": al,
            "tea": tea,
            "now": now,
            "places": places,
            "people": PEOPLE,
            "each": messages // places,
            "document": '{"type":"Create","content":"' + "x" * 300 + '"}',
        }
        database.execute("PRAGMA synchronous = OFF")
        _insert(database, (ACTORS,), actors, given)
        _insert(database, BY_CONVERSATION, places, given)
        _insert(database, BY_MESSAGE, messages, given)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert(
    database: sqlite3.Connection, statements: tuple[str, ...], count: int, given: dict[str, object]
) -> None:
    for statement in statements:
        for first in range(0, count, A_PART):
            part = {"first": first, "count": min(A_PART, count - first)}
            with database:
                database.execute(statement, {**given, **part})

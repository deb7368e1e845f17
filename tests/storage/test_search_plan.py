"""A search begins with what is its reader's, whatever it is narrowed to, on both databases."""

import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import asyncpg

from storage.dialect import for_sqlite
from storage.searching import READABLE
from tests.storage.test_prepared import PLACE

ANA = "https://alpha.test/u/ana"
ASKED = {
    "$1": f"'{ANA}'",
    "$2": "'~'",
    "$3": "250",
    "$4": "ARRAY['joined']",
    "$5": "'C3'",
    "$6": "'https://alpha.test/u/53'",
    "$7": "5000",
    "$8": "19000",
}
# Of each author and conversation there is little, so that it looks cheap to begin with that.
TALK = """
INSERT INTO message (id, uri, conversation_id, author_uri, activity_id, type, published_at, t,
  arrived_at, media_type, text, provenance)
SELECT lpad(n::text, 26, '0'), 'https://alpha.test/' || n, 'C' || n % 50,
  'https://alpha.test/u/' || n % 97, '', 'Note', n, n, n, 'text/plain', 'word', 'verified'
FROM generate_series(1, 20000) AS n;
INSERT INTO recipient (message_id, actor_uri, conversation_id, folder)
SELECT id, 'https://alpha.test/u/ana', conversation_id, 'inbox' FROM message;
ANALYZE;
"""


async def test_a_search_reads_nothing_but_what_is_its_readers(database_url: str) -> None:
    is_sqlite = database_url.startswith("sqlite")

    plan = on_sqlite(database_url) if is_sqlite else await on_postgres(database_url)

    assert "recipient_folder" in plan
    assert "message_author" not in plan
    assert "message_order" not in plan


def on_sqlite(url: str) -> str:
    values = dict.fromkeys(PLACE.findall(READABLE))
    with closing(sqlite3.connect(urlsplit(url).path)) as connection:
        steps = connection.execute(
            f"EXPLAIN QUERY PLAN {for_sqlite(READABLE).sql}", list(values.values())
        )
        return "\n".join(str(step[3]) for step in steps)


async def on_postgres(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(TALK)
        # As PostgreSQL plans it when it looks at what is asked for.
        asked = PLACE.sub(lambda place: ASKED[place[0]], READABLE)
        return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {asked}"))
    finally:
        await connection.close()

"""A conversation in which more was said than anybody would write in a test."""

from tests.e2e.desk import Desk

# One message is there already; each of the others takes its place earlier.
COPIES = """
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count})
INSERT INTO message ({columns}) SELECT {values} FROM message, number
WHERE message.text = 'The newest word'
"""
RECIPIENTS = """
INSERT INTO recipient (message_id, actor_uri, conversation_id, folder)
SELECT message.id, one.actor_uri, one.conversation_id, one.folder FROM message, recipient AS one
WHERE message.text LIKE 'Word %' AND one.message_id =
  (SELECT id FROM message WHERE text = 'The newest word')
"""
CHANGED = {
    "id": "substr(id, 1, 18) || printf('%08d', n)",
    "uri": "uri || '/' || n",
    "activity_id": "activity_id || '/' || n",
    "t": "t - 1000 * n * {apart_s}",
    "published_at": "published_at - 1000 * n * {apart_s}",
    "text": "'Word ' || n",
    "html": "'<p>Word ' || n || '</p>'",
}


def look_into(desk: Desk) -> None:
    """Let a test read and change the node's database."""
    desk.node.database = f"sqlite://{desk.node.folder}/covey.db"


async def fill(desk: Desk, *, count: int = 100_000, apart_s: int = 1) -> None:
    """Have so many messages before the newest one, each so long before the next."""
    look_into(desk)
    columns = [
        row["name"] for row in await desk.node.rows("SELECT name FROM pragma_table_info('message')")
    ]
    values = [CHANGED.get(name, f"message.{name}").format(apart_s=apart_s) for name in columns]
    copies = COPIES.format(columns=", ".join(columns), values=", ".join(values), count=count)
    await desk.node.change(copies)
    await desk.node.change(RECIPIENTS)

"""What people here have to do with servers, counted before a rule parts them."""

from collections.abc import Collection, Sequence
from typing import Final

from storage.database import Row, fetch

AT_ONCE: Final = 5_000
ARRIVALS_MAX: Final = 10_000
# PERF: of the newest messages of the node alone; what is older is hardly kept. To look at all of
# them took most of the preview (benchmarks/policy_preview.py).
MESSAGES_MAX: Final = 20_000

HOSTS: Final = "SELECT DISTINCT host FROM actor"

# How many people there are in each conversation.
THERE: Final = """
SELECT theirs.conversation_id, COUNT(*) AS members FROM actor
JOIN membership AS theirs ON theirs.actor_uri = actor.uri AND theirs.state = 'joined'
WHERE actor.host = ANY($1) GROUP BY theirs.conversation_id
"""

HOMED: Final = """
SELECT id AS conversation_id FROM conversation WHERE home_host = ANY($1) AND kind = 'group'
"""

# Our people in each of these conversations that is open.
OURS: Final = """
SELECT conversation.id, conversation.kind, mine.actor_uri, mine.state
FROM conversation JOIN membership AS mine ON mine.conversation_id = conversation.id
WHERE conversation.id = ANY($1) AND conversation.closed_at IS NULL AND mine.local
  AND mine.state IN ('joined', 'invited', 'requested')
"""

GROUPS: Final = """
SELECT id, title, is_home FROM conversation
WHERE id = ANY($1) AND kind = 'group' AND closed_at IS NULL
"""

FOLLOWING: Final = """
SELECT DISTINCT follow.follower AS person FROM actor
JOIN follow ON follow.followed = actor.uri AND follow.state = 'accepted'
WHERE actor.host = ANY($1)
"""

FOLLOWED: Final = """
SELECT DISTINCT follow.followed AS person FROM actor
JOIN follow ON follow.follower = actor.uri AND follow.state = 'accepted'
WHERE actor.host = ANY($1)
"""

ARRIVALS: Final = """
SELECT actor_uri FROM inbox_entry WHERE state = 'pending' ORDER BY id LIMIT $1
"""

ATTACHED: Final = """
SELECT newest.attachments FROM (
  SELECT author_uri, attachments FROM message ORDER BY id DESC LIMIT $2) AS newest
JOIN actor ON actor.uri = newest.author_uri
WHERE newest.attachments <> '' AND actor.host = ANY($1)
"""

# With whose people somebody here has to do: they follow, or share a conversation.
IN_TOUCH: Final = """
SELECT actor.host FROM follow JOIN actor ON actor.uri = follow.followed
WHERE follow.state = 'accepted'
UNION SELECT actor.host FROM follow JOIN actor ON actor.uri = follow.follower
WHERE follow.state = 'accepted'
UNION SELECT actor.host FROM membership AS theirs
JOIN membership AS mine ON mine.conversation_id = theirs.conversation_id AND mine.local
  AND mine.state = 'joined'
JOIN actor ON actor.uri = theirs.actor_uri
WHERE NOT theirs.local AND theirs.state = 'joined'
"""

SIZES: Final = "SELECT COALESCE(SUM(size), 0) AS size FROM remote_media WHERE id = ANY($1)"


async def hosts() -> list[str]:
    """Every host that is known by an actor."""
    return [row["host"] for row in await fetch(HOSTS)]


async def in_touch() -> frozenset[str]:
    """The hosts with whose people somebody here is in touch."""
    return frozenset(row["host"] for row in await fetch(IN_TOUCH))


async def members_at(hosts: Collection[str]) -> dict[str, int]:
    """By conversation how many people at these hosts are in it."""
    rows = await fetch(THERE, sorted(hosts))
    return {row["conversation_id"]: row["members"] for row in rows}


async def homed_at(hosts: Collection[str]) -> list[str]:
    """The groups whose home is at these hosts."""
    return [row["conversation_id"] for row in await fetch(HOMED, sorted(hosts))]


async def ours_in(conversations: Sequence[str]) -> list[Row]:
    """Our people in these conversations: see `OURS`."""
    found: list[Row] = []
    for start in range(0, len(conversations), AT_ONCE):
        found += await fetch(OURS, conversations[start : start + AT_ONCE])
    return found


async def groups_among(conversations: Sequence[str]) -> list[Row]:
    """The open groups among these conversations: `id`, `title`, `is_home`."""
    found: list[Row] = []
    for start in range(0, len(conversations), AT_ONCE):
        found += await fetch(GROUPS, conversations[start : start + AT_ONCE])
    return found


async def followers_across(hosts: Collection[str]) -> frozenset[str]:
    """Our people who follow somebody at these hosts, or are followed from there."""
    named = sorted(hosts)
    rows = [*await fetch(FOLLOWING, named), *await fetch(FOLLOWED, named)]
    return frozenset(row["person"] for row in rows)


async def arrivals() -> list[str]:
    """The authors of what has arrived and waits to be looked at, the oldest."""
    return [row["actor_uri"] for row in await fetch(ARRIVALS, ARRIVALS_MAX)]


async def attached_at(hosts: Collection[str]) -> list[str]:
    """What messages from these hosts have attached, as it is stored; of the newest here."""
    rows = await fetch(ATTACHED, sorted(hosts), MESSAGES_MAX)
    return [row["attachments"] for row in rows]


async def size_of(files: Sequence[str]) -> int:
    """How many bytes these remote files take."""
    total = 0
    for start in range(0, len(files), AT_ONCE):
        (row,) = await fetch(SIZES, files[start : start + AT_ONCE])
        total += int(row["size"])
    return total

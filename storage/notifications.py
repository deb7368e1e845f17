"""What clients of Mastodon's API call notifications, found among what is kept anyway.

Each has a number that follows from what it is and when it came, so that none has to be stored: the
milliseconds since 2020 times 2,048, and eleven bits of a hash. That stays below 2**53 until 2159,
since some clients read it as a number with no more digits than that.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from storage.database import Row, fetch

EPOCH_MS: Final = 1_577_836_800_000
BITS: Final = 11
DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TIME_DIGITS: Final = 10

_NOT_HUSHED: Final = """
  AND NOT EXISTS (SELECT 1 FROM block
    WHERE block.account_uri = $1 AND block.blocked_uri = <person>)
  AND NOT EXISTS (SELECT 1 FROM mute
    WHERE mute.account_uri = $1 AND mute.muted_uri = <person>)
  AND NOT EXISTS (SELECT 1 FROM actor AS their JOIN host_block ON host_block.host = their.host
    WHERE their.uri = <person> AND NOT their.local AND host_block.account_uri = $1)
"""
_PEOPLE: Final = ("m.author_uri", "f.follower", "r.actor_uri")


def _whole(sql: str) -> str:
    """A statement with the conditions on whoever it names."""
    for person in _PEOPLE:
        sql = sql.replace(f"<of {person}>", _NOT_HUSHED.replace("<person>", person))
    return sql


# What others have written where the person is, by when it came here.
_MENTIONS: Final = """
SELECT r.message_id, m.author_uri AS person FROM recipient AS r
JOIN message AS m ON m.id = r.message_id
JOIN membership AS me ON me.conversation_id = r.conversation_id AND me.actor_uri = r.actor_uri
WHERE r.actor_uri = $1 AND r.folder = $6 AND r.message_id >= $2 AND r.message_id < $3
  AND m.author_uri <> $1 AND ($4 = '' OR m.author_uri = $4)
  AND m.deleted_at IS NULL AND m.removed_at IS NULL
  AND me.state IN ('joined', 'joining') AND me.muted_at IS NULL
  <of m.author_uri>
"""
NEWEST_MENTIONS: Final = _whole(f"{_MENTIONS} ORDER BY r.message_id DESC LIMIT $5")
NEXT_MENTIONS: Final = _whole(f"{_MENTIONS} ORDER BY r.message_id LIMIT $5")

_FOLLOWS: Final = """
SELECT f.follower AS person, f.created_at AS at, f.state FROM follow AS f
WHERE f.followed = $1 AND f.state IN ('accepted', 'pending')
  AND f.created_at >= $2 AND f.created_at < $3 AND ($4 = '' OR f.follower = $4)
  <of f.follower>
"""
NEWEST_FOLLOWS: Final = _whole(f"{_FOLLOWS} ORDER BY f.created_at DESC, f.id DESC LIMIT $5")
NEXT_FOLLOWS: Final = _whole(f"{_FOLLOWS} ORDER BY f.created_at, f.id LIMIT $5")

# Reactions to the last 500 messages that the person has written.
_REACTIONS: Final = """
SELECT written.id AS message_id, r.actor_uri AS person, r.emoji, r.liked_at AS at FROM (
  SELECT own.id, own.uri FROM message AS own WHERE own.author_uri = $1
    AND own.deleted_at IS NULL AND own.removed_at IS NULL
  ORDER BY own.arrived_at DESC LIMIT 500
) AS written JOIN reaction AS r ON r.message_uri = written.uri
WHERE r.actor_uri <> $1 AND r.liked_at > r.undone_at AND r.activity_id <> r.undone_id
  AND r.liked_at >= $2 AND r.liked_at < $3 AND ($4 = '' OR r.actor_uri = $4)
  <of r.actor_uri>
"""
NEWEST_REACTIONS: Final = _whole(f"{_REACTIONS} ORDER BY r.liked_at DESC, r.id DESC LIMIT $5")
NEXT_REACTIONS: Final = _whole(f"{_REACTIONS} ORDER BY r.liked_at, r.id LIMIT $5")

FOLDERS: Final = ("inbox", "requests")


@dataclass(frozen=True, slots=True)
class Reach:
    """Which of them are asked for.

    Attributes:
        since_ms: From this moment on.
        until_ms: Before this one.
        other: Those of this person alone; "" for everybody's.
        limit: How many at most.
        upwards: Whether the oldest come first, otherwise the newest.
    """

    since_ms: int
    until_ms: int
    limit: int
    other: str = ""
    upwards: bool = False


async def mentions(person: str, reach: Reach) -> list[Row]:
    """Messages for somebody: rows of `message_id` and `person`, who wrote it."""
    sql = NEXT_MENTIONS if reach.upwards else NEWEST_MENTIONS
    ends = (first_id(reach.since_ms), first_id(reach.until_ms))
    found = [
        await fetch(sql, person, *ends, reach.other, reach.limit, folder) for folder in FOLDERS
    ]
    return [row for rows in found for row in rows]


async def follows(person: str, reach: Reach) -> list[Row]:
    """Who follows somebody or wants to: rows of `person`, `at` and `state`."""
    sql = NEXT_FOLLOWS if reach.upwards else NEWEST_FOLLOWS
    return await fetch(sql, person, *_ends(reach))


async def reactions(person: str, reach: Reach) -> list[Row]:
    """Reactions to what somebody wrote: rows of `message_id`, `person`, `emoji` and `at`."""
    sql = NEXT_REACTIONS if reach.upwards else NEWEST_REACTIONS
    return await fetch(sql, person, *_ends(reach))


def _ends(reach: Reach) -> tuple[int, int, str, int]:
    return reach.since_ms, reach.until_ms, reach.other, reach.limit


def number_of(name: str, at_ms: int) -> int:
    """The number of what has this name and came at this moment."""
    low = int.from_bytes(sha256(name.encode()).digest()[:2]) & ((1 << BITS) - 1)
    return first_number(at_ms) | low


def first_number(at_ms: int) -> int:
    """The least number of what came at a moment."""
    return max(at_ms - EPOCH_MS, 0) << BITS


def made_at_ms(number: int) -> int:
    """The moment in a number."""
    return (number >> BITS) + EPOCH_MS


def arrived_ms(message_id: str) -> int:
    """When a message came, as our id of it says: it is a ULID."""
    at_ms = 0
    for digit in message_id[:TIME_DIGITS]:
        at_ms = at_ms * len(DIGITS) + DIGITS.index(digit)
    return at_ms


def first_id(at_ms: int) -> str:
    """What stands before every id of a message that came at a moment."""
    left, digits = max(at_ms, 0), ""
    for _ in range(TIME_DIGITS):
        left, digit = divmod(left, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits

"""Follows as rows, of which one side at least is here."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, run
from storage.times import to_ms

BY_FOLLOWER: Final = """
SELECT follower, followed, activity_id, state FROM follow WHERE follower = ANY($1)
  AND followed = $2
"""


FOLLOWED: Final = """
SELECT id, followed AS person, state FROM follow
WHERE follower = $1 AND state <> 'rejected' AND id < $2 ORDER BY id DESC LIMIT $3
"""

FOLLOWERS: Final = """
SELECT id, follower AS person, state FROM follow
WHERE followed = $1 AND state = 'accepted' AND id < $2 ORDER BY id DESC LIMIT $3
"""

COUNT_FOLLOWED: Final = """
SELECT count(*) AS n FROM follow WHERE follower = $1 AND state = 'accepted'
"""

COUNT_FOLLOWERS: Final = """
SELECT count(*) AS n FROM follow WHERE followed = $1 AND state = 'accepted'
"""


# Whoever somebody hides waits in vain.
WAITING: Final = """
SELECT id, follower AS person, created_at FROM follow
WHERE followed = $1 AND state = 'pending' AND id < $2 AND NOT EXISTS (SELECT 1 FROM block
  WHERE block.account_uri = follow.followed AND block.blocked_uri = follow.follower)
ORDER BY id DESC LIMIT $3
"""

# Whole wishes, of either side, that nobody has answered yet.
PENDING: Final = """
SELECT id, follower, followed, activity_id FROM follow
WHERE followed = $1 AND state = 'pending' AND id < $2 AND NOT EXISTS (SELECT 1 FROM block
  WHERE block.account_uri = follow.followed AND block.blocked_uri = follow.follower)
ORDER BY id DESC LIMIT $3
"""
ASKED: Final = """
SELECT id, follower, followed, activity_id FROM follow
WHERE follower = $1 AND state = 'pending' AND id < $2 ORDER BY id DESC LIMIT $3
"""

COUNT_WAITING: Final = """
SELECT count(*) AS n FROM follow
WHERE followed = $1 AND state = 'pending' AND NOT EXISTS (SELECT 1 FROM block
  WHERE block.account_uri = follow.followed AND block.blocked_uri = follow.follower)
"""

# Follows of our people alone: what ours have asked of others ends with its answer.
UNANSWERED: Final = """
DELETE FROM follow WHERE id IN (
  SELECT follow.id FROM account JOIN follow ON follow.followed = account.actor_uri
  WHERE follow.state = 'pending' AND follow.created_at < $1 LIMIT $2)
"""


async def waiting_for(followed: str, *, before: int, limit: int) -> list[Row]:
    """Who waits for somebody's yes, newest first, with `id` as cursor and `created_at`."""
    return await fetch(WAITING, followed, before, limit)


async def pending(person: str, *, asked: bool, before: int, limit: int) -> list[Row]:
    """Follows that wait for an answer, newest first: `id`, `follower`, `followed`, `activity_id`.

    Args:
        person: Whose.
        asked: Whether it is they who have asked, and not who is asked.
        before: The cursor of the page above.
        limit: How many at most.
    """
    return await fetch(ASKED if asked else PENDING, person, before, limit)


async def count_waiting(followed: str) -> int:
    """How many people wait for somebody's yes."""
    return int((await fetch(COUNT_WAITING, followed))[0]["n"])


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Let those wait no longer who have waited since before that; how many they were."""
    return await run(UNANSWERED, to_ms(before), limit)


async def between(followers: Collection[str], followed: str) -> list[Row]:
    """The follows of one person by any of these."""
    return await fetch(BY_FOLLOWER, list(followers), followed)


async def followed_by(follower: str, *, before: int, limit: int) -> list[Row]:
    """Whom a person follows, newest first, with `id` as cursor."""
    return await fetch(FOLLOWED, follower, before, limit)


async def followers_of(followed: str, *, before: int, limit: int) -> list[Row]:
    """Who follows a person, newest first, with `id` as cursor."""
    return await fetch(FOLLOWERS, followed, before, limit)


async def count_followed(follower: str) -> int:
    """How many people somebody follows, accepted follows alone."""
    return int((await fetch(COUNT_FOLLOWED, follower))[0]["n"])


async def count_followers(followed: str) -> int:
    """How many people follow somebody, accepted follows alone."""
    return int((await fetch(COUNT_FOLLOWERS, followed))[0]["n"])


FOLLOWERS_PAGE: Final = """
SELECT follower AS person FROM follow WHERE followed = $1 AND state = 'accepted'
ORDER BY id LIMIT $2 OFFSET $3
"""

FOLLOWED_PAGE: Final = """
SELECT followed AS person FROM follow WHERE follower = $1 AND state = 'accepted'
ORDER BY id LIMIT $2 OFFSET $3
"""


async def followers_page(followed: str, *, limit: int, offset: int) -> list[str]:
    """Who follows a person, oldest follow first."""
    return [row["person"] for row in await fetch(FOLLOWERS_PAGE, followed, limit, offset)]


async def followed_page(follower: str, *, limit: int, offset: int) -> list[str]:
    """Whom a person follows, oldest follow first, accepted follows alone."""
    return [row["person"] for row in await fetch(FOLLOWED_PAGE, follower, limit, offset)]

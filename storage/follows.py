"""Follows as rows, of which one side at least is here."""

from collections.abc import Collection
from typing import Final

from storage.database import Row, fetch

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

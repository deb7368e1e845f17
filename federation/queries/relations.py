"""How a person stands to others, some queries for any number of them."""

from collections.abc import Collection

from federation.queries.numbered_views import RelationView
from storage import blocks, mutes, ties


async def relations(person: str, others: Collection[str]) -> dict[str, RelationView]:
    """How a person stands to each of these, by id."""
    asked = list(dict.fromkeys(others))
    if not asked:
        return {}
    following = await ties.followed_among(person, asked)
    requested = await ties.requested_among(person, asked)
    followers = await ties.followers_among(person, asked)
    blocked = await blocks.blocked_among(person, asked)
    muted = await mutes.muted_among(person, asked)
    return {
        uri: RelationView(
            uri,
            is_following=uri in following,
            is_requested=uri in requested,
            is_follower=uri in followers,
            is_blocked=uri in blocked,
            is_muted=uri in muted,
        )
        for uri in asked
    }

"""A person follows another, here or elsewhere, or no longer does."""

from typing import Final

from federation.commands.desk import Desk, Made, submit
from federation.commands.people import find_known, find_person
from federation.pipeline.item import AnswerFollow, FollowPerson, Once
from federation.protocol.verdict import Refused

ONESELF: Final = Refused("You cannot follow yourself.", 422)
NOBODY: Final = Refused("You do not follow anybody at that address.", 404)
NOBODY_WAITS: Final = Refused("Nobody of that address waits to follow you.", 404)


async def follow(
    desk: Desk, author: str, acct: str, *, once: Once | None = None
) -> tuple[str, Made] | Refused:
    """Follow somebody; answers their id, also when they are followed already."""
    person = await find_person(desk, acct)
    if isinstance(person, Refused):
        return person
    if person.uri == author:
        return ONESELF
    made = await submit(desk, FollowPerson(author, person.uri, follows=True, once=once))
    return made if isinstance(made, Refused) else (person.uri, made)


async def unfollow(desk: Desk, author: str, acct: str) -> Made | Refused:
    """Follow somebody no longer; asks no other server who that is."""
    person = await find_known(desk, acct)
    if person is None:
        return NOBODY
    return await submit(desk, FollowPerson(author, person.uri, follows=False))


async def answer_follow(desk: Desk, person: str, acct: str, *, accepts: bool) -> Made | Refused:
    """Let somebody follow who waits for that, or decline; asks no other server who that is."""
    follower = await find_known(desk, acct)
    if follower is None:
        return NOBODY_WAITS
    return await submit(desk, AnswerFollow(person, follower.uri, accepts=accepts))

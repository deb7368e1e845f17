"""A person wants to hear nothing more of somebody, or of a conversation.

Sources: groups-protocol.md 2 and 11.3; chat-ux.md 9. Nobody else is told.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from federation.commands.answer_invitation import decline
from federation.commands.desk import Desk
from federation.commands.people import find_known, find_person
from federation.policy.domains import read_domain
from federation.protocol.verdict import Allowed, Refused
from storage import blocks, conversations, events, habits, host_blocks, mutes, strangers
from storage.conversation_lists import find_standing
from storage.database import transaction, wake
from storage.events import NewEvent
from storage.times import to_ms

NOBODY: Final = Refused("You have not blocked anybody at that address.", 404)
NOT_ONESELF: Final = Refused("You cannot block yourself.", 422)
NOBODY_MUTED: Final = Refused("You have not muted anybody at that address.", 404)
OWN_HOST: Final = Refused("You cannot block your own server.", 422)
NOT_BLOCKED_HOST: Final = Refused("You have not blocked that server.", 404)
NO_REQUEST: Final = Refused("Nobody waits there for your answer.", 404)
NOT_MUTED_ONESELF: Final = Refused("You cannot mute yourself.", 422)
NO_CONVERSATION: Final = Refused("no such conversation", 404)
A_GROUP: Final = Refused("A group that one is in is left, not refused.", 409)
ASKED: Final = frozenset({"invited", "requested"})
OUTSIDE: Final = frozenset({"refused", "left", "removed"})

# What is done to somebody who has this handle.
Act = Callable[[Desk, str, str], Awaitable[str | Allowed | Refused]]


async def block(desk: Desk, person: str, acct: str) -> str | Refused:
    """Hide somebody; answers their id. Who was met is not asked for again."""
    found = await _other(desk, person, acct, oneself=NOT_ONESELF)
    if isinstance(found, str):
        await blocks.add(person, found, desk.clock())
    return found


async def mute(desk: Desk, person: str, acct: str) -> str | Refused:
    """Hear somebody quietly; answers their id. Who was met is not asked for again."""
    found = await _other(desk, person, acct, oneself=NOT_MUTED_ONESELF)
    if isinstance(found, str):
        await mutes.add(person, found, desk.clock())
    return found


async def _other(desk: Desk, person: str, acct: str, *, oneself: Refused) -> str | Refused:
    known = await find_known(desk, acct)
    found = known if known is not None else await find_person(desk, acct)
    if isinstance(found, Refused):
        return found
    return oneself if found.uri == person or found.kind != "person" else found.uri


async def unmute(desk: Desk, person: str, acct: str) -> Allowed | Refused:
    """Hear somebody as others again."""
    known = await find_known(desk, acct)
    return NOBODY_MUTED if known is None else await end_mute(person, known.uri)


async def end_mute(person: str, muted: str) -> Allowed | Refused:
    """Hear as others again who has this id."""
    return Allowed() if await mutes.remove(person, muted) else NOBODY_MUTED


async def unblock(desk: Desk, person: str, acct: str) -> Allowed | Refused:
    """Hide somebody no longer."""
    known = await find_known(desk, acct)
    return NOBODY if known is None else await end_block(person, known.uri)


async def end_block(person: str, blocked: str) -> Allowed | Refused:
    """Hide no longer who has this id."""
    return Allowed() if await blocks.remove(person, blocked) else NOBODY


async def block_host(desk: Desk, person: str, host: str) -> str | Refused:
    """Hide everybody of a server; answers its name. It is not told."""
    name = read_domain(host)
    if isinstance(name, Refused):
        return name
    if name in {desk.space.host, desk.space.account_domain}:
        return OWN_HOST
    await host_blocks.add(person, name, desk.clock())
    return name


async def unblock_host(person: str, host: str) -> Allowed | Refused:
    """Hide the people of a server no longer."""
    return Allowed() if await host_blocks.remove(person, host) else NOT_BLOCKED_HOST


async def forget(person: str, conversation_id: str, now: datetime) -> Allowed | Refused:
    """Delete a stranger's messages that wait for an answer; what comes later is another request."""
    async with transaction():
        if not await strangers.forget(conversation_id, person):
            return NO_REQUEST
        await _tell(person, conversation_id, now)
    return Allowed()


async def forget_lapsed(before: datetime, now: datetime) -> int:
    """Delete what strangers have sent before that and nobody has answered; how many they were."""
    async with transaction():
        rows = await strangers.lapsed(before)
        for row in rows:
            await strangers.forget(row["conversation_id"], row["actor_uri"])
            await _tell(row["actor_uri"], row["conversation_id"], now)
    return len(rows)


async def refuse(
    desk: Desk, person: str, conversation_id: str, *, now: datetime
) -> Allowed | Refused:
    """Discard what comes to this set of people from here on, until the person writes there.

    Of a group whoever is not in it refuses every invitation, also one that waits (5.1.4).
    """
    standing = await find_standing(conversation_id, person)
    rows = await conversations.by_id([conversation_id])
    if standing is None or not rows:
        return NO_CONVERSATION
    if rows[0]["kind"] != "direct":
        return await _refuse_group(desk, person, conversation_id, standing)
    async with transaction():
        await habits.refuse(conversation_id, person, to_ms(now))
        await _tell(person, conversation_id, now)
    return Allowed()


async def _refuse_group(
    desk: Desk, person: str, conversation_id: str, standing: str
) -> Allowed | Refused:
    if standing not in {*ASKED, *OUTSIDE}:
        return A_GROUP
    if standing in ASKED:
        declined = await decline(desk, person, conversation_id)
        if isinstance(declined, Refused):
            return declined
    await habits.set_unwilling(conversation_id, person, is_unwilling=True)
    return Allowed()


async def be_asked(person: str, conversation_id: str) -> Allowed | Refused:
    """Let oneself be asked into a group again."""
    if await find_standing(conversation_id, person) is None:
        return NO_CONVERSATION
    await habits.set_unwilling(conversation_id, person, is_unwilling=False)
    return Allowed()


async def _tell(person: str, conversation_id: str, now: datetime) -> None:
    await events.append([NewEvent(person, "conversation", now, conversation_id)])
    await wake("event")

"""A person sees in which browsers they are signed in, and ends what they do not know."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from node.identity.caller import Caller
from storage import sessions
from storage.sessions import ListedSession
from storage.times import to_ms

ID_CHARS: Final = 26
TIME_CHARS: Final = 12


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser in the list.

    Attributes:
        id: Names it, and opens nothing.
        user_agent: What it says of itself; likewise unproven.
        address: Where it was last seen.
        is_current: Whether it is the one that asks.
    """

    id: str
    user_agent: str
    address: str
    created_at: datetime
    used_at: datetime
    is_current: bool


async def list_sessions(caller: Caller, now: datetime) -> tuple[SignedIn, ...]:
    """Where the caller is signed in, the latest used first."""
    return tuple(
        [
            SignedIn(
                id=_id_of(one),
                user_agent=one.user_agent,
                address=one.address,
                created_at=one.created_at,
                used_at=one.used_at,
                is_current=one.token_hash == caller.credential,
            )
            for one in await sessions.sessions_of(caller.account, now)
        ]
    )


async def end_one(caller: Caller, session_id: str, now: datetime) -> bool:
    """Sign one of the caller's browsers out; whether it was there."""
    for one in await sessions.sessions_of(caller.account, now):
        if _id_of(one) == session_id:
            await sessions.end_session(one.token_hash)
            return True
    return False


async def end_others(caller: Caller) -> None:
    """Sign every browser of the caller out but the one that asks."""
    await sessions.end_sessions_of(caller.account, but=[caller.credential])


def _id_of(session: ListedSession) -> str:
    """Sorts by time, and leads to nothing that the cookie could be compared with."""
    digest = hashlib.sha256(b"session id:" + session.token_hash.encode()).hexdigest()
    return f"{to_ms(session.created_at):0{TIME_CHARS}x}{digest[: ID_CHARS - TIME_CHARS]}"

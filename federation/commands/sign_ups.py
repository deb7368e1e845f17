"""Somebody asks for an account, and somebody who runs the node says yes or no.

Until then there is no actor: nobody here or elsewhere finds them, and nothing is served.
"""

from datetime import datetime
from typing import Final

from federation.commands.deeds import By, note
from federation.commands.register_account import TAKEN, Mint, judge_name, register_account
from federation.content.plain import clean_name
from federation.protocol.verdict import Allowed, Refused
from storage import sign_ups
from storage.database import transaction
from storage.errors import Conflict
from storage.sign_ups import REJECTED, WAITING, WAITING_MAX, SignUp

REASON_CHARS_MAX: Final = 500
WORD_CHARS_MAX: Final = 500

NO_REASON: Final = Refused("Say in a sentence who you are.", 422)
LONG_REASON: Final = Refused(f"At most {REASON_CHARS_MAX} characters, please.", 422)
LONG_WORD: Final = Refused(f"A word has at most {WORD_CHARS_MAX} characters.", 422)
FULL: Final = Refused("Too many people wait for an account. Come again in a few days.", 429)
NOT_WAITING: Final = Refused("Nobody of that name waits for an account.", 404)


async def ask(name: str, *, password_hash: str, reason: str, now: datetime) -> Allowed | Refused:
    """Let somebody wait for an account.

    Who was refused may ask for the same name again; who waits keeps it from others.

    Args:
        name: The part of the handle before the @.
        password_hash: Of the password that they will sign in with.
        reason: What they say of themselves.
        now: When.
    """
    said = clean_name(reason, REASON_CHARS_MAX + 1)
    refused = await judge_name(name) or _judge_reason(said)
    if refused is not None:
        return refused
    asked = SignUp(name, password_hash, said, WAITING, "", now)
    try:
        async with transaction():
            if await sign_ups.count_waiting() >= WAITING_MAX:
                return FULL
            before = await sign_ups.find(name)
            if before is not None and before.state == REJECTED:
                await sign_ups.drop(name)
            await sign_ups.add(asked)
    except Conflict:
        return TAKEN
    return Allowed()


async def approve(mint: Mint, name: str, by: By) -> Allowed | Refused:
    """Make the account of somebody who waits, with the password that they chose."""
    async with transaction():
        asked = await sign_ups.find(name)
        if asked is None or asked.state != WAITING:
            return NOT_WAITING
        verdict = await register_account(
            mint, name=name, role="member", password_hash=asked.password_hash, by=by
        )
        if isinstance(verdict, Allowed):
            await sign_ups.drop(name)
    return verdict


async def reject(name: str, word: str, now: datetime, by: By) -> Allowed | Refused:
    """Refuse somebody who waits, with a word that they read when they sign in."""
    said = clean_name(word, WORD_CHARS_MAX + 1)
    if len(said) > WORD_CHARS_MAX:
        return LONG_WORD
    async with transaction():
        if not await sign_ups.reject(name, said, now):
            return NOT_WAITING
        await note(by, "account.refused", name, now, detail=said)
    return Allowed()


def _judge_reason(said: str) -> Refused | None:
    if not said:
        return NO_REASON
    return LONG_REASON if len(said) > REASON_CHARS_MAX else None

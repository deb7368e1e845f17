"""A password opens an account, and signing out ends what it opened."""

from node.identity.caller import Caller
from node.identity.passwords import Passwords
from storage import accounts, sessions


async def may_sign_in(name: str, password: str, passwords: Passwords) -> bool:
    """Whether this password opens this account, which must be active.

    An unknown name takes as long as a wrong password. A right password whose hash has outdated
    parameters is hashed anew.
    """
    stored = await accounts.find_password_hash(name)
    checked = await passwords.check(password, stored)
    if checked.better_hash and stored:
        await accounts.improve_password_hash(name, stored, checked.better_hash)
    return checked.is_right


async def sign_out(caller: Caller) -> None:
    """End the session a caller came with."""
    await sessions.end_session(caller.credential)

"""A password or a passkey opens an account as it stands at that moment; signing out ends that."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from node.entropy import Entropy
from node.identity.caller import Caller
from node.identity.devices import know_device
from node.identity.fingerprint import fingerprint
from node.identity.passkeys import ProvenPasskey
from node.identity.passwords import Passwords
from node.identity.sessions import Opened, Whence, open_session
from storage import accounts, passkeys, second_factors, sessions
from storage.database import transaction


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody has given the password that an account had.

    Attributes:
        account: Whose.
        mark: By what it is seen whether that is still the password.
    """

    account: str
    mark: str


@dataclass(frozen=True, slots=True)
class RightPassword:
    """The password of an account was right when it was compared.

    Attributes:
        account: Whose.
        password_hash: What it was compared with.
    """

    account: str
    password_hash: str

    @property
    def known(self) -> Known:
        """What may leave this process of it."""
        return Known(self.account, fingerprint(self.password_hash))


class Lacking(Enum):
    """Why what was right opens nothing."""

    FIT = "it is the password or a passkey no more, or the account is not active any more"
    CODE = "the account asks for the code of a second factor too"


async def check_password(name: str, password: str, passwords: Passwords) -> RightPassword | None:
    """Whether this is the password of this account, which must be active.

    An unknown name takes as long as a wrong password. A right password whose hash has outdated
    parameters is hashed anew.
    """
    stored = await accounts.find_password_hash(name)
    checked = await passwords.check(password, stored)
    if not checked.is_right or not stored:
        return None
    if checked.better_hash:
        await accounts.improve_password_hash(name, stored, checked.better_hash)
    return RightPassword(name, checked.better_hash or stored)


async def complete_sign_in(
    known: Known | ProvenPasskey,
    whence: Whence,
    *,
    device: str,
    with_code: bool,
    entropy: Entropy,
    now: datetime,
) -> Opened | Lacking:
    """Sign a browser in, and know it from there on.

    Args:
        known: The password that was given, or the passkey that was used.
        whence: What the session is recognised by.
        device: What the browser is known by.
        with_code: Whether the code of the second factor was right too.
        entropy: Makes the session's cookie.
        now: The time.
    """
    async with transaction():
        # SECURITY: comparing takes a while, and a code is typed later still. What was closed since
        # then stays closed; tests/web/test_sign_in_under_way.py.
        stored = await accounts.hold_password_hash(known.account)
        if stored is None or not await _still_fits(known, stored, now):
            return Lacking.FIT
        if isinstance(known, Known) and not with_code and await _asks_for_code(known.account):
            return Lacking.CODE
        opened = await open_session(known.account, whence, entropy=entropy, now=now)
        await know_device(device, known.account, now=now)
    return opened


async def _still_fits(known: Known | ProvenPasskey, password_hash: str, now: datetime) -> bool:
    if isinstance(known, Known):
        return fingerprint(password_hash) == known.mark
    return await passkeys.use(known.passkey, known.account, count=known.count, at=now)


async def _asks_for_code(account: str) -> bool:
    factor = await second_factors.find(account)
    return factor is not None and factor.is_on


async def sign_out(caller: Caller) -> None:
    """End the session a caller came with."""
    await sessions.end_session(caller.credential)

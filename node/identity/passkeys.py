"""A passkey opens the account for which it was made, without name, password and code.

Its device asks for a finger, a face or a PIN before it signs, so that it is two factors: something
one has, and something one is or knows. What it signs is a challenge that this node has given to
the same browser minutes before, and that counts once.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from federation.content.plain import clean_name
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.strict_json import loads
from node.entropy import Entropy
from node.identity.ceremonies import Ceremonies, Document, Keeper, Key, Unproven
from node.identity.fingerprint import fingerprint
from storage import accounts, passkeys, sessions
from storage.database import transaction
from storage.passkeys import Challenge, StoredPasskey

LOG: Final = logging.getLogger(__name__)
LASTS: Final = timedelta(minutes=5)
PASSKEYS_MAX: Final = 10
NAME_CHARS_MAX: Final = 60
# Of all who are about to use one; whoever asks first makes room.
CHALLENGES_MAX: Final = 10_000
# In a quarter of an hour, from one address.
ASKED_MAX: Final = 60
PURPOSE: Final = b"covey passkeys 1:"
# What a stranger says is kept in the log to this length.
DETAIL_CHARS: Final = 200
NOBODY: Final = ""


class PasskeyFault(Enum):
    """Why a passkey is not taken."""

    LATE = "nobody has asked this browser for it, or it was answered before, or it took too long"
    UNPROVEN = "the answer proves nothing"
    UNKNOWN = "no account has this passkey"
    CLOSED = "its account is closed, or it was removed or used elsewhere meanwhile"
    TAKEN = "there is a passkey with this id"
    FULL = "the account has as many as it may"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brings from an authenticator.

    Attributes:
        browser: What it holds that no other does: its session, or the token of its form.
        challenge: What was asked, as the form repeats it.
        credential: What the authenticator has said, a JSON object.
    """

    browser: str
    challenge: str
    credential: str


@dataclass(frozen=True, slots=True)
class ProvenPasskey:
    """The fact that somebody has used a passkey of an account, and was recognised by its device.

    Attributes:
        account: Whose.
        passkey: Its id.
        count: How often it was used, as its device says.
    """

    account: str
    passkey: str
    count: int


class Passkeys:
    """The passkeys of one node's accounts.

    Args:
        base_url: Scheme, host and port of its pages.
        name: What people call the node.
        entropy: Makes challenges.
    """

    def __init__(self, base_url: str, name: str, entropy: Entropy) -> None:
        self._ceremonies = Ceremonies(base_url, name, timeout_s=int(LASTS.total_seconds()))
        self._entropy = entropy

    async def list(self, account: str) -> tuple[StoredPasskey, ...]:
        """The passkeys of an account, in the order in which they were made."""
        return tuple(await passkeys.of_account(account, at_most=PASSKEYS_MAX))

    async def begin_adding(
        self, account: str, *, browser: str, now: datetime
    ) -> Document | PasskeyFault:
        """What a device is asked that shall make a passkey."""
        before = await self.list(account)
        if len(before) >= PASSKEYS_MAX:
            return refused(PasskeyFault.FULL, account)
        return await self._ceremonies.creation_options(
            await self._ask(account, browser, now),
            Keeper(account, _handle_of(account)),
            known=[each.credential for each in before],
        )

    async def add(
        self, account: str, answer: Answer, *, name: str, now: datetime
    ) -> PasskeyFault | None:
        """Let what a device has made open the account from here on, if its session still goes on.

        Args:
            account: Whose.
            answer: What their browser brings.
            name: By which they want to know it; `NAME_CHARS_MAX` characters of it are kept.
            now: The time.
        """
        said = await self._taken(account, answer, now)
        if isinstance(said, PasskeyFault):
            return said
        key = await self._ceremonies.check_new(answer.challenge, said)
        if isinstance(key, Unproven):
            return refused(PasskeyFault.UNPROVEN, account, key.why)
        made = StoredPasskey(
            id=fingerprint(key.credential),
            account=account,
            credential=key.credential,
            public_key=key.public_key,
            sign_count=key.sign_count,
            name=clean_name(name, NAME_CHARS_MAX),
            created_at=now,
        )
        fault = await _keep(made, answer.browser)
        return fault and refused(fault, account)

    async def begin_entering(self, *, browser: str, now: datetime) -> Document:
        """What a device is asked that shall open the account of which it has a passkey."""
        return await self._ceremonies.request_options(await self._ask(NOBODY, browser, now))

    async def whose(self, answer: Answer) -> str:
        """The account that an answer is about, which proves nothing; "" if there is none."""
        stored = await _find(_read(answer.credential))
        return NOBODY if stored is None else stored.account

    async def prove(self, answer: Answer, now: datetime) -> ProvenPasskey | PasskeyFault:
        """Who has used their passkey, of those who asked this browser to let them in.

        Whether it opens their account is decided when that is opened.
        """
        said = await self._taken(NOBODY, answer, now)
        if isinstance(said, PasskeyFault):
            return said
        stored = await _find(said)
        if stored is None:
            return refused(PasskeyFault.UNKNOWN, NOBODY)
        count = await self._ceremonies.check_use(
            answer.challenge,
            said,
            key=Key(stored.credential, stored.public_key, stored.sign_count),
            handle=_handle_of(stored.account),
        )
        if isinstance(count, Unproven):
            return refused(PasskeyFault.UNPROVEN, stored.account, count.why)
        return ProvenPasskey(stored.account, stored.id, count)

    async def rename(self, account: str, passkey: str, name: str) -> bool:
        """Let one be known by another name; False if the account has none such."""
        return await passkeys.rename(passkey, account, clean_name(name, NAME_CHARS_MAX))

    async def remove(self, account: str, passkey: str) -> bool:
        """Let one open nothing any more; sessions that it has opened go on, as all others do."""
        return await passkeys.remove(passkey, account)

    async def _ask(self, account: str, browser: str, now: datetime) -> str:
        challenge = self._entropy.token()
        asked = Challenge(fingerprint(challenge), fingerprint(browser), account)
        await passkeys.ask(asked, now + LASTS, now=now, at_most=CHALLENGES_MAX)
        return challenge

    async def _taken(self, account: str, answer: Answer, now: datetime) -> Document | PasskeyFault:
        """What a device has said, once its challenge is used up."""
        asked = Challenge(fingerprint(answer.challenge), fingerprint(answer.browser), account)
        # SECURITY: it is used up before anything is looked at, whatever comes of that;
        # tests/web/test_passkey_attacks.py.
        if not await passkeys.take(asked, now):
            return refused(PasskeyFault.LATE, account)
        said = _read(answer.credential)
        return said or refused(PasskeyFault.UNPROVEN, account, "this is no JSON object")


async def _keep(made: StoredPasskey, session: str) -> PasskeyFault | None:
    async with transaction():
        # Whoever adds another one at this moment was before, and is counted, or waits.
        held = await accounts.hold_password_hash(made.account)
        # SECURITY: checking takes a while, and whoever was thrown out meanwhile leaves no key to
        # the door behind; tests/web/test_passkey_attacks.py.
        if held is None or await sessions.find_session(session, made.created_at) is None:
            return PasskeyFault.LATE
        if len(await passkeys.of_account(made.account, at_most=PASSKEYS_MAX)) >= PASSKEYS_MAX:
            return PasskeyFault.FULL
        return None if await passkeys.add(made) else PasskeyFault.TAKEN


async def _find(said: Document) -> StoredPasskey | None:
    named = said.get("id")
    return await passkeys.find(fingerprint(named)) if isinstance(named, str) else None


def _handle_of(account: str) -> bytes:
    """What stands for a person in the answers of their devices.

    It is the same on all of them, and has no name in it. No secret either: beside the name that the
    device shows it would hide nothing, and a node that loses its secret keeps its passkeys.
    """
    return hashlib.sha256(PURPOSE + account.encode()).digest()


def _read(text: str) -> Document:
    """A JSON object; an empty one if this is none."""
    try:
        return loads(text.encode())
    except (RemoteProtocolError, UnicodeEncodeError):
        return {}


def refused(fault: PasskeyFault, account: str, why: str = "") -> PasskeyFault:
    """The same fault, once the log has a line about it."""
    told = {"reason": fault.value, "account": account, "detail": why[:DETAIL_CHARS]}
    said = {name: value for name, value in told.items() if value}
    LOG.info("a passkey was refused", extra={"action": "passkey.refused"} | said)
    return fault

"""A person's yes gives a code, the code gives a token once, and all of it ends together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from node.entropy import Entropy
from node.identity.apps import App
from node.identity.caller import Caller
from node.identity.fingerprint import fingerprint
from storage import accounts, consents, sessions, tokens
from storage.consents import NewConsent, StoredConsent
from storage.database import transaction
from storage.tokens import HeldToken, NewToken

CODE_LASTS: Final = timedelta(minutes=10)
TOKEN_LASTS: Final = timedelta(days=30)
REFRESH_LASTS: Final = timedelta(days=90)
# Each is a device of one person, or an authorization that somebody has given up.
CONSENTS_MAX: Final = 50
# Of its own an app needs one at a time.
OWN_TOKENS_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class Granting:
    """What a person allows.

    Attributes:
        scope: As the app has written it: it is told the same.
        challenge: Of PKCE S256, or "".
    """

    app: App
    scope: str
    redirect_uri: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Given:
    """A token that is given out; this is the only time it is seen.

    Attributes:
        actor_uri: Whom it speaks for; "" for an app's own.
        lasts: After which time it runs out, or None.
        refresh: What gets another one then, or "".
    """

    token: str
    scope: str
    actor_uri: str
    created_at: datetime
    lasts: timedelta | None = None
    refresh: str = ""


class Revoking(Enum):
    """What became of a token that somebody wants revoked."""

    DONE = "it opens nothing, whether it did before or not"
    FOREIGN = "it is another app's"


async def give_code(
    caller: Caller, granting: Granting, *, entropy: Entropy, now: datetime
) -> str | None:
    """Let an app act for a person; the code, or None if their session has ended meanwhile."""
    code = entropy.token()
    consent = NewConsent(
        id=entropy.new_id(),
        app_id=granting.app.id,
        account=caller.account,
        scope=granting.scope,
        redirect_uri=granting.redirect_uri,
        challenge=granting.challenge,
        code_hash=fingerprint(code),
        code_until=now + CODE_LASTS,
        created_at=now,
    )
    async with transaction():
        # SECURITY: what closes the account waits for this, and ends it, or has ended the session;
        # tests/oauth/test_ending.py.
        await accounts.hold_password_hash(caller.account)
        if await sessions.find_session(caller.credential, now) is None:
            return None
        await consents.add(consent, at_most=CONSENTS_MAX)
    return code


async def find_consent(code: str) -> StoredConsent | None:
    """What gave this code, used or not."""
    return await consents.find_by_code(fingerprint(code))


async def use_code(
    consent: StoredConsent, app: App, *, entropy: Entropy, now: datetime
) -> Given | None:
    """The token for a code; None, and its tokens have ended, if it was used before."""
    refresh = entropy.token() if app.refreshes else ""
    async with transaction():
        if await consents.use_code(consent.id):
            if refresh:
                until = now + REFRESH_LASTS
                await consents.rotate(consent.id, "", fingerprint(refresh), until)
            return await _give(consent, app, refresh, entropy, now)
        await consents.end(consent.id)
    return None


async def refresh_token(app: App, refresh: str, *, entropy: Entropy, now: datetime) -> Given | None:
    """Another token for a refresh token, which is good no more.

    One that was replaced before ends all that came of the same consent: two have it.

    Returns:
        None if it is not this app's, or good no more.
    """
    shown = fingerprint(refresh)
    found = await consents.find_by_refresh(shown)
    if found is None or found.app_id != app.id or found.keep_until <= now:
        return None
    another = entropy.token()
    async with transaction():
        until = now + REFRESH_LASTS
        if await consents.rotate(found.id, shown, fingerprint(another), until):
            return await _give(found, app, another, entropy, now)
        await consents.end(found.id)
    return None


async def _give(
    consent: StoredConsent, app: App, refresh: str, entropy: Entropy, now: datetime
) -> Given:
    token = entropy.token()
    lasts = TOKEN_LASTS if app.refreshes else None
    await tokens.add_token(
        NewToken(
            token_hash=fingerprint(token),
            account=consent.account,
            scope=consent.scope,
            created_at=now,
            app_id=app.id,
            consent_id=consent.id,
            expires_at=None if lasts is None else now + lasts,
        )
    )
    return Given(token, consent.scope, consent.actor_uri, now, lasts, refresh)


async def give_own_token(app: App, scope: str, *, entropy: Entropy, now: datetime) -> Given:
    """A token with which an app acts for nobody."""
    token = entropy.token()
    own = NewToken(fingerprint(token), "", scope, now, app_id=app.id)
    await tokens.add_own_token(own, at_most=OWN_TOKENS_MAX)
    return Given(token, scope, "", now)


async def find_holder(token: str, now: datetime) -> str | None:
    """The client id of the app that a token was given to, for a person or for itself."""
    held = await tokens.find_holder(fingerprint(token), now)
    return held.app_id if held is not None and held.app_id else None


async def revoke(app: App, token: str, now: datetime) -> Revoking:
    """End a token or refresh token of an app, and what came of the same consent."""
    shown = fingerprint(token)
    held = await tokens.find_holder(shown, now)
    if held is not None:
        return await _revoke_held(app, held)
    consent = await consents.find_by_refresh(shown)
    if consent is None:
        return Revoking.DONE
    if consent.app_id != app.id:
        return Revoking.FOREIGN
    await consents.end(consent.id)
    return Revoking.DONE


async def _revoke_held(app: App, held: HeldToken) -> Revoking:
    if held.app_id != app.id:
        return Revoking.FOREIGN
    if held.consent_id:
        await consents.end(held.consent_id)
    else:
        await tokens.end_token(held.token_hash)
    return Revoking.DONE

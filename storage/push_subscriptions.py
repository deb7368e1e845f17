"""Where people want to be told of messages; a subscription counts as long as its credential."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run, transaction
from storage.times import to_ms

TABLE: Final = "push_subscription"
COLUMNS: Final = (
    *("credential", "account", "person", "endpoint", "p256dh", "auth"),
    *("standard", "shows_text", "alerts", "policy", "token", "created_at"),
)

# One each for a session or token, and one each for a browser.
END_BEFORE: Final = "DELETE FROM push_subscription WHERE credential = $1 OR endpoint = $2"

END: Final = "DELETE FROM push_subscription WHERE credential = $1"

END_ONE: Final = "DELETE FROM push_subscription WHERE id = $1"

ANY: Final = "SELECT 1 FROM push_subscription LIMIT 1"

_OPENS: Final = """account.state = 'active' AND (
  EXISTS (SELECT 1 FROM session WHERE session.token_hash = s.credential AND session.expires_at > $2)
  OR EXISTS (SELECT 1 FROM token WHERE token.token_hash = s.credential
    AND (token.expires_at IS NULL OR token.expires_at > $2)))"""

_SELECT: Final = """
SELECT s.id, s.credential, s.account, s.person, s.endpoint, s.p256dh, s.auth, s.standard,
  s.shows_text, s.alerts, s.policy, s.token
FROM push_subscription s JOIN account ON account.name = s.account
"""

# Those whose session or token still opens the account.
OF_PEOPLE: Final = f"{_SELECT} WHERE s.person = ANY($1) AND {_OPENS}"
OF_ONES: Final = f"{_SELECT} WHERE s.id = ANY($1) AND {_OPENS}"
OF_CREDENTIAL: Final = f"{_SELECT} WHERE s.credential = $1 AND {_OPENS}"

# A person's own, with the browser or app of each.
LISTED: Final = """
SELECT s.id, s.shows_text, s.credential, COALESCE(session.user_agent, '') AS user_agent,
  session.token_hash IS NULL AS is_app
FROM push_subscription s JOIN account ON account.name = s.account
LEFT JOIN session ON session.token_hash = s.credential
WHERE s.person = $1 AND <opens> ORDER BY s.id DESC LIMIT 100
""".replace("<opens>", _OPENS)

SHOW_TEXT: Final = "UPDATE push_subscription SET shows_text = $3 WHERE id = $1 AND person = $2"

CHOOSE: Final = "UPDATE push_subscription SET alerts = $2, policy = $3 WHERE credential = $1"

END_OWN: Final = "DELETE FROM push_subscription WHERE id = $1 AND person = $2"

# Those whose session and token are gone.
REAP: Final = """
DELETE FROM push_subscription WHERE id IN (
  SELECT s.id FROM push_subscription s
  LEFT JOIN session ON session.token_hash = s.credential
  LEFT JOIN token ON token.token_hash = s.credential
  WHERE session.token_hash IS NULL AND token.token_hash IS NULL LIMIT $1)
"""


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A place to be told at.

    Attributes:
        credential: The hash of the session or token that it belongs to.
        person: The account's actor.
        endpoint: The https URL of the push service.
        p256dh: The browser's public key, in base64 for URLs; likewise `auth`, its secret.
        standard: Whether it reads aes128gcm; else the older aesgcm.
        shows_text: Whether what was written goes along.
        alerts: Of an app of Mastodon's API, what it is told of, in words with spaces between them.
        policy: Of such an app, of whose deeds: all, followed, follower or none; "" of any other.
        token: Of such an app, sealed.
    """

    credential: str
    account: str
    person: str
    endpoint: str
    p256dh: str
    auth: str
    standard: bool
    shows_text: bool
    alerts: str = ""
    policy: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription(NewSubscription):
    """One that is stored."""

    id: int


async def put(new: NewSubscription, at: datetime) -> None:
    """Remember a subscription instead of those of the same session, token or browser."""
    async with transaction():
        await run(END_BEFORE, new.credential, new.endpoint)
        row = (
            *(new.credential, new.account, new.person, new.endpoint, new.p256dh, new.auth),
            *(new.standard, new.shows_text, new.alerts, new.policy, new.token, to_ms(at)),
        )
        await insert_many(TABLE, COLUMNS, [row])


async def end(credential: str) -> None:
    """Forget the subscription of a session or token."""
    await run(END, credential)


async def end_one(subscription_id: int) -> None:
    """Forget a subscription that its service does not know any more."""
    await run(END_ONE, subscription_id)


async def are_there_any() -> bool:
    """Whether anybody is to be told anywhere."""
    return bool(await fetch(ANY))


async def of_people(people: Collection[str], now: datetime) -> list[Subscription]:
    """Where these people are told, as long as what they subscribed with is good."""
    if not people:
        return []
    return [_read(row) for row in await fetch(OF_PEOPLE, sorted(people), to_ms(now))]


async def still_good(ids: Collection[int], now: datetime) -> dict[int, Subscription]:
    """Those of these subscriptions that still count, by their numbers."""
    return {row["id"]: _read(row) for row in await fetch(OF_ONES, sorted(ids), to_ms(now))}


async def find(credential: str, now: datetime) -> Subscription | None:
    """The subscription of a session or token, or None."""
    rows = await fetch(OF_CREDENTIAL, credential, to_ms(now))
    return _read(rows[0]) if rows else None


async def listed(person: str, now: datetime) -> list[Row]:
    """Where a person is told, the newest first: `id`, `shows_text`, `user_agent`, `is_app`."""
    return await fetch(LISTED, person, to_ms(now))


async def show_text(subscription_id: int, person: str, *, shows: bool) -> bool:
    """Let what was written go along, or not; False if that is not this person's."""
    return await run(SHOW_TEXT, subscription_id, person, shows) > 0


async def choose(credential: str, alerts: str, policy: str) -> None:
    """Let an app be told of something else."""
    await run(CHOOSE, credential, alerts, policy)


async def end_own(subscription_id: int, person: str) -> bool:
    """Forget one of a person's; False if that is not theirs."""
    return await run(END_OWN, subscription_id, person) > 0


async def reap(*, limit: int = 1000) -> int:
    """Forget those whose session or token is gone; answer how many."""
    return await run(REAP, limit)


def _read(row: Row) -> Subscription:
    return Subscription(
        id=row["id"],
        credential=row["credential"],
        account=row["account"],
        person=row["person"],
        endpoint=row["endpoint"],
        p256dh=row["p256dh"],
        auth=row["auth"],
        standard=bool(row["standard"]),
        shows_text=bool(row["shows_text"]),
        alerts=row["alerts"],
        policy=row["policy"],
        token=row["token"],
    )

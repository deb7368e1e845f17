"""Rows that have had their time go, some at a time, so that no table grows without end."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from federation.commands import change_rules, hush, preferences
from federation.upkeep import absence
from federation.upkeep.requests import expire as expire_requests
from storage import (
    activities,
    actor_keys,
    apps,
    audit,
    client_marks,
    consents,
    delivery_upkeep,
    drafts,
    events,
    follows,
    idempotency,
    inbox_aside,
    invitations,
    known_devices,
    links,
    notifications,
    passkeys,
    peers,
    push_subscriptions,
    receipts,
    relays,
    reports,
    requests,
    second_factors,
    seen,
    sessions,
    sign_up_links,
    sign_ups,
    stored_rules,
    successions,
    tokens,
    tombstones,
)
from storage.times import to_ms

# De-duplication lives as long as the message, at least 60 days (delivery.md 2).
SEEN_FOR: Final = timedelta(days=60)
# A client that was away for longer starts anew.
EVENTS_FOR: Final = timedelta(days=14)
SETTLED_FOR: Final = timedelta(days=30)
PEERS_IDLE_FOR: Final = timedelta(days=40)
INVITATIONS_FOR: Final = timedelta(days=90)
# A deleted message that never came is not expected any more; whoever brings it again after that
# has kept it on purpose. A home tells for as long that what it has passed on is deleted.
TOMBSTONES_FOR: Final = timedelta(days=730)
RECEIPTS_FOR: Final = timedelta(days=60)
# A browser that nobody has signed in with for so long is a stranger again.
DEVICES_FOR: Final = timedelta(days=365)
# Whoever begins to set up an authenticator ends the same day, or begins anew.
FACTORS_FOR: Final = timedelta(days=1)
# An app that registers anew when it must, once nobody uses it.
APPS_FOR: Final = timedelta(days=30)
# What home refused is shown for as long as it may explain something.
REQUESTS_FOR: Final = timedelta(days=7)
# Who is reported again is remembered for a while; what nobody looks at is not kept for ever.
REPORTS_FOR: Final = timedelta(days=90)
OPEN_REPORTS_FOR: Final = timedelta(days=365)
# Whoever has not gone on with it by then does not.
DRAFTS_FOR: Final = timedelta(days=180)
# Behind that nothing is told any more (federation/queries/notifications.py).
DISMISSED_FOR: Final = timedelta(days=31)
# What strangers write and nobody answers (chat-ux.md 9.5).
STRANGERS_FOR: Final = timedelta(days=30)
# Who waits to follow somebody, as strangers' requests do.
FOLLOWS_FOR: Final = timedelta(days=30)
# Whoever asked for an account can read for so long what came of it.
SIGN_UPS_FOR: Final = timedelta(days=30)
# At least a year (policy.md 12).
AUDIT_FOR: Final = timedelta(days=400)
# A rule that is over can be prolonged for so long.
RULES_FOR: Final = timedelta(days=30)
# A competing successor may be heard of late.
SUCCESSIONS_FOR: Final = timedelta(days=400)

# So long a proof by a key that is not used any more still holds (security.md 3).
KEYS_FOR: Final = timedelta(days=60)

# As many rounds as empty a backlog, without keeping the writer from others for long.
ROUNDS: Final = 20


async def run_once(now: datetime, queue_retention: timedelta) -> None:
    """End what has lapsed, and remove what nobody will ask for again.

    Args:
        now: The time by which things are old.
        queue_retention: How long a delivery is tried.
    """
    await delivery_upkeep.expire(now - queue_retention, now)
    await inbox_aside.give_up(now)
    await invitations.expire(now)
    await expire_requests(now)
    await absence.note(now)
    await preferences.end_mutes(now)
    await change_rules.note_over(now)
    await hush.forget_lapsed(now - STRANGERS_FOR, now)
    await sessions.end_expired_sessions(now)
    await peers.reap(now - PEERS_IDLE_FOR)
    for reap in _reapers(now):
        for _ in range(ROUNDS):
            if not await reap():
                break


def _reapers(now: datetime) -> tuple[Callable[[], Awaitable[int]], ...]:
    return (
        lambda: delivery_upkeep.reap(now - SETTLED_FOR),
        lambda: events.reap(now - EVENTS_FOR),
        lambda: idempotency.reap(now),
        lambda: invitations.reap(now - INVITATIONS_FOR),
        lambda: requests.reap(now - REQUESTS_FOR),
        lambda: reports.reap(now - REPORTS_FOR, now - OPEN_REPORTS_FOR),
        lambda: audit.reap(now - AUDIT_FOR),
        lambda: stored_rules.reap(now - RULES_FOR),
        lambda: drafts.reap(now - DRAFTS_FOR),
        lambda: client_marks.reap(notifications.first_number(to_ms(now - DISMISSED_FOR))),
        lambda: follows.reap(now - FOLLOWS_FOR),
        lambda: links.reap(now),
        lambda: sign_up_links.reap(now),
        lambda: sign_ups.reap(now - SIGN_UPS_FOR),
        push_subscriptions.reap,
        lambda: second_factors.reap(now - FACTORS_FOR),
        lambda: passkeys.reap_challenges(now),
        lambda: known_devices.reap(now - DEVICES_FOR),
        lambda: tokens.reap(now),
        lambda: consents.reap(now),
        lambda: apps.reap(now - APPS_FOR),
        lambda: successions.reap(now - SUCCESSIONS_FOR),
        lambda: tombstones.reap(now - TOMBSTONES_FOR),
        lambda: relays.reap(now - TOMBSTONES_FOR),
        lambda: receipts.reap(now - RECEIPTS_FOR),
        lambda: seen.reap(now - SEEN_FOR),
        lambda: activities.reap(now - SETTLED_FOR),
        lambda: actor_keys.reap(now - KEYS_FOR),
    )

"""PURE: why something has not arrived, said in a sentence for who runs this node."""

from datetime import UTC, datetime, timedelta
from typing import Final

from storage.inbox_aside import SetAside
from storage.owed_hosts import OwedHost
from storage.peer_lists import ListedPeer

FAILING: Final = "failing"
# What an inbox entry may wait for, by the first word of its `waits_for`.
MISSING: Final = {
    "actor": "somebody it names cannot be fetched yet",
    "conversation": "the group it belongs to is not known here yet",
    "invitation": "the invitation it answers has not come",
    "look": "the group it belongs to is being looked at",
    "message": "the message it speaks of has not come",
    "recover": "its group is being recovered after a restore",
    "state": "a change of the group that it rests on has not come",
}
_UNITS: Final = (
    (timedelta(days=2), timedelta(days=1), "days"),
    (timedelta(hours=2), timedelta(hours=1), "h"),
    (timedelta(minutes=2), timedelta(minutes=1), "min"),
)


def why_owed(owed: OwedHost, peer: ListedPeer | None, now: datetime) -> str:
    """Why what a host is owed has not arrived there.

    Such as: waiting for gamma.test since 14:02: it does not accept connections; next try in 4 min
    (step 5 of the back-off); last heard from at 13:58
    """
    return "; ".join(_parts(owed, peer, now))


def _parts(owed: OwedHost, peer: ListedPeer | None, now: datetime) -> list[str]:
    since = clock_time(owed.oldest_at, now)
    if not owed.waiting:
        stuck = owed.reason or "it cannot be sent from here"
        return [f"parked for {owed.host} since {since}: {stuck}", "covey queue retry tries again"]
    parts = [f"waiting for {owed.host} since {since}: {_reason(owed, peer)}"]
    parts.append(_next_try(owed, peer, now))
    if peer is not None:
        parts.append(heard(peer, now))
    if owed.parked:
        parts.append(f"{owed.parked} parked besides")
    return parts


def _reason(owed: OwedHost, peer: ListedPeer | None) -> str:
    if peer is not None and peer.state == FAILING:
        return peer.last_error
    return owed.reason or "waits for its turn"


def _next_try(owed: OwedHost, peer: ListedPeer | None, now: datetime) -> str:
    is_failing = peer is not None and peer.state == FAILING
    due = [at for at in (owed.due_at, peer.due_at if peer else None) if at is not None]
    at = max(due, default=None)
    if at is None:
        return "on its way"
    when = f"next try in {how_long(at - now)}" if at > now else "next try now"
    return f"{when} (step {peer.step} of the back-off)" if is_failing and peer else when


def heard(peer: ListedPeer, now: datetime) -> str:
    """When a host has last shown that it lives; contact from there is kept to the hour."""
    if peer.heard_at is None and peer.last_ok_at is None:
        return "never heard from"
    if peer.heard_at is None or (peer.last_ok_at or peer.heard_at) > peer.heard_at:
        return f"last took something at {clock_time(peer.last_ok_at or now, now)}"
    return f"last heard from at {clock_time(peer.heard_at, now)}"


def why_set_aside(entry: SetAside, now: datetime) -> str:
    """Why something that has come to an inbox here is not shown."""
    since = clock_time(entry.received_at, now)
    if not entry.waits_for:
        return f"came at {since}, failed {entry.attempts} times and is parked: {entry.reason}"
    kind, _, which = entry.waits_for.partition(":")
    missing = MISSING.get(kind, entry.reason or "something is missing")
    return f"came at {since} and waits: {missing} ({which})"


def clock_time(at: datetime, now: datetime) -> str:
    """A moment as one reads it from a clock, in UTC, with its day if that is not today."""
    at, today = at.astimezone(UTC), now.astimezone(UTC).date()
    return at.strftime("%H:%M" if at.date() == today else "%Y-%m-%d %H:%M")


def how_long(span: timedelta) -> str:
    """A span of time in its largest unit of which there are at least two."""
    for least, unit, name in _UNITS:
        if span >= least:
            return f"{round(span / unit)} {name}"
    return f"{max(0, round(span.total_seconds()))} s"

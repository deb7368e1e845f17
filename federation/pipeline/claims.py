"""What arrived is claimed for each person it is for, so that it takes effect once for each."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec

from federation.activities import readers
from federation.pipeline.item import Received
from federation.pipeline.outcome import Applied, Ignored, KeptOut, Outcome
from federation.pipeline.prepare import Prepared
from federation.pipeline.ruling import Rulings
from federation.protocol.canonical_json import with_known_context
from storage import seen
from storage.seen import Triple

log = logging.getLogger(__name__)


async def claim(prepared: Sequence[Prepared], now: datetime) -> Mapping[Triple, int]:
    """Claim what arrived; answer the claims that are new."""
    wanted: dict[Triple, str] = {}
    for one in prepared:
        if isinstance(one.item, Received) and one.situation is not None:
            activity = one.item.activity
            content = {key: value for key, value in activity.document.items() if key != "proof"}
            # Only this node reads it, so what decides between spellings of a number is no matter.
            content = with_known_context(content)
            digest = sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
            for person in ("", *_readers(one)):
                wanted.setdefault(Triple(activity.actor, activity.id, person), digest)
    claims = await seen.claim(wanted, now) if wanted else {}
    known = {at: wanted[at] for at in wanted if not at.recipient and at not in claims}
    for conflict in await seen.contradict(known):
        log.warning(
            "an activity has come with two contents, and the first stays",
            extra={
                "action": "activity.conflict",
                "actor": conflict.actor_uri,
                "activity": conflict.activity_id,
            },
        )
    return claims


def not_reached(prepared: Prepared, claims: Mapping[Triple, int]) -> frozenset[str]:
    """The local people whom what arrived has not reached yet; "" stands for the node itself."""
    if not isinstance(prepared.item, Received) or prepared.situation is None:
        return frozenset()
    activity = prepared.item.activity
    return frozenset(
        person
        for person in ("", *_readers(prepared))
        if Triple(activity.actor, activity.id, person) in claims
    )


def _readers(prepared: Prepared) -> tuple[str, ...]:
    needs, situation = prepared.needs, prepared.situation
    if needs is None or needs.said is None or situation is None:
        return ()
    return readers.local_readers(needs.said, situation)


def unused(
    prepared: Sequence[Prepared],
    outcomes: Sequence[Outcome],
    claims: Mapping[Triple, int],
    rulings: Rulings,
) -> list[int]:
    """The claims of what was not applied, or not for whom it was claimed."""
    used: set[tuple[str, str]] = set()
    withheld: set[Triple] = set()
    for at, (one, outcome) in enumerate(zip(prepared, outcomes, strict=True)):
        if not isinstance(one.item, Received):
            continue
        activity = one.item.activity
        # What was answered with a Reject is not answered again.
        is_answered = isinstance(outcome, KeptOut) and bool(outcome.changes)
        if is_answered or isinstance(outcome, Applied | Ignored):
            used.add((activity.actor, activity.id))
        if at in rulings:
            kept_from = rulings[at].withheld - {""}
            withheld |= {Triple(activity.actor, activity.id, person) for person in kept_from}
    return [row for triple, row in claims.items() if triple[:2] not in used or triple in withheld]

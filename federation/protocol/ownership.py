"""Whose word is an activity: its actor's, a rumour to be checked at its origin, or nobody's."""

from dataclasses import dataclass
from enum import Enum, auto

from federation.protocol.activity import Activity
from federation.protocol.signature.verify import Verified
from federation.protocol.verdict import Refused
from federation.protocol.vocabulary import UNPROVEN_TYPES


class ProofStanding(Enum):
    """What was found of the proof, before anything is decided."""

    ABSENT = auto()
    HELD = auto()
    """It holds, by a key in `assertionMethod` of the activity's actor."""
    BROKEN = auto()
    """It does not hold, or its key is not the actor's."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The actor of this activity really said it. Made in this module alone.

    Attributes:
        signer: Who delivered it.
        proven: By a proof, and not by the request's signature alone.
    """

    activity: Activity
    signer: str
    proven: bool


@dataclass(frozen=True, slots=True)
class Hearsay:
    """Somebody says that the actor said it: the body is not used, its origin may be asked."""

    activity: Activity
    signer: str


def judge(
    activity: Activity, signer: Verified, *, proof: ProofStanding, aware: bool
) -> Authenticated | Hearsay | Refused:
    """Decide whose word an activity is.

    1. A proof that is there holds.
    2. A receipt or a typing notice is signed by its actor: it has no proof.
    3. An aware author's activity has a proof.
    4. Proven, or signed by its actor: authenticated.
    5. Anything else is hearsay.

    Args:
        activity: What was received.
        signer: The fact that a key signed the request.
        proof: What `proof.check_proof` and the look-up of its key gave.
        aware: Whether the actor is aware or ever was, or is a conversation actor.

    Source: security.md 2.1 step 9
    """
    is_own = signer.actor == activity.actor
    is_proven = proof is ProofStanding.HELD
    # 1
    if proof is ProofStanding.BROKEN:
        return Refused("the proof does not hold", status=401)
    # 2
    if activity.type in UNPROVEN_TYPES and not is_own:
        return _not_signed_by_its_actor(activity, signer, aware=aware)
    # 3
    if aware and not is_proven and activity.type not in UNPROVEN_TYPES:
        return Refused("a proof is required", status=401)
    # 4
    if is_own or is_proven:
        return Authenticated(activity, signer.actor, is_proven)
    # 5
    return Hearsay(activity, signer.actor)


def _not_signed_by_its_actor(
    activity: Activity, signer: Verified, *, aware: bool
) -> Hearsay | Refused:
    if aware:
        return Refused("the signer is not the actor", status=401)
    return Hearsay(activity, signer.actor)

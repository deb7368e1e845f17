"""A claim becomes a fact here and nowhere else: `Verified` is made in this module alone.

Steps 5, 6 and 8 of security.md 2.1; the key is found in between.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from federation.protocol import ed25519
from federation.protocol.digest import digests_hold
from federation.protocol.keys import Algorithm, PublicKey
from federation.protocol.signature.parsed import (
    ParsedSignature,
    Reason,
    Request,
    SignatureFailure,
)
from federation.protocol.signature.scheme import signed_texts

# Clocks may be this far apart, either way.
SKEW_S = 60 * 60
# How long a signature holds: without an expiry, and at most with one.
LIFETIME_S = 5 * 60
LIFETIME_MAX_S = 12 * 60 * 60

# Labels that say nothing about the primitive. Any other must name the key's own type.
_UNSPECIFIC = frozenset({"", "hs2019"})
_LABELS: dict[str, Algorithm] = {
    "rsa-sha256": "rsa",
    "rsa-v1_5-sha256": "rsa",
    "ed25519": "ed25519",
}

_LAST_S = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())
_PADDING = PKCS1v15()
_SHA256 = SHA256()


@dataclass(frozen=True, slots=True)
class Verified:
    """The fact that a key signed a request.

    Attributes:
        key_id: The key.
        actor: The one actor it speaks for.
        algorithm: Of the key.
        signed_at: When, by the signer's clock.
    """

    key_id: str
    actor: str
    algorithm: Algorithm
    signed_at: datetime


def check_time_and_digest(
    parsed: ParsedSignature, request: Request, now: datetime
) -> SignatureFailure | None:
    """Judge all that needs no key, so that no key is fetched for nothing.

    5. Time: signed within the window, as far as that can be said.
    6. Digest: every digest header is that of the body.

    Returns:
        None if nothing speaks against the request. `Reason.CLOCK` if its time alone does.

    Source: security.md 2.1
    """
    # 5
    if parsed.signed_s is None:
        return SignatureFailure(Reason.BAD_DATE, request.fields.get("date", "")[:40])
    if parsed.expires_s is not None and parsed.expires_s < (parsed.created_s or 0):
        return SignatureFailure(Reason.EXPIRES)
    is_timely = _is_timely(parsed, parsed.signed_s, now.timestamp())
    # 6
    is_whole = digests_hold(request.fields, request.body or b"")
    if not is_timely:
        reason = Reason.CLOCK if is_whole else Reason.TIME
        return SignatureFailure(reason, f"signed at {parsed.signed_s} s")
    return None if is_whole else SignatureFailure(Reason.DIGEST)


def verify(
    parsed: ParsedSignature, request: Request, key: PublicKey
) -> Verified | SignatureFailure:
    """Step 8: whether the key signed the request; `check_time_and_digest` has been asked before.

    Source: security.md 2.1
    """
    if key.key_id != parsed.key_id:
        return SignatureFailure(Reason.WRONG_KEY, parsed.key_id)
    if parsed.algorithm not in _UNSPECIFIC and _LABELS.get(parsed.algorithm) != key.algorithm:
        return SignatureFailure(Reason.KEY_TYPE, parsed.algorithm)
    # A time beyond the calendar has failed step 5.
    if parsed.signed_s is None or parsed.signed_s > _LAST_S:
        return SignatureFailure(Reason.TIME)
    texts = signed_texts(parsed, request)
    if not any(_is_signature(key, parsed.signature, text) for text in texts):
        return SignatureFailure(Reason.INVALID, parsed.key_id)
    signed_at = datetime.fromtimestamp(parsed.signed_s, UTC)
    return Verified(key.key_id, key.owner, key.algorithm, signed_at)


def _is_signature(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether the signature is the key's over the message, by the primitive of its type."""
    if not isinstance(key.key, RSAPublicKey):
        return ed25519.is_signature(key.key, signature, message)
    try:
        key.key.verify(signature, message, _PADDING, _SHA256)
    except InvalidSignature:
        return False
    return True


def _is_timely(parsed: ParsedSignature, signed_s: int, now_s: float) -> bool:
    """Whether a signature is neither from the future nor outlived."""
    until_s = signed_s + LIFETIME_S
    if parsed.expires_s is not None:
        # SECURITY: an expiry that is not covered is anybody's, so it may only shorten;
        # tests/unit/protocol/signature/test_verify.py
        longest_s = LIFETIME_MAX_S if parsed.is_expiry_signed else LIFETIME_S
        until_s = min(parsed.expires_s, signed_s + longest_s)
    return signed_s <= now_s + SKEW_S and now_s <= until_s + SKEW_S

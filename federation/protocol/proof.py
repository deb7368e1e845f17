"""An author's word travels with its proof (FEP-8b32, `eddsa-jcs-2022`), whoever delivers it.

The signed bytes are SHA-256 of the canonical proof without `proofValue`, then SHA-256 of the
canonical document without `proof`. A Linked-Data `signature` is no part of either.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from federation.protocol import canonical_json, ed25519
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import as_list
from federation.protocol.timestamps import format_time, parse_time
from federation.protocol.uri import canonical

CRYPTOSUITE: Final = "eddsa-jcs-2022"
_SIGNATURE_BYTES = 64
_TIMES = frozenset({"created", "expires"})
_NEVER = datetime.max.replace(tzinfo=UTC)
_OUTSIDE_THE_PROOF = frozenset({"proof", "signature"})


class ProofFailure(Enum):
    """Why a proof does not hold; the value is safe for the sender."""

    MISSING = "there is no single eddsa-jcs-2022 proof"
    MALFORMED = "the proof has a part that is not of its form"
    CONTEXT = "the proof has another @context than the document"
    PURPOSE = "the proof is not an assertionMethod"
    EXPIRED = "the proof has expired"
    FOR_OTHERS = "the proof is bound to a domain or challenge that is not ours"
    WRONG = "the signature does not fit the document"


def add_proof(
    document: Mapping[str, Any], *, key: Ed25519PrivateKey, method: str, created: datetime
) -> dict[str, Any]:
    """Answer the document with a proof in place of any it had.

    Args:
        document: What is to be signed; its `@context` is repeated in the proof.
        key: The private half of `method`.
        method: The id of the key, listed in the actor's `assertionMethod`.
        created: The moment of signing.
    """
    bare = {name: value for name, value in document.items() if name not in _OUTSIDE_THE_PROOF}
    options: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": format_time(created),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    if "@context" in bare:
        options = {"@context": bare["@context"], **options}
    signature = key.sign(_signed_bytes(options, bare))
    value = "z" + canonical_json.base58_encode(signature)
    return {**bare, "proof": {**options, "proofValue": value}}


def verification_method(document: Mapping[str, Any]) -> str | None:
    """Answer the id of the key that is said to have made the proof, or None."""
    method = _proof_of(document).get("verificationMethod")
    try:
        return canonical(method, allow_http=True)
    except RemoteProtocolError:
        return None


def check_proof(
    document: Mapping[str, Any], *, key: Ed25519PublicKey, now: datetime
) -> ProofFailure | None:
    """Check the proof of a document by the key that its `verificationMethod` names.

    The caller has found that key in `assertionMethod` of the activity's actor.

    Source: groups-protocol.md 0.4; security.md 3
    """
    proof = _proof_of(document)
    failure = _check_options(proof, document, now)
    if failure is not None:
        return failure
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    bare = {name: value for name, value in document.items() if name not in _OUTSIDE_THE_PROOF}
    try:
        signature = _signature(proof.get("proofValue"))
        signed = _signed_bytes(options, bare)
    except RemoteProtocolError:
        return ProofFailure.MALFORMED
    return None if ed25519.is_signature(key, signature, signed) else ProofFailure.WRONG


def _proof_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer the one proof we can check, or an empty one; others beside it are not our business."""
    found = [
        proof
        for proof in as_list(document.get("proof"))
        if isinstance(proof, Mapping) and proof.get("cryptosuite") == CRYPTOSUITE
    ]
    return found[0] if len(found) == 1 else {}


def _check_options(
    proof: Mapping[str, Any], document: Mapping[str, Any], now: datetime
) -> ProofFailure | None:
    if not proof:
        return ProofFailure.MISSING
    if "@context" in proof and proof["@context"] != document.get("@context"):
        return ProofFailure.CONTEXT
    if proof.get("proofPurpose") != "assertionMethod":
        return ProofFailure.PURPOSE
    if "domain" in proof or "challenge" in proof:
        return ProofFailure.FOR_OTHERS
    return _check_form_and_time(proof, now)


def _check_form_and_time(proof: Mapping[str, Any], now: datetime) -> ProofFailure | None:
    try:
        moments = {name: parse_time(proof[name]) for name in _TIMES & proof.keys()}
    except RemoteProtocolError:
        return ProofFailure.MALFORMED
    if proof.get("type") != "DataIntegrityProof":
        return ProofFailure.MALFORMED
    return ProofFailure.EXPIRED if moments.get("expires", _NEVER) <= now else None


def _signature(value: object) -> bytes:
    if not isinstance(value, str) or not value.startswith("z"):
        raise RemoteProtocolError("a proof value is not base58btc")
    signature = canonical_json.base58_decode(value[1:])
    if len(signature) != _SIGNATURE_BYTES:
        raise RemoteProtocolError("a proof value is not 64 bytes")
    return signature


def _signed_bytes(options: dict[str, Any], bare: dict[str, Any]) -> bytes:
    return b"".join(
        hashlib.sha256(canonical_json.encode(canonical_json.with_known_context(part))).digest()
        for part in (options, bare)
    )

"""PURE: who brings a code shows that they have asked for it (RFC 7636); S256 and nothing else."""

import base64
import hashlib
import hmac
import re
from typing import Final

S256: Final = "S256"
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_challenge(text: str) -> bool:
    """Whether this is a SHA-256 as a client writes it."""
    return _CHALLENGE.fullmatch(text) is not None


def challenge_of(verifier: str) -> str:
    """What a client with this verifier has sent ahead."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_proved(challenge: str, verifier: str) -> bool:
    """Whether a verifier belongs to a challenge; each without the other is not.

    SECURITY: a verifier without a challenge is refused too: somebody has taken the challenge out of
    the question (RFC 9700 section 4.8.2); tests/oauth/test_codes.py.
    """
    if not challenge or not verifier:
        return not challenge and not verifier
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    return hmac.compare_digest(challenge_of(verifier), challenge)

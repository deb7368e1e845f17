"""Prints what signing and verifying a request costs beside the bare operations of the key.

Run with `python -m benchmarks.signatures`. A POST of 5.8 kB, as a message between nodes is, in each
scheme: composing and signing it, and judging it as an inbox does once the key is at hand. CPU is
counted; the reference is what `cryptography` takes for the operation alone, in the same run.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks._machine import about
from federation.protocol.keys import load_spki, spki_of
from federation.protocol.signature import verify
from federation.protocol.signature.parsed import Request, SignatureFailure
from federation.protocol.signature.scheme import claims_in
from federation.protocol.signature.sign import Scheme, SigningKey, sign_by

OWNER = "https://alpha.test/u/al"
URL = "https://beta.test/inbox"
BODY = b'{"type":"Create","content":"' + b"x" * 5_800 + b'"}'
NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
RUNS = 200
Key = RSAPrivateKey | Ed25519PrivateKey


class Trial:
    """One scheme with one key: four things that can be timed."""

    def __init__(self, scheme: Scheme, key: Key) -> None:
        self._key = key
        self._signer = SigningKey(scheme, f"{OWNER}#key", key)
        self._public = load_spki(spki_of(key.public_key()), key_id=f"{OWNER}#key", owner=OWNER)
        self._signature = self.sign_bare()
        headers = sign_by(self._signer, "POST", URL, BODY, NOW)
        headers["Content-Type"] = "application/activity+json"
        self._request = Request("POST", "/inbox", tuple(headers.items()), BODY)

    def sign_bare(self) -> bytes:
        """The operation of the key alone."""
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(BODY, PKCS1v15(), SHA256())
        return self._key.sign(BODY)

    def verify_bare(self) -> None:
        """Likewise."""
        if isinstance(self._key, RSAPrivateKey):
            self._key.public_key().verify(self._signature, BODY, PKCS1v15(), SHA256())
        else:
            self._key.public_key().verify(self._signature, BODY)

    def sign(self) -> None:
        """As a delivery is signed."""
        sign_by(self._signer, "POST", URL, BODY, NOW)

    def verify(self) -> None:
        """As an inbox judges it.

        Raises:
            TypeError: It does not hold.
        """
        claims = claims_in(self._request)
        if isinstance(claims, SignatureFailure):
            raise TypeError(claims)
        (claim,) = claims
        failure = verify.check_time_and_digest(claim, self._request, NOW)
        verdict = failure or verify.verify(claim, self._request, self._public)
        if isinstance(verdict, SignatureFailure):
            raise TypeError(verdict)


def cost_us(work: Callable[[], object]) -> float:
    """Microseconds of CPU for one of many."""
    began = time.thread_time()
    for _ in range(RUNS):
        work()
    return (time.thread_time() - began) / RUNS * 1e6


def compared(bare: Callable[[], object], whole: Callable[[], object], rounds: int) -> list[float]:
    """Both in microseconds and their ratio, the medians of rounds in which they take turns."""
    pairs = [(cost_us(bare), cost_us(whole)) for _ in range(rounds)]
    ratios = [after / before for before, after in pairs]
    medians = [statistics.median(pair[side] for pair in pairs) for side in (0, 1)]
    return [round(medians[0], 1), round(medians[1], 1), round(statistics.median(ratios), 2)]


def main() -> None:
    """Print a line for each scheme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    rsa, ed25519 = generate_private_key(65537, 2048), Ed25519PrivateKey.generate()
    for scheme in Scheme:
        trial = Trial(scheme, ed25519 if scheme is Scheme.RFC_9421_ED25519 else rsa)
        found = {
            "sign_us_and_ratio": compared(trial.sign_bare, trial.sign, rounds),
            "verify_us_and_ratio": compared(trial.verify_bare, trial.verify, rounds),
        }
        figure = {"benchmark": "signatures", "scheme": scheme.value, **found, "rounds": rounds}
        print(json.dumps({**figure, **about()}))


if __name__ == "__main__":
    main()

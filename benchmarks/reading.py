"""Prints what reading and checking a group message of four people costs on this machine.

Run with `python -m benchmarks.reading`. CPU time is counted, and the best of some rounds.
"""

import argparse
import json
import time
import timeit
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks._machine import about
from federation.activities.situation import json_text
from federation.protocol import canonical_json
from federation.protocol.parse import parse_activity
from federation.protocol.proof import add_proof, check_proof
from federation.protocol.strict_json import loads
from federation.protocol.uri import canonical
from tests.support.examples import group_message

RUNS = 500
REPEATS = 7
NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def best_us(work: Callable[[], object], rounds: int) -> float:
    """The fastest of some rounds: what else the machine does only adds."""
    taken = timeit.repeat(work, timer=time.process_time, number=RUNS, repeat=rounds)
    return min(taken) / RUNS * 1e6


def main() -> None:
    """Print a line for each step, in microseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=REPEATS)
    rounds = parser.parse_args().rounds
    method = "https://bob.example/u/bob#ed25519-key"
    message = add_proof(group_message(), key=KEY, method=method, created=NOW)
    body, public, signature = json_text(message).encode(), KEY.public_key(), KEY.sign(b"")
    machine = about()
    steps: dict[str, Callable[[], object]] = {
        "msgspec decode": lambda: msgspec.json.decode(body),
        "strict_json.loads": lambda: loads(body),
        "parse_activity": lambda: parse_activity(message),
        "uri.canonical, as it comes": lambda: canonical("https://bob.example/u/bob"),
        "uri.canonical, rebuilt": lambda: canonical("https://Bob.example/u/bob"),
        "canonical_json.encode": lambda: canonical_json.encode(message),
        "rfc8785": lambda: rfc8785.dumps(message),
        "Ed25519 verify": lambda: public.verify(signature, b""),
        "check_proof": lambda: check_proof(message, key=public, now=NOW),
        "add_proof": lambda: add_proof(message, key=KEY, method=method, created=NOW),
    }
    for name, work in steps.items():
        us = round(best_us(work, rounds), 1)
        figure = {"benchmark": "reading", "step": name, "us": us, "bytes": len(body)}
        print(json.dumps({**figure, "rounds": rounds, **machine}))


if __name__ == "__main__":
    main()

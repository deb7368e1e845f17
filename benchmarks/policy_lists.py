"""Prints how long it takes to read a list of a hundred thousand domains, and to write it again.

Run with `python -m benchmarks.policy_lists`. CPU is counted, in seconds.
"""

import argparse
import json
import statistics
import time
from datetime import UTC, datetime

from benchmarks._machine import about
from federation.policy.lists.entry import Listed, name_of, rules_of
from federation.policy.lists.formats import READERS
from federation.policy.lists.mastodon_csv import write_csv
from federation.policy.lists.said import said_by
from federation.policy.lists.written import write_toml
from federation.policy.problem import Source, Unreadable
from federation.policy.read_policy import RULES_MAX, read_policy

NOW = datetime(2026, 12, 1, tzinfo=UTC)
LINES = 100_000
SEVERITIES = ("suspend", "silence", "noop")
HEADER = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"


def csv() -> bytes:
    """A list as large servers share it: nearly every line has a comment."""
    lines = (
        f"d{n}.host{n % 977}.example,{SEVERITIES[n % 3]},{'true' if n % 2 else 'false'},false,"
        f'"Spam, ""{n}"" times",false\n'
        for n in range(LINES)
    )
    return (HEADER + "".join(lines)).encode()


def instance() -> bytes:
    """The same as a server publishes it."""
    blocks = [
        {"domain": f"d{n}.example", "severity": SEVERITIES[n % 2], "comment": f"Spam {n}"}
        for n in range(LINES)
    ]
    return json.dumps(blocks).encode()


def fires() -> bytes:
    """The same as a snapshot of FIRES."""
    changes = [
        {
            "id": f"https://fires.example/changes/{n}",
            "type": "Recommendation",
            "published": "2026-11-01T00:00:00Z",
            "entityKind": "domain",
            "entityKey": f"d{n}.example",
            "labels": ["https://fires.example/labels/1"],
            "recommendedPolicy": "drop",
            "recommendedFilters": [],
        }
        for n in range(LINES)
    ]
    return json.dumps({"orderedItems": changes}).encode()


def plain() -> bytes:
    """The same as names alone."""
    return "".join(f"d{n}.example\n" for n in range(LINES)).encode()


def read_s(kind: str, data: bytes) -> float:
    """How long a list takes to read.

    Raises:
        SystemExit: It cannot be read.
    """
    began = time.process_time()
    read = READERS[kind]("list", data)
    if isinstance(read, Unreadable):
        raise SystemExit(str(read.problems[0]))
    return time.process_time() - began


def write_s() -> float:
    """How long it takes to write as many rules as a policy may have.

    Raises:
        SystemExit: They cannot be read.
    """
    listed = READERS["plain"]("list", plain())
    if not isinstance(listed, Listed):
        raise SystemExit(str(listed.problems[0]))
    some = listed.entries[:RULES_MAX]
    tables = [each for one in some for each in rules_of(one, name_of(one, "l"))]
    policy = read_policy([Source("rules", write_toml(tables))])
    if isinstance(policy, Unreadable):
        raise SystemExit(str(policy.problems[0]))
    began = time.process_time()
    write_csv(said_by(policy.rules, NOW))
    return time.process_time() - began


def main() -> None:
    """Print a line for each format, and one for writing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    lists = {
        "mastodon-csv": csv(),
        "mastodon-instance": instance(),
        "fires": fires(),
        "plain": plain(),
    }
    for kind, data in lists.items():
        took = [read_s(kind, data) for _ in range(rounds)]
        _tell("read", kind, LINES, took)
    _tell("write", "mastodon-csv", RULES_MAX, [write_s() for _ in range(rounds)])


def _tell(what: str, kind: str, lines: int, took: list[float]) -> None:
    found = {
        "what": what,
        "format": kind,
        "lines": lines,
        "cpu_s": round(statistics.median(took), 2),
        "smallest_and_largest": [round(min(took), 2), round(max(took), 2)],
    }
    print(json.dumps({"benchmark": "policy_lists", **found, "rounds": len(took), **about()}))


if __name__ == "__main__":
    main()

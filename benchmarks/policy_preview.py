"""Prints how long the preview of a rule takes on a node that has been in use for years.

Run with `python -m benchmarks.policy_preview`. The node has a million messages, 20,000
conversations and 50,000 people on a thousand servers; all of these servers are below one domain,
so that a rule on it reaches everything, and each of them alone is reached by a rule of its own.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks._full_node import fill
from benchmarks._machine import about
from federation.policy.domains import is_below
from federation.queries.policy_preview import reach_of
from node.clock import Clock
from storage import migrate
from storage.database import opened
from storage.times import to_ms

AL = "https://alpha.test/u/al"
DOMAINS = ("h7.test", "test")
TEA = """
INSERT INTO conversation (id, uri, kind, is_home, title, created_at, changed_at)
VALUES ('01A', 'https://alpha.test/c/1', 'group', TRUE, 'tea', 0, 0)
"""


async def measure(url: str, rounds: int) -> list[dict[str, object]]:
    """The seconds for each domain."""
    found: list[dict[str, object]] = []
    async with opened(url):
        for domain in DOMAINS:
            took = []
            for _ in range(rounds):
                began = time.perf_counter()
                reach = await reach_of(partial(is_below, domain=domain), ["alpha.test"])
                took.append(time.perf_counter() - began)
            found.append(
                {
                    "domain": domain,
                    "hosts": reach.hosts,
                    "groups": len(reach.groups),
                    "seconds": round(statistics.median(took), 2),
                    "smallest_and_largest": [round(min(took), 2), round(max(took), 2)],
                }
            )
    return found


async def _make(url: str) -> None:
    async with opened(url):
        await migrate.apply("0" * 32)


def main() -> None:
    """Print a line for each domain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "covey.db"
        url = f"sqlite://{path}"
        asyncio.run(_make(url))
        _fill(path, options.messages)
        for each in asyncio.run(measure(url, options.rounds)):
            told = {"messages": options.messages, **each, "rounds": options.rounds}
            print(json.dumps({"benchmark": "policy_preview", **told, **about()}))


def _fill(path: Path, messages: int) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(TEA)
    sizes = {"places": max(messages // 50, 20), "actors": max(messages // 20, 20)}
    fill(path, AL, to_ms(Clock().now()), messages=messages, **sizes)


if __name__ == "__main__":
    main()

"""Prints what it costs to judge a message by the rules of an operator, beside judging by none.

Run with `python -m benchmarks.policy`. The facts are those of a stranger's message; CPU is counted,
in microseconds for one judgement. `named` rules are for domains or people by name, which is what
long lists are made of; `others` ask about everybody and are tried each time.
"""

import argparse
import json
import statistics
import time
from datetime import UTC, datetime, timedelta

from benchmarks._machine import about
from federation.policy.chain import judge
from federation.policy.facts import Facts, Value
from federation.policy.order import Chain, arrange
from federation.policy.problem import Source, Unreadable
from federation.policy.read_policy import read_policy

NOW = datetime(2026, 12, 1, tzinfo=UTC)
RUNS = 300
DOMAINS_EACH = 100
KNOWN: dict[str, Value] = {
    "domain": ("chat.d77.example",),
    "domain_first_seen": timedelta(days=40),
    "software": "mastodon",
    "aware": False,
    "actor": ("https://chat.d77.example/users/ana", "@ana@chat.d77.example"),
    "actor_name": ("Ana", "ana"),
    "actor_first_seen": timedelta(hours=30),
    "type": "Create",
    "relation": "stranger",
    "recipients": 3,
    "mentions": 2,
    "links": 1,
    "attachments": 0,
    "text": "Would anybody like to come for a walk by the river on Saturday afternoon? " * 3,
    "text_length": 222,
}
# Of each kind in turn.
OTHERS = (
    'stage = "behaviour"\nwhen.relation = "contact"\nwhen.recipients = ">{n}"',
    'stage = "behaviour"\nwhen.relation = "stranger"\nwhen.links = ">{n}"',
    'stage = "actor"\nwhen.actor_first_seen = "<{n}s"',
    'stage = "content"\nwhen.text = "(?i)casino{n}.{{0,20}}bonus"',
)


def named(count: int) -> str:
    """Rules for domains by name, which hold so many domains in all."""
    texts = []
    for number in range(count):
        names = ", ".join(f'"d{number * DOMAINS_EACH + at}.example"' for at in range(DOMAINS_EACH))
        texts.append(
            f'[[rule]]\nid = "named-{number}"\nstage = "domain"\nwhen.domain = [{names}]\n'
            'action = "request"\n'
        )
    return "".join(texts)


def others(count: int) -> str:
    """Rules that ask about everybody."""
    return "".join(
        f'[[rule]]\nid = "other-{n}"\n{OTHERS[n % len(OTHERS)].format(n=n + 10)}\naction = "hold"\n'
        for n in range(count)
    )


def chain_of(text: str) -> tuple[Chain, float]:
    """Rules that are ready, and the seconds it took to read them.

    Raises:
        SystemExit: They cannot be read.
    """
    began = time.thread_time()
    read = read_policy([Source("rules.toml", text)])
    if isinstance(read, Unreadable):
        raise SystemExit(str(read.problems[0]))
    return arrange(read), time.thread_time() - began


def cost_us(chain: Chain) -> float:
    """Of one judgement, the mean of many."""
    facts = Facts(NOW, KNOWN)
    began = time.thread_time()
    for _ in range(RUNS):
        judge(chain, facts)
    return (time.thread_time() - began) / RUNS * 1e6


def main() -> None:
    """Print a line for each set of rules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    none, _ = chain_of("")
    for by_name, for_all in ((1_000, 0), (1_000, 12), (0, 100), (0, 1_000)):
        # What many rules cost is seen; that they go over the budget is not what is asked.
        chain, read_s = chain_of(
            '[policy]\nrule_timeout = "1s"\n' + named(by_name) + others(for_all)
        )
        pairs = [(cost_us(none), cost_us(chain)) for _ in range(rounds)]
        more = [after - before for before, after in pairs]
        found = {
            "rules_named": by_name,
            "domains": by_name * DOMAINS_EACH,
            "rules_others": for_all,
            "without_us": round(statistics.median(before for before, _ in pairs), 1),
            "more_us": round(statistics.median(more), 1),
            "smallest_and_largest": [round(min(more), 1), round(max(more), 1)],
            "read_s": round(read_s, 2),
        }
        print(json.dumps({"benchmark": "policy", **found, "rounds": rounds, **about()}))


if __name__ == "__main__":
    main()

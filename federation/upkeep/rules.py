"""What rules hold gets free in time, and what they have decided is forgotten in time."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from federation.commands.held import release_due
from federation.commands.purge import purge_due
from federation.commands.rule_notices import note_soon
from federation.commands.settle_rules import settle
from federation.commands.shields import note_end
from federation.pipeline.campaigns import KEPT_FOR
from federation.policy.domains import Rules
from storage import held, policy_buckets, policy_decisions, policy_texts

# A decision of a moderator is remembered for as long as a message may come again.
DECIDED_FOR: Final = timedelta(days=60)
# As requests that nobody answers (chat-ux.md 9.5).
HELD_FOR: Final = timedelta(days=30)
ROUNDS: Final = 20


async def run_once(rules: Rules, *, new_id: Callable[[], str], now: datetime) -> None:
    """Let go of what has waited long enough, and empty what is old."""
    await settle(rules, new_id=new_id, now=now)
    retention = rules.chain.policy.trace_retention
    works: tuple[Callable[[], Awaitable[int]], ...] = (
        lambda: note_soon(rules.chain.policy.rules, now),
        lambda: note_end(new_id=new_id, now=now),
        lambda: release_due(new_id=new_id, now=now),
        lambda: held.reap(now - DECIDED_FOR, now - HELD_FOR),
        lambda: purge_due(rules.chain.policy, now),
        lambda: policy_buckets.reap(now),
        lambda: policy_decisions.reap(now - retention),
        lambda: policy_texts.reap(now - KEPT_FOR),
    )
    for work in works:
        for _ in range(ROUNDS):
            if not await work():
                break

"""What rules say of who sends, before the answer: that it is refused, why, or when to come again.

It is judged from what is stored of the sender; for whom something is, is known only when it is
filed.

Source: policy.md 2, 4
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.inbound.status import Reply, dropped
from federation.pipeline.buckets import owners_of
from federation.pipeline.case import NOT_JUDGED
from federation.pipeline.judging import tell
from federation.pipeline.policy_facts import known_of_sender, load_senders
from federation.pipeline.ruling import About, Means, remembered
from federation.policy.asked import BEFORE
from federation.policy.buckets import Level, level_at, wait_for
from federation.policy.chain import judge
from federation.policy.decision import Decision
from federation.policy.disclosure import NOTHING, disclosed
from federation.policy.domains import Rules
from federation.policy.facts import Facts
from federation.policy.rule import Action
from federation.protocol.activity import Activity
from storage import actors, policy_buckets
from storage.actors import StoredActor
from storage.policy_decisions import Decided

TURNED_AWAY: Final = frozenset({Action.LIMIT, Action.REJECT, Action.DROP})


@dataclass(frozen=True, slots=True)
class Turned:
    """A request that is turned away, and what is remembered of it."""

    reply: Reply
    decided: Decided


class Early:
    """Judges who sends by the rules of the stages `domain` and `actor`.

    Args:
        rules: In force.
        new_id: Makes ids.
        count: Counts what is decided.
    """

    def __init__(
        self, rules: Callable[[], Rules], new_id: Callable[[], str], count: Callable[[str], object]
    ) -> None:
        self._rules, self._new_id, self._count = rules, new_id, count

    async def judge(self, activity: Activity, now: datetime) -> Turned | None:
        """Why what arrived is turned away, or None: then it is judged when it is filed."""
        rules = self._rules()
        # PERF: without such rules a request asks the database for nothing more.
        if not rules.early.is_anything or activity.type in NOT_JUDGED:
            return None
        speaker = await actors.find_actor(activity.actor)
        if speaker is None or speaker.local or speaker.kind == "conversation":
            return None
        background = await load_senders([activity.actor], rules.early.facts, now)
        known = known_of_sender(activity, speaker, background, rules, now)
        levels = await _levels(rules, speaker, now)
        empty = frozenset(rule for rule, tokens in levels.items() if tokens < 1)
        decision = judge(rules.chain, Facts(now, known, empty_buckets=empty), stages=BEFORE)
        if decision.action not in TURNED_AWAY:
            return None
        tell(decision, self._count)
        about = About(activity.id, activity.actor, speaker.host)
        means = Means(self._new_id, now, rules.version)
        decided = remembered(about, decision, decision.action, known, means)
        return Turned(_reply(decision, rules, levels), decided)


def _reply(decision: Decision, rules: Rules, levels: Mapping[str, float]) -> Reply:
    rule = decision.rule
    if decision.action is Action.DROP:
        return dropped("a rule drops it")
    if decision.action is Action.LIMIT and rule is not None and rule.limit is not None:
        wait = wait_for(rule.limit, levels[rule.id]).total_seconds()
        return Reply(429, "too much of this", retry_after_s=max(1, -int(-wait // 1)))
    told = NOTHING
    if rule is not None:
        told = disclosed(rules.chain.policy, rule.category, rule.public_reason)
    return Reply(403, told.reason, "kept out", problem="refused", category=told.category)


async def _levels(rules: Rules, speaker: StoredActor, now: datetime) -> Mapping[str, float]:
    """How many tokens are left for this sender, by rule; nothing is taken yet."""
    limits = rules.early.limits
    if not limits:
        return {}
    owners = owners_of(speaker.host, speaker.uri, "")
    held = await policy_buckets.left(sorted(limits), sorted({*owners.values()} - {""}))
    found: dict[str, float] = {}
    for rule, limit in limits.items():
        row = held.get((rule, owners.get(limit.key, "")))
        found[rule] = level_at(limit, Level(*row) if row is not None else None, now)
    return found

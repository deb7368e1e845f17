"""Tokens of rules with a limit are counted in the transaction that files what takes them.

Source: policy.md 4
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from federation.pipeline.case import Case
from federation.policy.buckets import Level, full_at, level_at
from federation.policy.decision import Decision
from federation.policy.rule import Limit
from storage import policy_buckets
from storage.policy_buckets import Bucket


@dataclass(slots=True)
class Buckets:
    """What is left while a batch is judged."""

    limits: Mapping[str, Limit]
    levels: dict[Bucket, float] = field(default_factory=dict)

    def empty(self, case: Case, person: str) -> frozenset[str]:
        """The rules of which there is no token for this person's copy."""
        if not self.limits:
            return frozenset()
        owners = _owners(case, person)
        return frozenset(
            rule
            for rule, limit in self.limits.items()
            if limit.key in owners and self._left((rule, owners[limit.key])) < 1
        )

    def take(self, case: Case, decisions: Mapping[str, Decision]) -> frozenset[Bucket]:
        """Take one token for each bucket, however many people a message is for."""
        taken = {
            (rule, _owners(case, person)[self.limits[rule].key])
            for person, decision in decisions.items()
            for rule in decision.tokens
            if rule in self.limits and self.limits[rule].key in _owners(case, person)
        }
        for bucket in taken:
            self.levels[bucket] = self._left(bucket) - 1
        return frozenset(taken)

    def _left(self, bucket: Bucket) -> float:
        return self.levels.get(bucket, float(self.limits[bucket[0]].burst))


async def load_buckets(
    cases: Collection[Case], limits: Mapping[str, Limit], now: datetime
) -> Buckets:
    """What is left in the buckets that these cases may take from."""
    buckets = Buckets(limits)
    if not limits:
        return buckets
    owners = {owner for one in cases for person in one.persons for owner in _all(one, person)}
    for bucket, row in (await policy_buckets.taken(sorted(limits), sorted(owners))).items():
        buckets.levels[bucket] = level_at(limits[bucket[0]], Level(*row), now)
    return buckets


async def take_for_good(
    taken: Sequence[Bucket], limits: Mapping[str, Limit], now: datetime
) -> None:
    """Write what is left after these tokens were taken."""
    if not taken:
        return
    rules, owners = {rule for rule, _ in taken}, {owner for _, owner in taken}
    rows = await policy_buckets.taken(sorted(rules), sorted(owners))
    left: dict[Bucket, float] = {}
    for bucket in taken:
        row = rows.get(bucket)
        level = level_at(limits[bucket[0]], Level(*row) if row is not None else None, now)
        left[bucket] = max(0.0, left.get(bucket, level) - 1)
    levels = {
        bucket: (tokens, full_at(limits[bucket[0]], tokens, now)) for bucket, tokens in left.items()
    }
    await policy_buckets.put(levels, now)


def owners_of(host: str, author: str, person: str) -> Mapping[str, str]:
    """Whose bucket it is, by the key of a limit."""
    return {"domain": host, "actor": author, "recipient": person}


def _owners(case: Case, person: str) -> Mapping[str, str]:
    return owners_of(case.host, case.author, person)


def _all(case: Case, person: str) -> Collection[str]:
    return _owners(case, person).values()

"""PURE: what rules change in how people here see what comes from elsewhere.

By the name of a host it is asked when somebody looks. Rules that ask for more have had their say
when a message was filed, and count for as long as they are in force.

Source: policy.md 4
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from federation.policy.chain import judge
from federation.policy.conditions import host_name
from federation.policy.facts import Facts, Stage
from federation.policy.order import Chain
from federation.policy.rule import MARKING, Effect, Mode

REMEMBERED: Final = 10_000
NOTHING: Final[frozenset[Effect]] = frozenset()
# Rules that are over are left out of a set before it judges (`Rules`).
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a set of rules changes.

    Attributes:
        own_hosts: Names of this node, of which nothing is kept back.
    """

    chain: Chain
    own_hosts: frozenset[str] = frozenset()
    _shows: Mapping[str, frozenset[Effect]] = field(init=False, compare=False, repr=False)
    _marks: frozenset[str] = field(init=False, compare=False, repr=False)
    # PERF: a host is asked about for each message and each person that is shown.
    _known: dict[str, frozenset[Effect]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        ready = (each for stage in self.chain.stages.values() for each in stage.rules)
        rules = [each.rule for each in ready if each.mode is Mode.ENFORCE]
        object.__setattr__(self, "_shows", {rule.id: rule.show for rule in rules})
        marks = frozenset(rule.id for rule in rules if rule.action in MARKING)
        object.__setattr__(self, "_marks", marks)

    def of(self, host: str, limited_by: Iterable[str] = ()) -> frozenset[Effect]:
        """What is shown otherwise of what comes from a host.

        Args:
            host: Whose word it is.
            limited_by: Rules that said so when it was filed; one that is no more says nothing.
        """
        policy = self.chain.policy
        name = host_name(host)
        if policy.mode is not Mode.ENFORCE or name in self.own_hosts:
            return NOTHING
        named = self._by_name(name) if self.chain.stages[Stage.DOMAIN].rules else NOTHING
        return named.union(*(self._shows.get(rule, NOTHING) for rule in limited_by))

    def is_marked(self, limited_by: Iterable[str]) -> bool:
        """Whether a rule has made a request of it, or held it until a moderator let it go.

        Source: policy.md 8
        """
        is_asked = self.chain.policy.mode is Mode.ENFORCE
        return is_asked and not self._marks.isdisjoint(limited_by)

    def _by_name(self, name: str) -> frozenset[Effect]:
        if name not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            facts = Facts(_NO_TIME, {"domain": name})
            self._known[name] = judge(self.chain, facts, stages=(Stage.DOMAIN,)).show
        return self._known[name]

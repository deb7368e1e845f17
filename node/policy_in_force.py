"""The rules of the operator hold in every process within two seconds of being made.

They are few and asked for with each request, so each process has them in memory as one `Rules`,
made of three things: what the configuration and its files say, the rules that are stored, and the
blocked domains. The database names the set that is stored, and the reading of the files that holds;
whoever changes one of them rings a bell.

Source: policy.md 7
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from federation.commands.block_domain import blocked_domains
from federation.policy.domains import DomainRule, Rules, find_rule, rules_of
from federation.policy.merge import merged
from federation.policy.problem import Unreadable
from federation.policy.rule import Policy
from federation.policy.shields import Raised, with_shields
from federation.queries.shields import find_shields
from federation.queries.stored_rules import stored_rules
from node.config.rules import rules_in_force
from node.config.sections import Config
from storage.errors import StorageUnavailable
from storage.policy_rules import Versions, find_versions
from storage.tally import Tally

log = logging.getLogger(__name__)

LOOK_EVERY: Final = timedelta(seconds=1)
# Stage, action and mode of what the rules decide where something would be fetched.
KEPT_OUT: Final = "fetch reject enforce"


def policy_of(config: Config, now: Callable[[], datetime], tally: Tally | None) -> "PolicyInForce":
    """The rules of a node with this configuration, not read yet."""
    names = config.server.names
    return PolicyInForce(now, tally, partial(rules_in_force, config.file, names), names)


async def read_now(config: Config, now: Callable[[], datetime]) -> Rules:
    """The rules that hold for a node with this configuration; for a command beside it."""
    policy = policy_of(config, now, None)
    await policy.refresh()
    return policy.rules()


class PolicyInForce:
    """What this process knows of the rules.

    Args:
        now: The clock.
        tally: Counts what is kept out.
        read_files: Reads the rules of the configuration and of its files.
        own_hosts: Names of this node.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        tally: Tally | None = None,
        read_files: Callable[[], Policy | Unreadable] = Policy,
        own_hosts: Sequence[str] = (),
    ) -> None:
        self._now, self._tally = now, tally or Tally()
        self._read_files, self._own_hosts = read_files, own_hosts
        self._rules: Rules | None = None
        self._versions: Versions | None = None
        self._written: Policy | None = None
        self._policy = Policy()
        self._blocked: tuple[DomainRule, ...] = ()
        self._over: Collection[str] = ()
        self._shields: Raised | None = None
        self._is_raised = False
        self._is_read = False
        self._looked_at: datetime | None = None

    def rules(self) -> Rules:
        """The rules that hold.

        Raises:
            StorageUnavailable: They were not or could not be read: nothing is let in or out.
        """
        if not self._is_read or self._rules is None:
            raise StorageUnavailable("the rules of the operator cannot be read")
        return self._rules

    def last_rules(self) -> Rules:
        """The rules as they were last read, for what is asked before anything is.

        Raises:
            StorageUnavailable: They were never read.
        """
        return self._rules if self._rules is not None else self.rules()

    def shields(self) -> Raised | None:
        """Protection that is raised now."""
        held = self._shields
        return held if held is not None and held.holds(self._now()) else None

    def written(self) -> Policy:
        """What the configuration and its files say.

        Raises:
            StorageUnavailable: They were not read yet.
        """
        if self._written is None:
            raise StorageUnavailable("the rules of the operator were not read yet")
        return self._written

    def keeps_out(self, host: str) -> bool:
        """Whether nothing goes to a host; raises as `rules`."""
        is_kept_out = find_rule(self.rules(), host) is not None
        if is_kept_out:
            self._tally.policy.add(KEPT_OUT)
        return is_kept_out

    async def refresh(self) -> None:
        """Read the rules if they have changed, and leave out those that are over."""
        is_read = False
        try:
            # A change between the two is found at the next look.
            versions = await find_versions()
            if versions != self._versions:
                await self._read(versions)
            self._arrange()
            is_read = self._rules is not None
        finally:
            self._is_read = is_read

    async def _read(self, versions: Versions) -> None:
        stored, blocked = await stored_rules(), await blocked_domains()
        self._shields = await find_shields()
        held = self._versions
        if self._written is None or held is None or held.files != versions.files:
            self._written = await self._read_written()
        if self._written is not None:
            self._policy, self._blocked = merged(self._written, stored), blocked
            self._rules = None
        self._versions = versions

    async def _read_written(self) -> Policy | None:
        """What the files say; with a mistake in them what they said before."""
        read = await asyncio.to_thread(self._read_files)
        if not isinstance(read, Unreadable):
            return read
        log.error(
            "files with rules have mistakes; what held before holds on",
            extra={"action": "policy.unreadable", "why": str(read.problems[0])},
        )
        return self._written

    def _arrange(self) -> None:
        """Make a set of the rules that are not over, unless it is the one that holds."""
        now = self._now()
        over = {rule.id for rule in self._policy.rules if rule.is_over(now)}
        if self._written is None or self._versions is None:
            return
        is_raised = self._shields is not None and self._shields.holds(now)
        if self._rules is None or (over, is_raised) != (self._over, self._is_raised):
            self._over, self._is_raised = over, is_raised
            self._rules = rules_of(
                with_shields(self._policy) if is_raised else self._policy,
                self._blocked,
                now=now,
                version=self._versions.stored,
                own_hosts=self._own_hosts,
            )

    async def run_once(self, now: datetime) -> bool:
        """Look; there is never more to do at once."""
        self._looked_at = now
        await self.refresh()
        return False

    async def find_next_due(self) -> datetime | None:
        """When to look again."""
        return None if self._looked_at is None else self._looked_at + LOOK_EVERY

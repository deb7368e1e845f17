"""The rules of the operator hold in every process within two seconds of being made.

They are few and asked for with each request, so each process has them in memory; the database names
the set that holds, and whoever changes it rings a bell.

Source: policy.md 7
"""

from datetime import datetime, timedelta
from typing import Final

from federation.commands.block_domain import rules_in_force
from federation.policy.domains import NO_RULES, Rules, find_rule
from storage.errors import StorageUnavailable
from storage.policy_rules import find_version
from storage.tally import Tally

LOOK_EVERY: Final = timedelta(seconds=1)
# Stage, action and mode of what the rules decide where something would be fetched.
KEPT_OUT: Final = "fetch reject enforce"


class PolicyInForce:
    """What this process knows of the rules."""

    def __init__(self, tally: Tally | None = None) -> None:
        self._tally = tally or Tally()
        self._rules = NO_RULES
        self._version = ""
        self._is_read = False
        self._looked_at: datetime | None = None

    def rules(self) -> Rules:
        """The rules that hold.

        Raises:
            StorageUnavailable: They were not or could not be read: nothing is let in or out.
        """
        if not self._is_read:
            raise StorageUnavailable("the rules of the operator cannot be read")
        return self._rules

    def keeps_out(self, host: str) -> bool:
        """Whether nothing goes to a host; raises as `rules`."""
        is_kept_out = find_rule(self.rules(), host) is not None
        if is_kept_out:
            self._tally.policy.add(KEPT_OUT)
        return is_kept_out

    async def refresh(self) -> None:
        """Read the rules if they have changed."""
        is_read = False
        try:
            # A change between the two is found at the next look.
            version = await find_version()
            if version != self._version:
                self._rules = await rules_in_force()
                self._version = version
            is_read = True
        finally:
            self._is_read = is_read

    async def run_once(self, now: datetime) -> bool:
        """Look; there is never more to do at once."""
        self._looked_at = now
        await self.refresh()
        return False

    async def find_next_due(self) -> datetime | None:
        """When to look again."""
        return None if self._looked_at is None else self._looked_at + LOOK_EVERY

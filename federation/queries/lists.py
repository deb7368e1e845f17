"""The lists that the operator has subscribed to, and how it is with each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from federation.policy.lists.subscribed import Subscription, subscription_of
from federation.policy.rule import Policy, RuleList
from storage import policy_lists
from storage.policy_lists import ListRow

CIDR: Final = "cidr"
# From so many tries on it is a warning.
TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class ListView:
    """A list.

    Attributes:
        wish: What the configuration says; None where it does not name it any more.
        row: How it is with it.
    """

    wish: Subscription | None
    row: ListRow

    @property
    def is_worrying(self) -> bool:
        """Whether somebody should look at it."""
        is_withheld = bool(self.row.trouble) and not self.row.failures
        return is_withheld or self.row.failures >= TRIES


def subscriptions_in(policy: Policy) -> Sequence[Subscription]:
    """The lists of a configuration that bring rules."""
    return [_subscription(one) for one in policy.lists if one.format != CIDR]


def _subscription(written: RuleList) -> Subscription:
    """A list as it is subscribed to; a file lies beside the one that names it."""
    wish = subscription_of(written)
    if not wish.is_file:
        return wish
    return replace(wish, place=str(Path(written.place.file).parent / wish.place))


async def list_lists(policy: Policy) -> list[ListView]:
    """Every list of the configuration, and those that it does not name any more, by name."""
    wishes = {wish.id: wish for wish in subscriptions_in(policy)}
    rows = {row.id: row for row in await policy_lists.listed()}
    return [
        ListView(wishes.get(name), rows.get(name) or ListRow(name))
        for name in sorted(wishes.keys() | rows.keys())
    ]

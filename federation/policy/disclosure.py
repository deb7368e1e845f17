"""PURE: what who sends may learn of why it is refused.

Source: policy.md 4, 12
"""

from typing import Final, NamedTuple

from federation.policy.rule import Policy


class Disclosed(NamedTuple):
    """What the answer says besides that it is a refusal; "" for nothing."""

    category: str = ""
    reason: str = ""


NOTHING: Final = Disclosed()


def disclosed(policy: Policy, category: str, public_reason: str) -> Disclosed:
    """What a rule's category and reason become for the sender."""
    to_sender = policy.tables.get("disclosure", {}).get("to_sender", "category")
    if to_sender == "none":
        return NOTHING
    return Disclosed(category, public_reason if to_sender == "full" else "")

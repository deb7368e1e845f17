"""PURE: who may learn what is refused and why: who sends, the people here, and everybody.

Source: policy.md 4, 12
"""

from enum import StrEnum
from typing import Final, NamedTuple

from federation.policy.rule import Policy


class Disclosed(NamedTuple):
    """What the answer says besides that it is a refusal; "" for nothing."""

    category: str = ""
    reason: str = ""


NOTHING: Final = Disclosed()


class Audience(StrEnum):
    """Who may read which servers are limited."""

    NOBODY = "nobody"
    MEMBERS = "members"
    PUBLIC = "public"


def disclosed(policy: Policy, category: str, public_reason: str) -> Disclosed:
    """What a rule's category and reason become for the sender."""
    to_sender = policy.tables.get("disclosure", {}).get("to_sender", "category")
    if to_sender == "none":
        return NOTHING
    return Disclosed(category, public_reason if to_sender == "full" else "")


def for_members(policy: Policy, public_reason: str) -> str:
    """What of a reason the people here read; "" for nothing."""
    return public_reason if policy.tables.get("disclosure", {}).get("to_members", True) else ""


def audience_of(policy: Policy) -> Audience:
    """Who may read which servers are limited; members, if nothing is said."""
    return Audience(str(policy.tables.get("disclosure", {}).get("publish_list", Audience.MEMBERS)))

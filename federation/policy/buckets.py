"""PURE: how many tokens are in a bucket, and when it is full again.

Source: policy.md 4, 12
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from federation.policy.rule import Limit


class Level(NamedTuple):
    """How many tokens there were at a time."""

    tokens: float
    at: datetime


def level_at(limit: Limit, held: Level | None, now: datetime) -> float:
    """How many tokens are there now; a bucket that nobody has used is full.

    A clock that was put back takes nothing away.
    """
    if held is None:
        return float(limit.burst)
    passed = max(timedelta(0), now - held.at)
    return min(float(limit.burst), held.tokens + passed / limit.rate.per * limit.rate.tokens)


def full_at(limit: Limit, tokens: float, now: datetime) -> datetime:
    """When a bucket with so many tokens will be full."""
    missing = max(0.0, limit.burst - tokens)
    return now + limit.rate.per * (missing / limit.rate.tokens)


def wait_for(limit: Limit, tokens: float) -> timedelta:
    """How long it takes until there is a whole token."""
    return limit.rate.per * (max(0.0, 1 - tokens) / limit.rate.tokens)

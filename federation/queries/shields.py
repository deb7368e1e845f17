"""Whether protection is raised, since when, until when and why."""

from datetime import datetime

from federation.policy.shields import Raised
from storage import shields


async def find_shields() -> Raised | None:
    """What somebody has raised, also where it has just ended; None for nothing."""
    found = await shields.find()
    return Raised(*found) if found is not None else None


async def find_shields_now(now: datetime) -> Raised | None:
    """What is raised at a time."""
    held = await find_shields()
    return held if held is not None and held.holds(now) else None

"""What entries wait for, and no repair asks for, is asked for again, so that none waits in vain.

A repair is not kept while the share of its cause is full (storage/asks.py), and one that was
given up may have left entries behind that came later.
"""

from datetime import datetime
from typing import Final

from federation.inbound.repair import CONVERSATION_GIVE_UP_AFTER
from federation.pipeline import accounts
from federation.pipeline.batch import COMES
from federation.pipeline.prepare import Tools
from storage import asks, inbox_aside
from storage.asks import NewRepair
from storage.database import transaction, wake
from storage.inbox_aside import Missing

A_ROUND: Final = 500

# Where a round begins: behind this `waits_for` and actor.
Place = tuple[str, str]
START: Final[Place] = ("", "")


async def ask_again(after: Place, tools: Tools, now: datetime) -> Place:
    """Ask for some of what entries wait for; answer where the next round goes on.

    What is asked for already stays as it is. Of several who wait for the same, the first who has
    room is its cause.
    """
    found = await inbox_aside.missing(after, but=f"{COMES}:", limit=A_ROUND)
    async with transaction():
        rows = [_repair(one, tools, now) for one in found if not _is_given_up(one, now)]
        await asks.insert(rows)
        await wake("repair")
    return START if len(found) < A_ROUND else (found[-1].waits_for, found[-1].actor_uri)


def _repair(missing: Missing, tools: Tools, now: datetime) -> NewRepair:
    kind, _, subject = missing.waits_for.partition(":")
    is_ours = tools.space.is_ours(missing.actor_uri)
    cause = "" if is_ours else accounts.owner_of(missing.actor_uri)
    asked = accounts.asked_of(kind, subject)
    return NewRepair(tools.new_id(), kind, subject, now, asked, cause)


def _is_given_up(missing: Missing, now: datetime) -> bool:
    """Whether it is a group that was to be seen within an hour (groups-protocol.md 5.1.2)."""
    is_view = missing.waits_for.startswith("conversation:")
    return is_view and now - missing.received_at > CONVERSATION_GIVE_UP_AFTER

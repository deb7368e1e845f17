"""What rules hold, for who moderates this node: who, where from and why, and no word of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from federation.protocol.strict_json import loads
from storage import held


@dataclass(frozen=True, slots=True)
class HeldView:
    """A held item.

    Attributes:
        person: Whom it is for; "" for nobody in particular.
        facts: From which the rule was judged: values and counts, never what people wrote.
        due_at: When it gets free by itself, None for never.
    """

    id: str
    actor: str
    person: str
    host: str
    rule: str
    type: str
    facts: Mapping[str, object]
    due_at: datetime | None
    held_at: datetime


async def list_held(*, after: str = "", limit: int) -> list[HeldView]:
    """What waits for a moderator, the oldest first."""
    return [
        HeldView(
            *(one.id, one.actor_uri, one.person, one.host, one.rule_id, one.type),
            *(loads((one.facts or "{}").encode()), one.due_at, one.held_at),
        )
        for one in await held.listed(after=after, limit=limit)
    ]


async def count_held() -> int:
    """How much waits."""
    return (await held.count())[0]


async def ids_of_host(host: str) -> list[str]:
    """What waits from a host."""
    return await held.ids_of_host(host)

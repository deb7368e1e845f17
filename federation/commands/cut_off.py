"""What waits for hosts that nothing goes to any more ends unsent, and its authors are told.

It happens in the transaction that changes the rules: no request begins after its commit.

Source: policy.md 4, 7
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from federation.policy.statement import is_last_word
from federation.protocol.strict_json import loads
from storage import delivery_events, policy_rules
from storage.database import Row
from storage.delivery_events import Ended

# Why nothing goes to a host, as authors read it; "" if it goes.
WhyNot = Callable[[str], str]


async def ending(why_not: WhyNot) -> dict[str, list[str]]:
    """By reason the deliveries that end: all that wait, but for who leaves a group there."""
    hosts = [host for host in await policy_rules.hosts_waited_for() if why_not(host)]
    found: dict[str, list[str]] = defaultdict(list)
    for row in await policy_rules.waiting_for(hosts):
        if not _is_last_word(row):
            found[why_not(row["host"])].append(row["id"])
    return found


async def end(waiting: dict[str, list[str]], now: datetime) -> int:
    """No request begins any more that waited; answers how many there were.

    Transaction: expects to run inside the one that changes the rules.
    """
    count = 0
    for reason, ids in waiting.items():
        ended = await policy_rules.end_waiting(ids, reason, now)
        count += len(ended)
        await delivery_events.tell(_told(ended, reason), now)
    return count


def _told(ended: Sequence[Row], reason: str) -> list[Ended]:
    return [
        Ended(
            author_uri=row["actor_uri"],
            conversation_id=row["conversation_id"],
            message_id=row["message_id"],
            host=row["host"],
            state=row["state"],
            aware=bool(row["aware"]),
            reason=reason,
        )
        for row in ended
        if row["message_id"]
    ]


def _is_last_word(row: Row) -> bool:
    return bool(row["leave"]) and is_last_word(loads(row["leave"].encode()), row["host"])

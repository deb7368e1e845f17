"""Files with rules are read again by every process, and what may not go any more ends unsent.

Source: policy.md 7
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from federation.commands import cut_off
from federation.policy.domains import Rules, why_not_delivered
from storage import policy_rules
from storage.database import transaction


async def reload_rules(rules: Rules, *, new_id: Callable[[], str], now: datetime) -> int:
    """Let the files hold as they are now; answers how many deliveries ended.

    Args:
        rules: What will hold.
        new_id: Names the reading.
        now: When.
    """
    async with transaction():
        waiting = await cut_off.ending(partial(why_not_delivered, rules))
        ended = await cut_off.end(waiting, now)
        await policy_rules.reload_files(new_id())
    return ended

"""Files with rules are read again by every process, and what is parted by them parts at once.

Source: policy.md 7
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from federation.commands import cut_off
from federation.commands.settle_rules import Settled, settle
from federation.policy.domains import Rules, why_not_delivered
from storage import policy_rules
from storage.database import transaction


async def reload_rules(rules: Rules, *, new_id: Callable[[], str], now: datetime) -> Settled:
    """Let the files hold as they are now; answers what that has ended.

    Args:
        rules: What will hold.
        new_id: Names the reading.
        now: When.
    """
    async with transaction():
        waiting = await cut_off.ending(partial(why_not_delivered, rules))
        ended = await cut_off.end(waiting, now)
        settled = await settle(rules, new_id=new_id, now=now)
        await policy_rules.reload_files(new_id())
    return Settled(settled.parted, ended + settled.waiting)

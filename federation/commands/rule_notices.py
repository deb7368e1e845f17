"""The operator is told three days before a rule ends, and on the day a rule is to be looked at.

Each is told once: a row of the audit log, and a line of the log.

Source: policy.md 6
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from federation.commands.deeds import SYSTEM, note
from federation.policy.notices import ENDING, in_words, notices_due, still_told
from federation.policy.rule import Rule
from federation.protocol import strict_json
from storage.database import transaction
from storage.settings import find_setting, put_setting

log = logging.getLogger(__name__)

TOLD: Final = "policy_notices"


async def note_soon(rules: Sequence[Rule], now: datetime) -> int:
    """Tell what is due and was not told; answers how much that was, nothing the second time."""
    held = await find_setting(TOLD)
    told = [str(one) for one in strict_json.loads(held.encode())["told"]] if held else []
    due = notices_due(rules, told, now)
    kept = still_told(rules, told, due, now)
    if kept == told:
        return 0
    async with transaction():
        for one in due:
            await note(SYSTEM, one.act, one.rule, now, detail=json.dumps(in_words(one)))
        await put_setting(TOLD, json.dumps({"told": kept}))
    for one in due:
        log.warning(
            "a rule ends soon" if one.act == ENDING else "a rule is to be looked at",
            extra={"action": one.act, "rule": one.rule, **in_words(one)},
        )
    return len(due)

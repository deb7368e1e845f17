"""What somebody decides about by hand is not the list's any more that brought it.

Source: policy.md 13
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from federation.policy.lists.packed import pack, unpack
from federation.policy.lists.subscribed import by_subject
from storage import policy_lists

SUBJECTS: Final = ("domain", "actor")


async def decline(name: str, table: Mapping[str, Any]) -> None:
    """Let a list have no part any more in whom this rule of it is about.

    What it says of them is a draft again once it says something else.

    Transaction: expects to run inside the one that changes the rule.
    """
    row = await policy_lists.find(name)
    if row is None:
        return
    kept = await policy_lists.content(name)
    meant = _keys(table)
    adopted, declined = by_subject(unpack(kept.adopted)), by_subject(unpack(kept.declined))
    by_hand = {key: entry for key, entry in adopted.items() if entry.key in meant}
    left = {key: entry for key, entry in adopted.items() if key not in by_hand}
    await policy_lists.put_decided(
        replace(row, adopted_count=len(left)),
        replace(kept, adopted=pack(left.values()), declined=pack((declined | by_hand).values())),
    )


def _keys(table: Mapping[str, Any]) -> frozenset[str]:
    when = table.get("when")
    found = [when.get(key, ()) for key in SUBJECTS] if isinstance(when, Mapping) else []
    return frozenset(each for keys in found for each in keys if isinstance(each, str))

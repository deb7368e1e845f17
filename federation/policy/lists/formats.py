"""PURE: each format of a list and how it is read.

What comes in several pieces, as FIRES does, or is made of other lists, as a merge is, is read by
whoever fetches the pieces.

Source: policy.md 13
"""

from collections.abc import Callable, Mapping
from typing import Final

from federation.policy.lists.entry import Listed
from federation.policy.lists.fires import after, read_page, recommended
from federation.policy.lists.mastodon_csv import read_csv
from federation.policy.lists.mastodon_instance import read_instance
from federation.policy.lists.plain import read_plain
from federation.policy.lists.rules_of_others import read_rules_of_others
from federation.policy.lists.written import read_json
from federation.policy.problem import Unreadable

Reads = Callable[[str, bytes], Listed | Unreadable]


def read_fires(name: str, data: bytes) -> Listed | Unreadable:
    """Read a file with a snapshot, or with all changes."""
    page = read_page(name, data)
    return page if isinstance(page, Unreadable) else recommended(after({}, page.changes))


READERS: Final[Mapping[str, Reads]] = {
    "mastodon-csv": read_csv,
    "mastodon-instance": read_instance,
    "fires": read_fires,
    "plain": read_plain,
    "json": read_json,
}
# A list that is read again and again says something of domains, whatever its format.
SUBSCRIBED: Final[Mapping[str, Reads]] = {**READERS, "json": read_rules_of_others}

"""PURE: the blocks that a Mastodon server publishes, of which some names are masked.

Source: https://docs.joinmastodon.org/methods/instance/#domain_blocks
"""

from collections.abc import Mapping
from typing import Any

from federation.policy.expressions import Wrong
from federation.policy.lists.entry import (
    ENTRIES_MAX,
    Entry,
    Listed,
    doubt_about,
    key_of,
    reason,
    unreadable,
)
from federation.policy.lists.json_text import json_in
from federation.policy.lists.mastodon_csv import SEVERITIES
from federation.policy.problem import Unreadable


def read_instance(name: str, data: bytes) -> Listed | Unreadable:
    """Read the answer of `GET /api/v1/instance/domain_blocks`.

    A masked name is skipped and counted: nobody can tell what it stands for.
    """
    read = json_in(data)
    if isinstance(read, Wrong):
        return unreadable(name, [(0, read.reason)])
    if not isinstance(read, list) or len(read) > ENTRIES_MAX:
        why = f"is no list of at most {ENTRIES_MAX:,} blocks"
        return unreadable(name, [(0, why)])
    entries: dict[str, Entry] = {}
    mistakes: list[tuple[int, str]] = []
    skipped = cut = 0
    for number, block in enumerate(read, 1):
        found = _entry(block)
        if isinstance(found, Wrong):
            mistakes.append((0, f"block {number:,} {found.reason}"))
        elif found is None:
            skipped += 1
        else:
            entry, is_cut = found
            cut += is_cut
            if entries.setdefault(entry.key, entry) != entry:
                mistakes.append((0, f"block {number:,} says something else of {entry.key}"))
    if mistakes:
        return unreadable(name, mistakes)
    return Listed(tuple(entries.values()), skipped=skipped, cut=cut)


def _entry(block: object) -> tuple[Entry, bool] | Wrong | None:
    """What a block says; None where its name is masked, or it says nothing."""
    if not isinstance(block, Mapping):
        return Wrong("is no object")
    domain, severity = _text(block, "domain"), _text(block, "severity").lower()
    if severity not in SEVERITIES:
        return Wrong(f"has the severity {severity[:80]!r}")
    if "*" in domain.removeprefix("*."):
        return None
    key = key_of(domain)
    if key is None:
        return Wrong(f"has {domain[:80]!r}, which is no domain like example.org")
    action, show = SEVERITIES[severity]
    comment, is_cut = reason(_text(block, "comment"))
    entry = Entry(key, action, show=show, public_reason=comment, unclear=doubt_about(key))
    return None if entry.says_nothing else (entry, is_cut)


def _text(block: Mapping[str, Any], key: str) -> str:
    value = block.get(key)
    return value if isinstance(value, str) else ""

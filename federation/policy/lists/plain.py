"""PURE: lists of one domain or one network a line; what follows # is a remark.

Source: policy.md 13
"""

from ipaddress import ip_network

from federation.policy.conditions import Network
from federation.policy.expressions import Wrong
from federation.policy.lists.entry import (
    ENTRIES_MAX,
    Entry,
    Listed,
    doubt_about,
    key_of,
    unreadable,
)
from federation.policy.lists.text import text_in
from federation.policy.problem import Unreadable
from federation.policy.rule import Action


def read_plain(name: str, data: bytes) -> Listed | Unreadable:
    """Domains that nothing should be exchanged with; one that is there twice counts once."""
    lines = _lines(name, data)
    if isinstance(lines, Unreadable):
        return lines
    entries: dict[str, Entry] = {}
    mistakes: list[tuple[int, str]] = []
    for number, line in lines:
        key = key_of(line)
        if key is None:
            mistakes.append((number, f"has {line[:80]!r}, which is no domain like example.org"))
        else:
            entries[key] = Entry(key, Action.REJECT, unclear=doubt_about(key))
    return unreadable(name, mistakes) if mistakes else Listed(tuple(entries.values()))


def read_cidr(name: str, data: bytes) -> tuple[Network, ...] | Unreadable:
    """Networks, which rules name by `cidr_list`."""
    lines = _lines(name, data)
    if isinstance(lines, Unreadable):
        return lines
    networks: list[Network] = []
    mistakes: list[tuple[int, str]] = []
    for number, line in lines:
        try:
            networks.append(ip_network(line, strict=False))
        except ValueError:
            mistakes.append((number, f"has {line[:80]!r}, which is no network like 192.0.2.0/24"))
    return unreadable(name, mistakes) if mistakes else tuple(dict.fromkeys(networks))


def _lines(name: str, data: bytes) -> list[tuple[int, str]] | Unreadable:
    """What each line says, with its number, without remarks and empty lines."""
    text = text_in(data)
    if isinstance(text, Wrong):
        return unreadable(name, [(0, text.reason)])
    told = [line.partition("#")[0].strip() for line in text.splitlines()]
    lines = [(number, line) for number, line in enumerate(told, 1) if line]
    if len(lines) > ENTRIES_MAX:
        return unreadable(name, [(0, f"has more than {ENTRIES_MAX:,} lines that say something")])
    return lines

"""PURE: whom a text names, as clients of Mastodon's API write it.

Source: clients.md 6.2
"""

import re
from collections.abc import Collection
from typing import Final

# Not inside a word, an address or a URL.
MENTION: Final = re.compile(
    r"(?<![\w@/.])@(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)"
    r"(?:@(?P<domain>[\w-]+(?:\.[\w-]+)*(?::\d{1,5})?))?"
)
# More than anybody can write to at once.
NAMED_MAX: Final = 100


def named_in(text: str, domain: str) -> tuple[str, ...]:
    """The full handles of those that a text names, in their order, each once.

    Args:
        text: As somebody has written it.
        domain: Of those who are named without one.
    """
    found = (_handle(match, domain) for match in MENTION.finditer(text))
    return tuple(dict.fromkeys(found))[:NAMED_MAX]


def without_leading(text: str, handles: Collection[str], domain: str) -> str:
    """A text without the mentions of these people that it begins with."""
    rest = text.lstrip()
    while (match := MENTION.match(rest)) and _handle(match, domain) in handles:
        rest = rest[match.end() :].lstrip()
    return rest


def _handle(match: re.Match[str], domain: str) -> str:
    return f"{match['name']}@{match['domain'] or domain}".lower()

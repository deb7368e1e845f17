"""PURE: what a bearer token may do; a parent covers its children.

Source: clients.md 2.4
"""

from collections.abc import Collection
from typing import Final

READ: Final = "read"
WRITE: Final = "write"
FOLLOW: Final = "follow"
PUSH: Final = "push"
PROFILE: Final = "profile"
ADMIN_READ: Final = "admin:read"
ADMIN_WRITE: Final = "admin:write"

_READ_PARTS: Final = (
    *("accounts", "blocks", "filters", "follows", "groups", "lists", "mutes", "notifications"),
    *("search", "statuses"),
)
_WRITE_PARTS: Final = (
    *("accounts", "blocks", "conversations", "favourites", "filters", "follows", "groups"),
    *("lists", "media", "mutes", "notifications", "reports", "statuses"),
)
_ADMIN_PARTS: Final = (
    *("accounts", "canonical_email_blocks", "domain_allows", "domain_blocks"),
    *("email_domain_blocks", "ip_blocks", "reports"),
)
_FOLLOW_PARTS: Final = ("blocks", "follows", "mutes")


def _below(parent: str, parts: Collection[str]) -> tuple[str, ...]:
    return tuple(f"{parent}:{part}" for part in parts)


# SECURITY: nothing else covers anything but itself, so admin and push are never implied;
# tests/identity/test_scopes.py walks every pair.
COVERED: Final = {
    READ: frozenset(_below(READ, _READ_PARTS)),
    WRITE: frozenset(_below(WRITE, _WRITE_PARTS)),
    FOLLOW: frozenset((*_below(READ, _FOLLOW_PARTS), *_below(WRITE, _FOLLOW_PARTS))),
    ADMIN_READ: frozenset(_below(ADMIN_READ, _ADMIN_PARTS)),
    ADMIN_WRITE: frozenset(_below(ADMIN_WRITE, _ADMIN_PARTS)),
}

# Every scope there is, each child behind its parent.
SCOPES: Final = (
    *(READ, *_below(READ, _READ_PARTS)),
    *(WRITE, *_below(WRITE, _WRITE_PARTS)),
    *(FOLLOW, PUSH, PROFILE),
    *(ADMIN_READ, *_below(ADMIN_READ, _ADMIN_PARTS)),
    *(ADMIN_WRITE, *_below(ADMIN_WRITE, _ADMIN_PARTS)),
)
_KNOWN: Final = frozenset(SCOPES)
# What somebody may do who is here in person.
ALL: Final = frozenset({READ, WRITE, PUSH, ADMIN_READ, ADMIN_WRITE})
# What an app may ask for that has not said what it will; admin is asked for by name.
COMMON: Final = frozenset({READ, WRITE, FOLLOW, PUSH, PROFILE})


def parse_scopes(text: str) -> frozenset[str] | None:
    """The scopes named in a text, or None if it names none or one that does not exist."""
    named = frozenset(text.split())
    return named if named and named <= _KNOWN else None


def write_scopes(scopes: frozenset[str]) -> str:
    """Scopes as they are stored and shown, always in the same order."""
    return " ".join(each for each in SCOPES if each in scopes)


def covers(granted: Collection[str], asked: str) -> bool:
    """Whether these scopes let do what this one is asked for."""
    return asked in granted or any(asked in COVERED.get(each, ()) for each in granted)


def covers_all(granted: Collection[str], asked: Collection[str]) -> bool:
    """Whether these scopes let do all of that."""
    return all(covers(granted, each) for each in asked)


def as_the_operator_means(scopes: frozenset[str]) -> frozenset[str]:
    """The scopes of a token that the command line has made.

    Whoever runs the node has made it for a script, so it administers as far as its person does.
    """
    more = {READ: ADMIN_READ, WRITE: ADMIN_WRITE}
    return scopes | {more[each] for each in scopes if each in more}

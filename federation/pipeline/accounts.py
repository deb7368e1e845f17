"""PURE: whom a repair asks, and on whose account: each is limited in what it makes this node do.

A repair is asked of one owner of hosts, and of most repairs somebody else is the cause: the author
of an entry that names what is missing here. Neither holds up what others need.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from federation.activities.situation import Situation
from federation.protocol.domain import registrable_domain
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import host_of
from storage.changes import Ask, Change

# Their subject is a host.
OF_HOSTS: Final = frozenset({"software"})
DOMAIN_CHARS_MAX: Final = 255


def owner_of(uri: str) -> str:
    """The registrable domain of a URI's host, "" for what is no URI."""
    try:
        return registrable_domain(host_of(uri))
    except RemoteProtocolError:
        return ""


def cause_of(actor: str, situation: Situation) -> str:
    """On whose account something is asked that this actor's word leads to; "" for our own."""
    return "" if situation.is_local(actor) else owner_of(actor)


def asked_of(kind: str, subject: str) -> str:
    """Whose servers answer for a subject; where that is many, the subject stands for itself."""
    if kind in OF_HOSTS:
        return registrable_domain(subject)
    parts = subject.split(" ")
    return next(filter(None, map(owner_of, reversed(parts))), parts[0])[:DOMAIN_CHARS_MAX]


def caused(changes: Sequence[Change], cause: str) -> list[Change]:
    """The same changes, with what they ask for on the account of this domain."""
    return [
        replace(one, cause=cause) if isinstance(one, Ask) and not one.cause else one
        for one in changes
    ]


def addressed(changes: Sequence[Change]) -> list[Change]:
    """The same changes, with whom they ask."""
    return [
        replace(one, asked=asked_of(one.kind, one.subject))
        if isinstance(one, Ask) and not one.asked
        else one
        for one in changes
    ]

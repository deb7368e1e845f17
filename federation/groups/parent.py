"""Which message a new one names as its parent, so that no addressee's software loses it.

Source: groups-protocol.md 6.4
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from federation.groups.software import forgives_parents

STEPS_BACK_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message of the conversation that could be the parent.

    Attributes:
        addressees: Everybody whom it named in `to` and `cc`, or the audience of its epoch.
        author_aware: Whether its author speaks the profile.
        relayed: Whether it came by way of home.
    """

    uri: str
    author: str
    addressees: frozenset[str]
    author_aware: bool
    relayed: bool = False


def choose(
    reply_to: Candidate | None,
    newest: Iterable[Candidate],
    *,
    addressees: Collection[str],
    software: Collection[str],
) -> str:
    """Answer the id for `inReplyTo`, "" for none.

    1. The candidate is what the person answered, else the newest message shown.
    2. It must be usable: had by everybody addressed, not relayed, and by an aware author unless
       all the software involved forgives.
    3. Else the newest usable one within 50 steps back.

    Args:
        reply_to: What the person answered, None for nothing.
        newest: Messages shown, the newest first; no more of them are taken than are looked at.
        addressees: Whom the new message addresses, in the same terms as its candidates'.
        software: What the addressees' nodes run, as NodeInfo names it, "" for unknown.
    """
    all_forgive = forgives_parents(software)
    answered = (reply_to,) if reply_to else ()
    for candidate in chain(answered, islice(newest, STEPS_BACK_MAX + 1)):
        if _is_usable(candidate, addressees, all_forgive=all_forgive):
            return candidate.uri
    return ""


def of_compact(reply_to: Candidate | None) -> str:
    """Answer the id for `inReplyTo` where the message addresses the conversation actor alone.

    It is what the person answered, or none.
    """
    return reply_to.uri if reply_to else ""


def _is_usable(candidate: Candidate, addressees: Collection[str], *, all_forgive: bool) -> bool:
    had_by = candidate.addressees | {candidate.author}
    return (
        had_by.issuperset(addressees)
        and not candidate.relayed
        and (candidate.author_aware or all_forgive)
    )

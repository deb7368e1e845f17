"""What the software of other servers makes of a group, by its name in NodeInfo.

It serves warnings, the reply rule and what is refused to single-recipient software; never trust.

Source: groups-protocol.md 1.4, 2, 6.4 and 13
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# From here on a message mentions more people than the Misskey family takes.
WARN_FROM_MEMBERS: Final = 20

# What the aware nodes of a group count as.
COVEY: Final = "covey"


class Warn(StrEnum):
    """What somebody is told before they invite a person on other software."""

    UNAWARE = "unaware"
    ACCEPTS_SENDERS = "accepts-senders"
    DROPS_SILENTLY = "drops-silently"
    MAY_REFUSE = "may-refuse"
    ANSWERS_NARROWLY = "answers-narrowly"
    OWN_ROOM = "own-room"
    TOO_MANY = "too-many"
    UNKNOWN = "unknown-software"


SENTENCES: Final[Mapping[Warn, str]] = {
    Warn.UNAWARE: (
        "With people on other software a group has at most 50 members and messages show at most "
        "4 files. They may have to accept each sender, and their copies cannot be removed from "
        "here."
    ),
    Warn.ACCEPTS_SENDERS: (
        "They have to accept each sender once, and a reply from which they delete somebody does "
        "not reach that person."
    ),
    Warn.DROPS_SILENTLY: "That a message was sent does not say that they are shown it.",
    Warn.MAY_REFUSE: "Their server may refuse messages to many people.",
    Warn.ANSWERS_NARROWLY: "Their replies often reach one person alone.",
    Warn.OWN_ROOM: "Their server shows a room that may hold other people than the group.",
    Warn.TOO_MANY: "Their server loses messages to so many people.",
    Warn.UNKNOWN: "Nobody knows what their server shows of a group.",
}


@dataclass(frozen=True, slots=True)
class Quirks:
    """How one software takes part.

    Attributes:
        warns: What is said of it before somebody there is invited.
        mentions_max: A message with more Mentions is lost there; None for no such limit.
        is_forgiving: Whether it shows a message although it cannot fetch its parent.
        takes_one: Whether a message to more than one person is refused or broken there.
    """

    warns: tuple[Warn, ...] = ()
    mentions_max: int | None = None
    is_forgiving: bool = False
    takes_one: bool = False


_MASTODON: Final = Quirks((Warn.ACCEPTS_SENDERS,), is_forgiving=True)
_PLEROMA: Final = Quirks((Warn.MAY_REFUSE,), is_forgiving=True)
_MISSKEY: Final = Quirks(mentions_max=20)
_NARROW: Final = Quirks((Warn.ANSWERS_NARROWLY,))
_ROOM: Final = Quirks((Warn.OWN_ROOM,))
_ONE: Final = Quirks(takes_one=True)

QUIRKS: Final[Mapping[str, Quirks]] = {
    COVEY: Quirks(is_forgiving=True),
    "mastodon": _MASTODON,
    "gotosocial": Quirks((Warn.DROPS_SILENTLY,), is_forgiving=True),
    "pleroma": _PLEROMA,
    "akkoma": _PLEROMA,
    **dict.fromkeys(
        ("misskey", "sharkey", "iceshrimp", "iceshrimp.net", "firefish", "calckey", "foundkey"),
        _MISSKEY,
    ),
    "mitra": Quirks(mentions_max=50),
    **dict.fromkeys(("snac", "snac2", "friendica", "hubzilla", "streams"), _NARROW),
    **dict.fromkeys(("takahe", "hollo", "bonfire"), Quirks()),
    **dict.fromkeys(("nodebb", "emissary"), _ROOM),
    **dict.fromkeys(("lemmy", "piefed", "pixelfed", "mbin"), _ONE),
}

# As the Misskey family, since the worst is assumed of what nobody knows.
UNKNOWN: Final = Quirks((Warn.UNKNOWN,), mentions_max=20)


def quirks_of(name: str) -> Quirks:
    """How a software takes part; "" is one that does not say its name."""
    return QUIRKS.get(name, UNKNOWN)


def forgives_parents(software: Collection[str]) -> bool:
    """Say whether all of these show a message whose parent they cannot fetch."""
    return all(quirks_of(name).is_forgiving for name in software)


def warnings_of(name: str) -> tuple[Warn, ...]:
    """Say what the inviter of somebody on this software is told of it."""
    return (Warn.UNAWARE, *quirks_of(name).warns)


def is_crowded(software: Iterable[str], members: int) -> bool:
    """Say whether one more member makes messages too long for one of these.

    Args:
        software: Of the members on other software, and of who is to come.
        members: How many the group has.
    """
    limits = (quirks_of(name).mentions_max for name in software)
    return members >= WARN_FROM_MEMBERS and any(
        limit is not None and limit <= members for limit in limits
    )

"""PURE: what a rule may know, and from which stage on.

A fact that nobody knows answers no condition: a rule that asks for it does not match.

Source: policy.md 2, 3
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, IntEnum, StrEnum
from typing import Final, NamedTuple


class Stage(IntEnum):
    """What has been looked at, in the order in which it is."""

    CONNECTION = 1
    DOMAIN = 2
    ACTOR = 3
    BEHAVIOUR = 4
    CONTENT = 5
    RECIPIENT = 6

    @property
    def word(self) -> str:
        """As it stands in a rule."""
        return self.name.lower()


class Direction(StrEnum):
    """Whom a rule is for; an activity itself goes in or out."""

    IN = "in"
    OUT = "out"
    BOTH = "both"


class Kind(Enum):
    """How a condition on a fact is written."""

    WORDS = "one text or a list of texts"
    NUMBER = 'a number, or a comparison like ">3"'
    AGE = 'a comparison with an age, like "<72h"'
    FLAG = "true or false"
    DOMAINS = "domains"
    ACTORS = "ids or handles of people"
    PATTERN = "a regular expression of RE2, or a list of them"
    NETWORKS = "networks like 192.0.2.0/24"
    NETWORK_LIST = "ids of lists of networks"
    SIMILAR = "{ window, local_recipients, distance }"


class Fact(NamedTuple):
    """One key of `when`."""

    stage: Stage
    kind: Kind
    # The only texts there are; none: any.
    words: frozenset[str] = frozenset()


class Window(NamedTuple):
    """Which earlier texts count as similar: how far back, and within how many bits."""

    length: timedelta
    distance: int


# Texts of which there are several, such as the hosts that answer for an activity, are a tuple.
# `similar` tells how many different people here strangers sent such a text, by window.
Value = str | int | timedelta | tuple[str, ...] | Mapping[Window, int]

RELATIONS: Final = frozenset({"contact", "acquainted", "stranger"})

FACTS: Final[Mapping[str, Fact]] = {
    "cidr": Fact(Stage.CONNECTION, Kind.NETWORKS),
    "cidr_list": Fact(Stage.CONNECTION, Kind.NETWORK_LIST),
    "path": Fact(Stage.CONNECTION, Kind.WORDS),
    "user_agent": Fact(Stage.CONNECTION, Kind.PATTERN),
    "body_size": Fact(Stage.CONNECTION, Kind.NUMBER),
    "domain": Fact(Stage.DOMAIN, Kind.DOMAINS),
    "domain_first_seen": Fact(Stage.DOMAIN, Kind.AGE),
    "software": Fact(Stage.DOMAIN, Kind.WORDS),
    "software_version": Fact(Stage.DOMAIN, Kind.WORDS),
    "aware": Fact(Stage.DOMAIN, Kind.FLAG),
    "label": Fact(Stage.DOMAIN, Kind.WORDS),
    "federation_known": Fact(Stage.DOMAIN, Kind.FLAG),
    "actor": Fact(Stage.ACTOR, Kind.ACTORS),
    "actor_name": Fact(Stage.ACTOR, Kind.PATTERN),
    "actor_type": Fact(Stage.ACTOR, Kind.WORDS),
    "actor_first_seen": Fact(Stage.ACTOR, Kind.AGE),
    "actor_published": Fact(Stage.ACTOR, Kind.AGE),
    "has_icon": Fact(Stage.ACTOR, Kind.FLAG),
    "bot": Fact(Stage.ACTOR, Kind.FLAG),
    "instrument": Fact(Stage.ACTOR, Kind.WORDS),
    "type": Fact(Stage.BEHAVIOUR, Kind.WORDS),
    "object_type": Fact(Stage.BEHAVIOUR, Kind.WORDS),
    "relation": Fact(Stage.BEHAVIOUR, Kind.WORDS, RELATIONS),
    "recipients": Fact(Stage.BEHAVIOUR, Kind.NUMBER),
    "local_recipients": Fact(Stage.BEHAVIOUR, Kind.NUMBER),
    "mentions": Fact(Stage.BEHAVIOUR, Kind.NUMBER),
    "group_size": Fact(Stage.BEHAVIOUR, Kind.NUMBER),
    "object_age": Fact(Stage.BEHAVIOUR, Kind.AGE),
    "links": Fact(Stage.BEHAVIOUR, Kind.NUMBER),
    "attachments": Fact(Stage.BEHAVIOUR, Kind.NUMBER),
    "reports": Fact(Stage.BEHAVIOUR, Kind.NUMBER),
    "similar": Fact(Stage.BEHAVIOUR, Kind.SIMILAR),
    "local_account_age": Fact(Stage.BEHAVIOUR, Kind.AGE),
    "new_contacts": Fact(Stage.BEHAVIOUR, Kind.NUMBER),
    "text": Fact(Stage.CONTENT, Kind.PATTERN),
    "text_length": Fact(Stage.CONTENT, Kind.NUMBER),
    "language": Fact(Stage.CONTENT, Kind.WORDS),
    "link_domain": Fact(Stage.CONTENT, Kind.DOMAINS),
    "media_type": Fact(Stage.CONTENT, Kind.WORDS),
    "media_digest": Fact(Stage.CONTENT, Kind.WORDS),
    "hashtag": Fact(Stage.CONTENT, Kind.WORDS),
    "emoji": Fact(Stage.CONTENT, Kind.WORDS),
    # A condition on it stands in a rule on content; judging asks for it before.
    "encrypted": Fact(Stage.CONTENT, Kind.FLAG),
}
HEADER: Final = "header."
_A_HEADER: Final = Fact(Stage.CONNECTION, Kind.PATTERN)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one activity and one of its recipients.

    Attributes:
        now: When it is judged.
        known: By key of `when`; `cidr` is the address that asks, an age is that at `now`, `actor`
            has the id and the handle, `actor_name` name and handle.
        direction: IN or OUT.
        empty_buckets: Ids of the rules with `limit` whose bucket has no token left for it.
        is_answered: Whether its sender has had an answer: an empty bucket gives `over` then.
    """

    now: datetime
    known: Mapping[str, Value] = field(default_factory=dict)
    direction: Direction = Direction.IN
    empty_buckets: frozenset[str] = frozenset()
    is_answered: bool = False


def find_fact(key: str) -> Fact | None:
    """The fact of a key of `when`, if there is one."""
    if key.startswith(HEADER) and len(key) > len(HEADER):
        return _A_HEADER
    return FACTS.get(key)

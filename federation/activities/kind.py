"""The three pure functions that make up one kind of activity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple, TypeVar

from federation.activities.situation import Situation
from federation.protocol.activity import Activity
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change

T = TypeVar("T")


class Shape(NamedTuple):
    """What tells one kind from another.

    Attributes:
        object_type: The type of the object, "" where the object is named by its id alone.
        speaker: "person", "conversation" or "server": an Add of a Relationship by a conversation
            is not an Add by a person.
    """

    verb: str
    object_type: str
    speaker: str


MESSAGE: Final = "message"


@dataclass(frozen=True, slots=True)
class Waiting:
    """It cannot be judged before something else is here; a repair fetches that.

    Attributes:
        kind: The kind of repair: "conversation", "state", "actor" or "object"; a
            "message" is waited for and not asked for.
        subject: The URI that is missing.
    """

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class ActivityKind(Generic[T]):
    """How one shape of activity is understood, permitted and carried out.

    Attributes:
        read: The activity's meaning; raises RemoteProtocolError where it has none.
        authorize: Whether the speaker may say that in this situation.
        apply: Its effect, called for what was allowed and no operator's rule kept out.
    """

    shape: Shape
    read: Callable[[Activity], T]
    authorize: Callable[[T, Situation], Allowed | Refused | Waiting]
    apply: Callable[[T, Situation], Sequence[Change]]

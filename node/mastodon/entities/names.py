"""PURE: the numbers and faces by which what is shown names other things."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from federation.queries.numbered_views import AnsweredView, FaceView


@dataclass(frozen=True, slots=True)
class Names:
    """What some messages and conversations name, ready to be written.

    Attributes:
        viewer: The id of who looks.
        faces: By the ids of people and groups.
        statuses: Numbers of messages.
        conversations: Numbers of conversations.
        answered: What stands before each message.
    """

    viewer: str
    faces: Mapping[str, FaceView] = field(default_factory=dict)
    statuses: Mapping[str, int] = field(default_factory=dict)
    conversations: Mapping[str, int] = field(default_factory=dict)
    answered: Mapping[str, AnsweredView] = field(default_factory=dict)

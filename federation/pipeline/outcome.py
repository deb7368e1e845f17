"""What became of one item on the road."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from federation.activities.kind import Waiting
from federation.protocol.verdict import Refused
from storage.changes import Change


@dataclass(frozen=True, slots=True)
class Applied:
    """It took effect.

    Attributes:
        resource: Our id of what a draft made (a message, a conversation), or "".
    """

    changes: Sequence[Change] = ()
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """It has no effect here, and that is nobody's fault."""

    why: str


@dataclass(frozen=True, slots=True)
class KeptOut:
    """It is forbidden; the changes are the answer that its sender is owed, if any."""

    refused: Refused
    changes: Sequence[Change] = field(default=())


@dataclass(frozen=True, slots=True)
class Failed:
    """Its handler raised; nothing of it was written."""

    error: str


@dataclass(frozen=True, slots=True)
class PutOff:
    """It rests on what an earlier item of its batch has changed: it goes with the next batch."""


Outcome = Applied | Ignored | KeptOut | Waiting | Failed | PutOff

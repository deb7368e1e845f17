"""What can come of a state change or of a first look at a group, each as a value."""

from dataclasses import dataclass

from federation.groups.state import GroupState


@dataclass(frozen=True, slots=True)
class NextState:
    """The change fits, and this state is the group's."""

    state: GroupState


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Its epoch is known, and nothing says otherwise: no effect."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Changes between `have` and `need` are missing; read the state log."""

    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Home has signed two states for one epoch: the conversation is disputed (4.4)."""

    epoch: int
    held: str
    claimed: str


@dataclass(frozen=True, slots=True)
class BadHash:
    """The change fits neither our state nor its own claim; start as a new member would (4.4)."""

    epoch: int
    computed: str
    claimed: str


@dataclass(frozen=True, slots=True)
class OtherEpoch:
    """Home moved on between two fetches: fetch all again."""

    wanted: int


@dataclass(frozen=True, slots=True)
class TooLarge:
    """It makes a group beyond what any node applies."""

    members: int


Judgement = NextState | Duplicate | Gap | Contradiction | BadHash | TooLarge

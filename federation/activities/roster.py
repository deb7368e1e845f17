"""Who is in a conversation and who was when, as a value that many activities can share."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

from federation.groups.state import GroupState

PRESENT: Final = frozenset({"joined", "joining"})
# A conversation is asked about its last few epochs, seldom about older ones.
_EPOCHS_KEPT: Final = 8

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class KnownActor:
    """An actor, here or elsewhere.

    Attributes:
        kind: "person", "conversation" or "server".
        shared_inbox: Whether its host offers one that counts for it.
        aware: Whether it was ever seen to speak the group protocol.
        is_deleted: Whether the account is no more; nobody addresses it.
    """

    uri: str
    host: str
    local: bool
    kind: str
    username: str
    domain: str
    name: str
    aware: bool
    shared_inbox: bool
    is_deleted: bool = False

    @property
    def acct(self) -> str:
        """The handle without its leading @."""
        return f"{self.username}@{self.domain}"


@dataclass(frozen=True, slots=True)
class KnownMembership:
    """A person's relation to a conversation, as `PutMembership` wrote it.

    Attributes:
        is_unwilling: Whether somebody here never wants to be asked into it again.
    """

    person: str
    local: bool
    role: str
    state: str
    invitation_id: str
    inviter: str
    left_epoch: int | None
    is_unwilling: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of epochs in which a person was a member; `to_epoch` is exclusive."""

    person: str
    from_epoch: int
    to_epoch: int | None

    def covers(self, epoch: int) -> bool:
        """Whether the person was a member at this epoch."""
        return self.from_epoch <= epoch and (self.to_epoch is None or epoch < self.to_epoch)


@dataclass(frozen=True)
class Roster:
    """The people of a conversation, for as long as nothing of it changes.

    What follows from it is found once. A message to 1,000 people asks for some of it ten times, and
    the next message asks for all of it again.

    Attributes:
        memberships: By person, in the order in which they began.
        spans: Oldest first.
        state: The verified state of a group, or None.
        actors: What is known of the people, by id.
    """

    memberships: Mapping[str, KnownMembership]
    spans: tuple[Span, ...] = ()
    state: GroupState | None = None
    actors: Mapping[str, KnownActor] = field(default_factory=dict)
    _kept: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def kept(self, name: object, make: Callable[[], Kept]) -> Kept:
        """What follows from the roster and from nothing else, made when it is first asked for."""
        if name not in self._kept:
            self._kept[name] = make()
        found: Kept = self._kept[name]
        return found

    @cached_property
    def present(self) -> tuple[str, ...]:
        """The people to whom a message of now goes: the group's members, or a direct set."""
        if self.state is None:
            return tuple(self.memberships)
        held = self.memberships
        return tuple(
            person
            for person in self.state.people
            if person in held and held[person].state in PRESENT
        )

    @cached_property
    def actors_here(self) -> frozenset[str]:
        """The local ones among the actors."""
        return frozenset(uri for uri, actor in self.actors.items() if actor.local)

    @cached_property
    def present_here(self) -> tuple[str, ...]:
        """Those of the present people who are local."""
        return self._local(self.present)

    @cached_property
    def present_away(self) -> tuple[str, ...]:
        """Those of the present people who are not."""
        here = set(self.present_here)
        return tuple(person for person in self.present if person not in here)

    def members_at(self, epoch: int) -> tuple[str, ...]:
        """The people who were members at an epoch and have not left since by their own word."""
        return self._at(epoch)[0]

    def here_at(self, epoch: int) -> tuple[str, ...]:
        """Those of `members_at` who are local."""
        return self._at(epoch)[1]

    def _at(self, epoch: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if epoch not in self._epochs:
            if len(self._epochs) >= _EPOCHS_KEPT:
                self._epochs.clear()
            members = tuple(
                span.person
                for span in self.spans
                if span.covers(epoch) and not self.has_left(span.person)
            )
            self._epochs[epoch] = (members, self._local(members))
        return self._epochs[epoch]

    @cached_property
    def _epochs(self) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
        return {}

    def _local(self, people: tuple[str, ...]) -> tuple[str, ...]:
        held = self.memberships
        return tuple(person for person in people if person in held and held[person].local)

    def is_alone(self, person: str, epoch: int) -> bool:
        """Whether nobody here but this person has been a member at or since an epoch.

        Who has left counts until home has ended the membership, since home counts them as well.
        """
        held = self.memberships
        others = {
            span.person
            for span in self.spans
            if span.person != person and (span.to_epoch is None or span.to_epoch > epoch)
        }
        return not any(other in held and held[other].local for other in others)

    def spans_of(self, person: str) -> tuple[Span, ...]:
        """When the person was a member, oldest first."""
        return self._spans.get(person, ())

    @cached_property
    def _spans(self) -> Mapping[str, tuple[Span, ...]]:
        found: dict[str, list[Span]] = defaultdict(list)
        for span in self.spans:
            found[span.person].append(span)
        return {person: tuple(spans) for person, spans in found.items()}

    def has_left(self, person: str) -> bool:
        """Whether the person's own Leave keeps them out, until a later Add names them again."""
        membership = self.memberships.get(person)
        return membership is not None and membership.state == "left"

"""A group seen at its home for the first time: by somebody invited, and by a new member's node.

Source: groups-protocol.md 4.3 and 5.1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from federation.activities.known import KnownConversation
from federation.activities.membership_effects import Epoch, effects
from federation.activities.roster import PRESENT
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import reject_unasked
from federation.content.plain import clean_name
from federation.groups.chain import StateChange
from federation.groups.effect import RoleGiven, RoleTaken
from federation.groups.settings import DEFAULT, Settings
from federation.groups.state import OUTCAST, GroupState
from federation.protocol.uri import host_of, same_origin
from storage.changes import (
    AddConversation,
    Change,
    CloseLog,
    CloseSpan,
    FollowHome,
    OpenLog,
    OpenSpan,
    PutMembership,
    SetThread,
    Tell,
)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What home shows to somebody with an open invitation; nothing of it is proven yet.

    Attributes:
        members: Actor to role, outcasts included.
        epoch: Of the list.
        settings: As home shows them, read.
    """

    uri: str
    title: str
    context: str
    members: Mapping[str, str]
    epoch: int = 0
    settings: Settings = DEFAULT

    @property
    def present(self) -> tuple[str, ...]:
        """Its members, without outcasts."""
        return tuple(who for who, role in sorted(self.members.items()) if role != OUTCAST)


@dataclass(frozen=True, slots=True)
class Adoption:
    """The state with which a new member's node begins, checked against its own hash.

    Attributes:
        log: The changes that home serves to this node, oldest first; the last one made `state`.
        context: The `context` URL of its messages, "" where home was not asked for it.
        is_anew: Whether somebody here wants to follow home's chain in place of the one held.
    """

    state: GroupState
    log: Sequence[StateChange]
    context: str = ""
    is_anew: bool = False


def glimpse(seen: Glimpse, situation: Situation) -> list[Change]:
    """Keep what an invited person is shown: title, size and members."""
    conversation = situation.conversation
    if conversation is not None and conversation.state is not None:
        return _looked_again(seen, conversation, situation)
    conversation_id = conversation.id if conversation is not None else situation.new_id()
    opening: list[Change] = []
    if conversation is None:
        opening.append(
            AddConversation(
                id=conversation_id,
                uri=seen.uri,
                kind="group",
                is_home=False,
                home_host=host_of(seen.uri),
                title=clean_name(seen.title),
                context=seen.context,
                thread="",
                people_hash="",
                at=situation.now,
                shown_settings=json_text(asdict(seen.settings)),
            )
        )
    return [*opening, *_shown(seen.present, seen, conversation_id, situation)]


def _shown(
    people: Iterable[str], seen: Glimpse, conversation_id: str, situation: Situation
) -> list[PutMembership]:
    return [
        PutMembership(
            conversation_id=conversation_id,
            person=person,
            local=False,
            role=seen.members[person],
            state="joined",
            at=situation.now,
        )
        for person in people
        if not situation.is_local(person)
    ]


def _looked_again(
    seen: Glimpse, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """A group that was followed here before: whoever of ours is out can be invited again."""
    if conversation.is_home or seen.epoch <= conversation.epoch:
        return []
    gone = [person for person in conversation.present_here() if person not in seen.present]
    changes = _no_longer(gone, conversation, situation)
    if set(gone) != set(conversation.present_here()):
        return changes
    # Nobody here follows it any more. Who has come since may invite, and the old state stays.
    held = conversation.memberships
    come = [who for who in seen.present if who not in held or held[who].state not in PRESENT]
    return [*changes, *_shown(come, seen, conversation.id, situation)]


def _no_longer(
    gone: Iterable[str], conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """Home has removed them without our hearing of it."""
    return [
        change
        for person in gone
        for change in (
            CloseSpan(conversation.id, person, conversation.epoch + 1),
            PutMembership(
                conversation_id=conversation.id,
                person=person,
                local=True,
                role="",
                state="removed",
                at=situation.now,
            ),
            Tell(person, "conversation", conversation.id, "", situation.now),
        )
    ]


def adopt(adoption: Adoption, situation: Situation) -> list[Change]:
    """Enter the group's present epoch; whoever of ours has said yes is a member from here on."""
    conversation = situation.conversation
    state = adoption.state
    if conversation is None or conversation.is_home:
        return []
    if not adoption.is_anew and (conversation.disputed or conversation.epoch >= state.epoch):
        return []
    last = adoption.log[-1]
    spent = [
        basis.id for change in adoption.log for basis in change.basis if basis.type == "Invite"
    ]
    step = Epoch(
        conversation_id=conversation.id,
        old=conversation.state,
        new=state,
        document=last.document,
        published=last.published,
        subject=last.subject,
        spent=tuple(dict.fromkeys(spent)),
        since=_since(adoption.log),
    )
    named = adoption.context and conversation.context != adoption.context
    place = SetThread(conversation.id, adoption.context, conversation.thread)
    anew = FollowHome(conversation.id, adoption.log[0].epoch)
    return [
        *([anew] if adoption.is_anew else []),
        *effects(step, situation),
        *_gone(adoption, situation),
        *([place] if named else []),
        *_unasked(adoption, conversation, situation),
    ]


def _unasked(
    adoption: Adoption, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """Nobody here is a member by a list alone: each Add of somebody unasked is answered (4.3)."""
    added = {
        change.subject: change
        for change in adoption.log
        if isinstance(change.effect, RoleGiven) and adoption.state.is_member(change.subject)
    }
    return [
        answer
        for change in added.values()
        for answer in reject_unasked(change, conversation, situation)
    ]


def _gone(adoption: Adoption, situation: Situation) -> list[Change]:
    """Who has gone since our people came was a member before, and what they wrote then counts.

    Their entries up to the heads that the group names may come late (4.6.2).
    """
    conversation = situation.conversation
    place = conversation.id if conversation is not None else ""
    spans = conversation.spans if conversation is not None else ()
    known = {*adoption.state.people, *(span.person for span in spans)}
    came: dict[str, int] = {}
    changes: list[Change] = []
    for change in adoption.log:
        person, role = change.subject, change.role
        if isinstance(change.effect, RoleGiven) and role != OUTCAST:
            came.setdefault(person, change.epoch)
        elif person and person not in known and not situation.is_local(person):
            changes.append(OpenSpan(place, person, came.pop(person, 0)))
            changes.append(CloseSpan(place, person, change.epoch))
            for log, head in sorted(change.heads.items()):
                if same_origin(log, person):
                    changes.append(OpenLog(log, place, person, local=False, at=situation.now))
                    changes.append(CloseLog(log, place, person, head))
    return changes


def _since(log: Sequence[StateChange]) -> dict[str, int]:
    """From which epoch the members are known to be: where they came, not where a role changed.

    Who came by their own word is named in the basis. Of others it is not known when they came.
    """
    since: dict[str, int] = {}
    for change in log:
        match change.effect:
            case RoleGiven(subject, role) if role != OUTCAST:
                if any(basis.actor == subject for basis in change.basis):
                    since.setdefault(subject, change.epoch)
            case RoleGiven(subject) | RoleTaken(subject):
                since.pop(subject, None)
            case _:
                pass
    return since

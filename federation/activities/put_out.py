"""Home's word that nobody here is in a group any more counts, although earlier changes never came.

What was still queued for a host is cancelled when its last member is removed (delivery.md P-6), and
home shows its state log to members only. So nobody could close the gap, and nobody here needs to.

Sources: groups-protocol.md 4.4 and 4.6; delivery.md 1 (P-6)
"""

from collections.abc import Sequence

from federation.activities.known import KnownConversation
from federation.activities.membership_effects import logs_ended
from federation.activities.situation import Situation, json_text
from federation.groups import membership as membership_table
from federation.groups.chain import StateChange
from federation.groups.effect import Ended, RoleGiven, RoleTaken
from federation.groups.membership import Event, Standing
from federation.groups.state import OUTCAST
from federation.protocol.verdict import Refused
from storage.changes import Change, CloseSpan, KeepActivity, PutMembership, SettleRequest, Tell

INSIDE = frozenset({"joined", "joining"})


def is_the_end_here(
    change: StateChange, conversation: KnownConversation, situation: Situation
) -> bool:
    """Whether nobody here is a member after a change, so that no epoch before it matters."""
    return bool(_inside(conversation, situation)) and not set(
        _inside(conversation, situation)
    ) - set(_put_out(change, conversation, situation))


def effects(
    change: StateChange, conversation: KnownConversation, situation: Situation
) -> Sequence[Change]:
    """Our people stand outside from here on; the state stays that of the last epoch we followed."""
    document = json_text(change.document)
    kept = KeepActivity(change.id, change.conversation, document, situation.now)
    settled = (
        SettleRequest(basis.id, conversation.id, "applied", "", situation.now)
        for basis in change.basis
    )
    people = _put_out(change, conversation, situation)
    return [
        kept,
        *settled,
        *(CloseSpan(conversation.id, person, change.epoch) for person in people),
        *(_stands_outside(person, change, conversation, situation) for person in people),
        *logs_ended(conversation.id, change.subject, change.heads, situation),
        *(
            Tell(person, "conversation", conversation.id, "", situation.now)
            for person in conversation.memberships
            if situation.is_local(person)
        ),
    ]


def _inside(conversation: KnownConversation, situation: Situation) -> list[str]:
    return [
        one.person
        for one in conversation.memberships.values()
        if situation.is_local(one.person) and one.state in INSIDE
    ]


def _put_out(
    change: StateChange, conversation: KnownConversation, situation: Situation
) -> list[str]:
    inside = _inside(conversation, situation)
    match change.effect:
        case Ended():
            return inside
        case RoleTaken(subject):
            return [subject] if subject in inside else []
        case RoleGiven(subject, role) if role == OUTCAST:
            return [subject] if subject in inside else []
        case _:
            return []


def _stands_outside(
    person: str, change: StateChange, conversation: KnownConversation, situation: Situation
) -> PutMembership:
    held = conversation.memberships[person]
    moved = membership_table.move(Standing(held.state), _event(change), local=True)
    return PutMembership(
        conversation_id=conversation.id,
        person=person,
        local=True,
        role=OUTCAST if moved is Standing.BANNED else "",
        state=held.state if isinstance(moved, Refused) else moved,
        at=situation.now,
        invitation_id=held.invitation_id,
        inviter=held.inviter,
        left_epoch=held.left_epoch,
    )


def _event(change: StateChange) -> Event:
    if isinstance(change.effect, Ended):
        return Event.CLOSED
    return Event.BANNED if isinstance(change.effect, RoleGiven) else Event.REMOVED

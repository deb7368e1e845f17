"""Entering an epoch: what a new state of a group changes here, whoever decided it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from federation.activities import anchor
from federation.activities.known import KnownConversation
from federation.activities.roster import KnownMembership
from federation.activities.situation import Situation, json_text
from federation.content.plain import clean_name
from federation.groups import membership as membership_table
from federation.groups.membership import Event, Standing
from federation.groups.settings import read_settings
from federation.groups.state import OUTCAST, GroupState
from federation.protocol.domain import registrable_domain
from federation.protocol.uri import LINK_CHARS_MAX, host_of, same_origin
from federation.protocol.verdict import Refused
from storage.changes import (
    Ask,
    CancelSends,
    Change,
    CloseLog,
    CloseSpan,
    DropPicture,
    KeepActivity,
    OpenLog,
    OpenSpan,
    PutMembership,
    ReadAnew,
    SetInvitation,
    SetState,
    SettleRequest,
    TakeBack,
    Tell,
)

# What was sent to a new member directly comes first.
READ_AFTER: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Epoch:
    """A step from one state of a group to the next, or to the first one held here.

    Attributes:
        document: The signed change that made `new`.
        subject: Whom an Add or Remove is about, else "".
        spent: The invitations that the change answers.
        answered: Everything that the change answers.
        since: For a first state: from which epoch a member is known to be one; 0 if not here.
        heads: Logs that the change ends, and the last number in each that counts.
        consented: Local people who have just said yes, in the same transaction.
    """

    conversation_id: str
    old: GroupState | None
    new: GroupState
    document: Mapping[str, Any]
    published: datetime
    subject: str = ""
    spent: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    since: Mapping[str, int] = field(default_factory=dict)
    consented: frozenset[str] = frozenset()
    heads: Mapping[str, int] = field(default_factory=dict)


def _entered(epoch: Epoch, situation: Situation) -> Change:
    new = epoch.new
    return SetState(
        conversation_id=epoch.conversation_id,
        epoch=new.epoch,
        hash=new.hash,
        state=json_text(new.to_json()),
        title=clean_name(new.name),
        closed=not new.people,
        activity_id=epoch.document["id"],
        published_at=epoch.published,
        at=situation.now,
        history=read_settings(new.settings).history,
        # Only whether it is another one is asked of it.
        icon=(new.icon or "")[:LINK_CHARS_MAX],
    )


def _unshown(epoch: Epoch, situation: Situation) -> list[Change]:
    """The picture that the group had goes, if somebody here has uploaded it."""
    old, new = epoch.old, epoch.new
    if old is None or not old.icon or old.icon == new.icon:
        return []
    token = situation.space.media_token(old.icon)
    return [DropPicture(new.conversation, token)] if token else []


def effects(epoch: Epoch, situation: Situation) -> list[Change]:
    """Keep the change and the state, move the members, stop what must not travel, tell people."""
    new = epoch.new
    return [
        KeepActivity(
            epoch.document["id"], new.conversation, json_text(epoch.document), situation.now
        ),
        _entered(epoch, situation),
        *_spans(epoch, situation),
        *_memberships(epoch, situation),
        *_met(epoch, situation),
        # A change says nothing of other groups' invitations.
        *(SetInvitation(one, "spent", situation.now, new.conversation) for one in epoch.spent),
        *(
            SettleRequest(one, epoch.conversation_id, "applied", "", situation.now)
            for one in epoch.answered
        ),
        *logs_ended(
            epoch.conversation_id,
            _gone(epoch),
            epoch.heads,
            situation,
            kept=_begun_again(epoch, situation),
        ),
        *_stopped(epoch, situation),
        *_read_anew(epoch, situation),
        *_unshown(epoch, situation),
        *anchor.due(epoch.conversation_id, epoch.old, new, situation),
        *_told(epoch, situation),
    ]


def _read_anew(epoch: Epoch, situation: Situation) -> list[Change]:
    """Who of ours comes in may find older messages at home: its history is read from the first."""
    came = set(epoch.new.people) - set(epoch.old.people if epoch.old is not None else ())
    is_home = situation.is_local(epoch.new.conversation)
    if is_home or not any(situation.is_local(person) for person in came):
        return []
    soon = situation.now + READ_AFTER
    home = registrable_domain(host_of(epoch.new.conversation))
    ask = Ask(situation.new_id(), "history", epoch.conversation_id, soon, hastens=True, asked=home)
    return [ReadAnew(epoch.conversation_id), ask]


def _gone(epoch: Epoch) -> str:
    return "" if epoch.new.is_member(epoch.subject) else epoch.subject


def logs_ended(
    place: str, gone: str, heads: Mapping[str, int], situation: Situation, *, kept: str = ""
) -> list[Change]:
    """The logs of somebody who is out count up to the heads, also if nothing of them came (4.6.2).

    SECURITY: home ends the logs of whom it removes, in its own group, and no others;
    tests/network/test_leaving.py.

    Args:
        place: The conversation.
        gone: Who is out; "" for nobody.
        heads: The last number that counts in each of their logs.
        situation: What is known of the conversation.
        kept: A log that goes on, of somebody who comes in again; "" for none.
    """
    if not gone:
        return []
    local = situation.is_local(gone)
    ended: list[Change] = []
    for log, final in sorted(heads.items()):
        if same_origin(log, gone):
            if not local:
                ended.append(OpenLog(log, place, gone, local, situation.now))
            ended.append(CloseLog(log, place, gone, final))
    unnamed = (log for log in _unnamed(gone, heads, situation) if log != kept)
    ended += [CloseLog(log, place, gone, 0) for log in unnamed]
    ended.append(TakeBack(place, gone, situation.now))
    return ended


def _unnamed(gone: str, heads: Mapping[str, int], situation: Situation) -> list[str]:
    """Open logs of somebody that home does not know: nothing in them counts."""
    logs = situation.conversation.logs.values() if situation.conversation is not None else ()
    return [
        log.uri for log in logs if log.author == gone and log.final is None and log.uri not in heads
    ]


def _spans(epoch: Epoch, situation: Situation) -> list[Change]:
    """Who is a member from here on, and who no longer.

    SECURITY: a span makes somebody a reader, so none is opened for one of ours who has not said
    yes, whatever home says; tests/unit/activities/test_state_change.py.
    """
    conversation, place = situation.conversation, epoch.conversation_id
    spans = conversation.spans if conversation is not None else ()
    running = {span.person for span in spans if span.to_epoch is None}
    before = set(epoch.old.people) if epoch.old is not None else set()
    after = set(epoch.new.people)
    return [
        *(CloseSpan(place, who, epoch.new.epoch) for who in sorted(before - after)),
        *(
            OpenSpan(place, who, _first_epoch(who, epoch, situation))
            for who in sorted(after - running)
            if not situation.is_local(who) or _is_confirmed(who, epoch, situation)
        ),
    ]


def _first_epoch(person: str, epoch: Epoch, situation: Situation) -> int:
    """From when somebody is a member: as far as home's log tells, else always; ours never so."""
    if person in epoch.since:
        return epoch.since[person]
    is_first_look = epoch.old is None and epoch.new.epoch > 1
    return 0 if is_first_look and not situation.is_local(person) else epoch.new.epoch


def _is_confirmed(person: str, epoch: Epoch, situation: Situation) -> bool:
    held = situation.conversation.memberships if situation.conversation is not None else {}
    role, membership = epoch.new.role_of(person), held.get(person)
    return _standing(person, role, membership, epoch, situation) is Standing.JOINED


def _memberships(epoch: Epoch, situation: Situation) -> list[Change]:
    held = situation.conversation.memberships if situation.conversation is not None else {}
    old = epoch.old.members if epoch.old is not None else {}
    moved = [
        who
        for who in {**old, **epoch.new.members}
        if _is_touched(who, epoch, old, held.get(who)) and not _comes_again(who, epoch, situation)
    ]
    changes: list[Change] = []
    for person in moved:
        membership = held.get(person)
        role = epoch.new.role_of(person)
        state = _standing(person, role, membership, epoch, situation)
        if not isinstance(state, Refused):
            changes.append(
                PutMembership(
                    conversation_id=epoch.conversation_id,
                    person=person,
                    local=situation.is_local(person),
                    role=role,
                    state=state,
                    at=situation.now,
                    invitation_id=_invitation_of(membership, state),
                    inviter=membership.inviter if membership is not None else "",
                    left_epoch=membership.left_epoch if membership is not None else None,
                )
            )
    return changes


def _invitation_of(membership: KnownMembership | None, state: Standing) -> str:
    """The invitation by which somebody is a member: ended, it says nothing of the next time."""
    return membership.invitation_id if membership and state is Standing.JOINED else ""


def _met(epoch: Epoch, situation: Situation) -> list[Change]:
    """Ask for the members nobody here has met: they are to be named, addressed and mentioned.

    Of unaware people who come it is asked what their servers run.
    """
    unknown = [
        Ask(situation.new_id(), "actor", person, situation.now)
        for person in epoch.new.people
        if person not in situation.actors and not situation.is_local(person)
    ]
    came = set(epoch.new.people) - set(epoch.old.people if epoch.old is not None else ())
    known = [situation.actors[person] for person in sorted(came) if person in situation.actors]
    hosts = dict.fromkeys(actor.host for actor in known if not actor.aware)
    return [
        *unknown,
        *(Ask(situation.new_id(), "software", host, situation.now) for host in hosts),
    ]


def _is_touched(
    person: str, epoch: Epoch, old: Mapping[str, str], membership: KnownMembership | None
) -> bool:
    """Whether the step moves somebody.

    Of several changes at once some may have removed a person and others brought them back.
    """
    role = epoch.new.role_of(person)
    waits = membership is not None and membership.state == "joining"
    return person == epoch.subject or old.get(person, "") != role or (waits and bool(role))


def _comes_again(person: str, epoch: Epoch, situation: Situation) -> bool:
    """Whether a Remove ends the time before, of one of ours who has said yes again since.

    The Add that answers them would have made them a member before it. Consent ends by the person's
    own word or by home's Reject, and a Remove is neither (groups-protocol.md 5.2.2).
    """
    held = situation.conversation.memberships if situation.conversation is not None else {}
    membership = held.get(person)
    is_removed = person == epoch.subject and not epoch.new.role_of(person)
    is_next = epoch.old is not None and epoch.new.epoch == epoch.old.epoch + 1
    is_over = not is_next or not epoch.new.people or not is_removed
    if is_over or membership is None or not membership.local:
        return False
    return membership.state == Standing.JOINING


def _begun_again(epoch: Epoch, situation: Situation) -> str:
    """The log that somebody who comes in again has named to home; "" for nobody."""
    conversation, person = situation.conversation, _gone(epoch)
    if conversation is None or not _comes_again(person, epoch, situation):
        return ""
    logs = (log for log in conversation.logs.values() if log.author == person and log.final is None)
    newest = max(logs, key=lambda log: log.moved_at, default=None)
    return newest.uri if newest is not None else ""


def _standing(
    person: str,
    role: str,
    membership: KnownMembership | None,
    epoch: Epoch,
    situation: Situation,
) -> Standing | Refused:
    """Where the change leads a person; one of ours is not confirmed without having said yes."""
    local = situation.is_local(person)
    standing = Standing(membership.state) if membership is not None else None
    if local and person in epoch.consented:
        founds = epoch.old is None
        standing = None if founds else Standing.JOINING
        return membership_table.move(
            standing, Event.FOUNDED if founds else Event.CONFIRMED, local=True
        )
    return membership_table.move(standing, _event(role, epoch), local=local)


def _event(role: str, epoch: Epoch) -> Event:
    if role == OUTCAST:
        return Event.BANNED
    if role:
        return Event.CONFIRMED
    return Event.REMOVED if epoch.new.people else Event.CLOSED


def _stopped(epoch: Epoch, situation: Situation) -> list[Change]:
    """Nothing queued may reach who is no member any more (delivery.md P-6)."""
    gone = set(epoch.old.people) - set(epoch.new.people) if epoch.old is not None else set()
    return [
        CancelSends(epoch.conversation_id, person, situation.actors[person].host, situation.now)
        for person in sorted(gone)
        if not situation.is_local(person) and person in situation.actors
    ]


def _told(epoch: Epoch, situation: Situation) -> list[Change]:
    conversation = situation.conversation
    people = {*epoch.new.people, *(conversation.memberships if conversation is not None else ())}
    return [
        Tell(person, "conversation", epoch.conversation_id, "", situation.now)
        for person in sorted(people)
        if situation.is_local(person) and _hears(person, conversation, epoch)
    ]


def _hears(person: str, conversation: KnownConversation | None, epoch: Epoch) -> bool:
    """Members, and whoever this change moves; somebody with an open invitation hears nothing."""
    membership = conversation.memberships.get(person) if conversation is not None else None
    if membership is None:
        return person in epoch.consented
    return membership.state in {"joined", "joining"} or person in epoch.consented

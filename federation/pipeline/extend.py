"""What one kind of item rests on besides what it names; inside its batch's transaction."""

from collections.abc import Iterable

from msgspec.structs import replace

from federation.activities import flag
from federation.activities.known import KnownConversation
from federation.activities.place_message import text_of
from federation.activities.registry import object_type_of
from federation.activities.situation import Situation
from federation.groups.legacy import Answer, read_answer
from federation.groups.reading import Rule, Window, windows
from federation.pipeline import rows
from federation.pipeline.item import (
    AnswerInvitation,
    EditMessage,
    FollowPerson,
    InvitePerson,
    Item,
    JoinByLink,
    PostMessage,
    Received,
    ReportPerson,
    StartGroup,
)
from federation.pipeline.needs import Needs
from federation.pipeline.shares import with_shares
from storage import (
    activities,
    doors,
    follows,
    invitations,
    media,
    memberships,
    messages,
    readers,
    relays,
    reports,
    software,
)
from storage.times import from_ms

STEPS_BACK = 51


async def extended(item: Item, needs: Needs, situation: Situation) -> Situation:
    """The situation with all that is loaded for this kind of item alone."""
    followed = _followed(item)
    if followed:
        situation = await _with_followers(followed, situation)
    if isinstance(item, Received):
        return await _of_received(item, needs, situation)
    if isinstance(item, InvitePerson | PostMessage | StartGroup):
        situation = await _with_software(needs, situation)
    if isinstance(item, PostMessage):
        conversation = situation.conversation
        # A message that names nobody has no parent but the one that its author answers.
        is_compact = conversation is not None and conversation.is_compact
        found = [] if is_compact else await messages.newest(item.conversation_id, limit=STEPS_BACK)
        uploads = await media.by_id(item.media_ids) if item.media_ids else ()
        return replace(
            situation,
            newest=rows.Lazily(found, rows.known_message),
            uploads=tuple(rows.known_upload(row, situation.space) for row in uploads),
        )
    if isinstance(item, EditMessage) and item.message in situation.messages:
        uploads = await media.of_message(situation.messages[item.message].id)
        shown = tuple(rows.known_upload(row, situation.space) for row in uploads)
        return replace(situation, uploads=shown)
    if isinstance(item, ReportPerson):
        return await _with_reports(item.author, situation)
    if isinstance(item, AnswerInvitation | JoinByLink):
        return await _coming_in(item, situation)
    return situation


async def _coming_in(item: AnswerInvitation | JoinByLink, situation: Situation) -> Situation:
    conversation = situation.conversation
    if conversation is not None and conversation.is_home:
        return replace(situation, earlier=await _earlier(item.author, conversation))
    if isinstance(item, AnswerInvitation) and situation.invitation is None:
        return replace(situation, answered=await _add_of(item.author, situation))
    return situation


async def _earlier(person: str, conversation: KnownConversation) -> tuple[Window, ...]:
    """What somebody here may read of a group of ours that they come into."""
    chain = await readers.changes_of(conversation.id)
    invited_at = await readers.find_invited_at(conversation.id, person)
    rules = [Rule(from_ms(row["created_at"]), row["history"]) for row in chain]
    return windows(rules, invited_at=invited_at)


async def _of_received(item: Received, needs: Needs, situation: Situation) -> Situation:
    if item.activity.type == "Invite" and needs.strangers_to:
        (invitee,) = needs.strangers_to
        return replace(situation, open_requests=await memberships.open_requests(invitee))
    if item.activity.type == "Flag":
        return await _with_reports(item.activity.actor, situation)
    if object_type_of(item.activity) == "Actor":
        return await with_shares(situation)
    if item.activity.type in {"Delete", "Update"} and not situation.speaker.aware:
        return await _with_relay(item.activity.object_id, situation)
    if _may_be_unheard(needs, situation):
        return await _with_invitation_missed(needs, situation)
    return situation


def _followed(item: Item) -> str:
    """Whom somebody wants to follow by this, or ""."""
    if isinstance(item, Received):
        return item.activity.object_id if item.activity.type == "Follow" else ""
    return item.person if isinstance(item, FollowPerson) and item.follows else ""


async def _with_followers(followed: str, situation: Situation) -> Situation:
    """The situation with whether the one followed, if they are here, answers themselves."""
    chosen = (await doors.of_people([followed])).get(followed)
    if chosen is None or not chosen.approves_followers:
        return situation
    waiting = await follows.count_waiting(followed)
    return replace(situation, approves_followers=True, open_follows=waiting)


async def _with_reports(reporter: str, situation: Situation) -> Situation:
    since = situation.now - flag.WITHIN
    return replace(situation, reports_lately=await reports.count_since(reporter, since))


async def _with_relay(message: str, situation: Situation) -> Situation:
    """The situation with how home, which is here, has passed on the message."""
    conversation = situation.conversation
    if conversation is None or not conversation.is_home:
        return situation
    found = await relays.of_message(message, conversation.id)
    return replace(situation, relay_of=rows.known_relay(found[0]) if found else None)


def _may_be_unheard(needs: Needs, situation: Situation) -> bool:
    """Whether an unaware person answers somebody directly, as one answers an invitation."""
    said, conversation = needs.said, situation.conversation
    is_direct = conversation is None or conversation.kind == "direct"
    if said is None or not is_direct or situation.speaker.aware:
        return False
    return read_answer(text_of(said)) is not Answer.OTHER


async def _with_invitation_missed(needs: Needs, situation: Situation) -> Situation:
    """The situation with the invitation by somebody here that is answered past its group."""
    here = [uri for uri in sorted(needs.actors) if situation.is_local(uri)]
    found = await invitations.open_between(needs.author, here)
    if not found:
        return situation
    return replace(situation, unheard_answer=rows.known_invitation(found[0]))


async def _with_software(needs: Needs, situation: Situation) -> Situation:
    """The situation with what the unaware people run whom the item is for."""
    conversation = situation.conversation
    hosts = _unaware_hosts(needs.actors, situation)
    if conversation is not None:
        hosts |= conversation.roster.kept(
            "unaware hosts", lambda: _unaware_hosts(conversation.present(), situation)
        )
    if not hosts:
        return situation
    named = await software.of_hosts(hosts)
    return replace(situation, software={host: found.name for host, found in named.items()})


def _unaware_hosts(people: Iterable[str], situation: Situation) -> frozenset[str]:
    known = [situation.actors[uri] for uri in people if uri in situation.actors]
    return frozenset(actor.host for actor in known if not actor.aware)


async def _add_of(person: str, situation: Situation) -> dict[str, str]:
    """The Add that names somebody of ours who is asked after a restore, with its id."""
    conversation = situation.conversation
    membership = conversation.memberships.get(person) if conversation is not None else None
    if membership is None or not membership.invitation_id:
        return {}
    found = await activities.by_id([membership.invitation_id])
    return {row["id"]: row["document"] for row in found}

"""From an activity and whom it is for to the deliveries that are owed; and the answers we give."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from federation.activities.known import KnownConversation
from federation.activities.roster import KnownActor
from federation.activities.situation import Situation, json_text
from federation.policy import domains
from federation.policy.statement import is_last_word
from federation.protocol.activity import Activity
from federation.protocol.addressing import Destination, Recipient, destinations
from federation.protocol.uri import host_of
from storage.changes import Change, KeepActivity, Send


def sends(
    document: Mapping[str, Any],
    audience: Iterable[str],
    situation: Situation,
    *,
    conversation_id: str = "",
    object_uri: str = "",
    message_id: str = "",
) -> list[Send]:
    """One `Send` for each inbox that is owed the activity; nobody here and nobody twice.

    A member whose node could not be asked yet is owed it as well, at an inbox that is looked up
    when it is sent; members of groups are aware. Where the operator lets nothing go, a message is
    kept as refused, so that its author sees it, and all else is owed to nobody.

    Args:
        document: The activity, signed.
        audience: Actor ids; local ones and deleted accounts are skipped.
        situation: Where the actors are known.
        conversation_id: The conversation whose order the deliveries keep, or "".
        object_uri: What the activity is about; by default itself.
        message_id: Our id of the message it carries, or "".
    """
    places = [
        (place, is_aware, _refusal(document, place.host, situation))
        for place, is_aware in _places(audience, situation)
    ]
    return [
        Send(
            id=situation.new_id(),
            activity_id=document["id"],
            actor=document["actor"],
            host=place.host,
            target=place.target,
            recipients=tuple(place.recipients),
            conversation_id=conversation_id,
            object_uri=object_uri or document["id"],
            aware=is_aware,
            message_id=message_id,
            at=situation.now,
            refusal=refusal,
        )
        for place, is_aware, refusal in places
        if message_id or not refusal
    ]


def group_audience(conversation: KnownConversation, situation: Situation) -> tuple[str, ...]:
    """Everybody elsewhere to whom a message of now goes, the conversation actor among them.

    The same value for as long as nobody comes or goes, by which `sends` knows it again.
    """
    roster = conversation.roster
    if situation.is_local(conversation.uri):
        return roster.present_away
    return roster.kept("audience", lambda: (*roster.present_away, conversation.uri))


Place = tuple[Destination, bool]


def _places(audience: Iterable[str], situation: Situation) -> tuple[Place, ...]:
    """Where an audience is reached, and whether all who are reached there are aware."""
    conversation = situation.conversation
    # PERF: of 1,000 people it takes 3 ms, and it is the same for every message to them.
    if conversation is not None and audience is group_audience(conversation, situation):
        group = situation.actors.get(conversation.uri)
        return conversation.roster.kept(("places", group), lambda: _gathered(audience, situation))
    return _gathered(audience, situation)


def _gathered(audience: Iterable[str], situation: Situation) -> tuple[Place, ...]:
    away = [uri for uri in dict.fromkeys(audience) if _is_reached(uri, situation)]
    recipients = [_recipient(uri, situation.actors.get(uri)) for uri in away]
    return tuple(
        (place, all(_is_aware(situation.actors.get(uri)) for uri in place.recipients))
        for place in destinations(recipients, own_host=situation.space.host)
    )


def _refusal(document: Mapping[str, Any], host: str, situation: Situation) -> str:
    """Why an activity does not go to a host, or ""."""
    reason = domains.why_not_delivered(situation.rules, host)
    return "" if reason and is_last_word(document, host) else reason


def _is_reached(uri: str, situation: Situation) -> bool:
    return not situation.is_local(uri) and not is_deleted(uri, situation)


def is_deleted(uri: str, situation: Situation) -> bool:
    """Whether an account is no more."""
    actor = situation.actors.get(uri)
    return actor is not None and actor.is_deleted


def aware(audience: Iterable[str], situation: Situation) -> list[str]:
    """Those of an audience who speak the group protocol."""
    return [uri for uri in audience if _is_aware(situation.actors.get(uri))]


def _is_aware(actor: KnownActor | None) -> bool:
    return actor is None or actor.aware


def _recipient(uri: str, actor: KnownActor | None) -> Recipient:
    if actor is None:
        return Recipient(uri, host_of(uri), shared_inbox=False)
    return Recipient(uri, actor.host, actor.shared_inbox)


def own(
    document: Mapping[str, Any],
    audience: Iterable[str],
    situation: Situation,
    *,
    conversation_id: str = "",
    object_uri: str = "",
) -> list[Change]:
    """Sign a document of one of our actors, keep it, and owe it to its audience."""
    signed = situation.signers[document["actor"]].sign(document, situation.now)
    keep = KeepActivity(signed["id"], signed["actor"], json_text(signed), situation.now)
    owed = sends(
        signed, audience, situation, conversation_id=conversation_id, object_uri=object_uri
    )
    return [keep, *owed]


def surviving(changes: Iterable[Change]) -> list[Change]:
    """The same, with deliveries that go out whoever is no member, or has no account, by then."""
    return [replace(one, survives=True) if isinstance(one, Send) else one for one in changes]


def own_id(actor: str, situation: Situation) -> str:
    """An id for an activity by one of our actors, below the actor's own."""
    return f"{actor}/a/{situation.new_id()}"


FollowAnswer = Callable[..., dict[str, Any]]


def answer_follow(build: FollowAnswer, activity: Activity, situation: Situation) -> list[Change]:
    """Answer a Follow in the name of whom it follows, by `accept_follow` or `reject_follow`."""
    document = build(
        activity.document,
        activity_id=own_id(activity.object_id, situation),
        published=situation.now,
    )
    return own(document, [activity.actor], situation)

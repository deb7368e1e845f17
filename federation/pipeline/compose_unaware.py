"""PURE: what unaware people are told in words: that somebody invites them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from federation.activities.roster import KnownActor
from federation.activities.sending import own
from federation.activities.situation import Situation
from federation.groups.software import quirks_of
from federation.pipeline.compose_note import handle
from federation.protocol.build.invitation import InvitationInWords, in_words
from federation.protocol.build.note import Addressee
from federation.protocol.verdict import Refused
from storage.changes import Change, Send

# Home elsewhere shows the group to the invited person's server once it has the Invite.
AHEAD: Final = timedelta(seconds=10)


def single_recipient(actor: KnownActor, situation: Situation) -> Refused | None:
    """Why somebody cannot be in a conversation of three or more, by the software they use.

    Source: groups-protocol.md 2
    """
    if actor.aware or not quirks_of(situation.software.get(actor.host, "")).takes_one:
        return None
    return Refused(f"{actor.acct} uses software that takes messages to one person only", 422)


def invite_in_words(inviter: str, person: str, situation: Situation) -> list[Change]:
    """The Note that asks an unaware person into the situation's group; it is no message.

    Source: groups-protocol.md 5.4
    """
    conversation, invitee = situation.conversation, situation.actors[person]
    if conversation is None or conversation.state is None or invitee.aware:
        return []
    note_id = situation.new_id()
    name = situation.space.local_name(inviter) or ""
    others = [uri for uri in conversation.state.people if uri != inviter]
    group = situation.actors.get(conversation.uri)
    said = InvitationInWords(
        inviter=inviter,
        name=situation.speaker.name or situation.speaker.acct,
        note_id=situation.space.note(name, note_id),
        page=situation.space.message_page(note_id),
        thread=situation.space.direct_context(name, note_id),
        title=conversation.title,
        others=[handle(situation.actors[uri]) for uri in others if uri in situation.actors],
        people=[
            Addressee(person, handle(invitee)),
            Addressee(conversation.uri, handle(group) if group is not None else ""),
        ],
        published=situation.now,
    )
    document = in_words(said)
    changes = own(document, document["to"], situation, conversation_id=conversation.id)
    if conversation.is_home:
        return changes
    return [_later(change, invitee.host) for change in changes]


def _later(change: Change, host: str) -> Change:
    if isinstance(change, Send) and change.host == host:
        return replace(change, at=change.at + AHEAD)
    return change

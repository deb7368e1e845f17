"""PURE: where a message of ours stands: its conversation, its number, its time and its parent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from federation.activities.known import (
    LONG_AGO,
    KnownConversation,
    KnownMessage,
    KnownUpload,
)
from federation.activities.roster import KnownActor
from federation.activities.shown import on_the_wire
from federation.activities.situation import Situation
from federation.content.markdown import to_html
from federation.groups import clock, parent, sequence
from federation.groups.sequence import MovedLog
from federation.groups.software import COVEY
from federation.pipeline.item import PostMessage
from federation.protocol.build.note import (
    Addressee,
    DirectPlace,
    GroupPlace,
    LogPlace,
    Message,
    create_note,
)

NAMELESS: Final = "someone"


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation as an author of ours sees it when writing.

    Attributes:
        everybody: Whom a message may name, the author among them.
    """

    conversation: KnownConversation
    author: str
    everybody: tuple[Addressee, ...]
    actor: Addressee

    @property
    def people(self) -> tuple[Addressee, ...]:
        """Everybody but the author."""
        return tuple([one for one in self.everybody if one.uri != self.author])

    def group(self) -> GroupPlace:
        """The group at the epoch held here."""
        state = self.conversation.state
        if state is None:
            raise ValueError("a direct conversation has no epoch")
        return GroupPlace(
            actor=self.actor,
            context=self.conversation.context,
            epoch=state.epoch,
            state=state.hash,
            members=len(state.people),
        )

    def next_entry(self, author: str, situation: Situation) -> LogPlace:
        """The next number in the author's log, and the other logs that moved since the last one.

        An author without an open log starts one.
        """
        log = self.conversation.written.open_here.get(author)
        if log is None:
            name = situation.space.local_name(author) or ""
            uri = situation.space.log(name, situation.new_id())
            return LogPlace(uri, 1, "", self._heads(uri, None))
        # Two things may happen in one millisecond; a head that is named twice does no harm.
        since = log.moved_at - clock.STEP if log.head else None
        return LogPlace(log.uri, log.head + 1, log.last_entry_id, self._heads(log.uri, since))

    def _heads(self, own_log: str, since: datetime | None) -> Mapping[str, int]:
        moved = (
            MovedLog(log.uri, log.head, log.moved_at)
            for log in self.conversation.written.moved_since(since or LONG_AGO)
        )
        return sequence.heads_to_send(moved, own_log=own_log, since=since)


def place_of(conversation: KnownConversation, situation: Situation) -> Place:
    """The conversation with everybody in it, as far as they are known."""
    everybody = conversation.roster.kept("addressees", lambda: _addressees(conversation, situation))
    actor = situation.actors.get(conversation.uri)
    acct = handle(actor) if actor is not None else ""
    author = situation.speaker.uri
    return Place(conversation, author, everybody, Addressee(conversation.uri, acct))


def _addressees(conversation: KnownConversation, situation: Situation) -> tuple[Addressee, ...]:
    return tuple(
        Addressee(uri, handle(situation.actors[uri]))
        for uri in conversation.present()
        if uri in situation.actors
    )


def handle(actor: KnownActor) -> str:
    """What a Mention calls somebody; whoever has no name that may be shown is still mentioned."""
    return actor.acct if actor.username else f"{NAMELESS}@{actor.domain}"


def write_note(
    draft: PostMessage,
    place: Place,
    situation: Situation,
    *,
    uploads: Sequence[KnownUpload] = (),
) -> tuple[str, dict[str, Any]]:
    """Our id of the message, and its Create without proof."""
    note_id = situation.new_id()
    conversation = place.conversation
    name = situation.space.local_name(draft.author) or ""
    note = situation.space.note(name, note_id)
    message = Message(
        author=draft.author,
        note_id=note,
        activity_id=f"{note}/create",
        page=situation.space.message_page(note_id),
        html=to_html(draft.text) if draft.text.strip() else "",
        source=draft.text,
        published=clock.stamp(situation.now, conversation.newest_t),
        in_reply_to=_parent(draft, place, situation),
        reply_to=draft.reply_to,
        attachments=on_the_wire([upload.shown for upload in uploads]),
        notice=draft.notice,
        card=draft.card,
    )
    document = create_note(
        message=message,
        people=() if conversation.is_compact else place.people,
        place=_where(place, name, note_id, situation),
        log=place.next_entry(draft.author, situation),
    )
    return note_id, document


def _parent(draft: PostMessage, place: Place, situation: Situation) -> str:
    held = situation.messages.get(draft.reply_to)
    answered = _candidate(held, situation) if held is not None else None
    if place.conversation.is_compact:
        return parent.of_compact(answered)
    addressees = {addressee.uri for addressee in place.people}
    return parent.choose(
        answered,
        (_candidate(message, situation) for message in situation.newest),
        addressees=addressees,
        software={_software(situation.actors[uri], situation) for uri in addressees},
    )


def _software(actor: KnownActor, situation: Situation) -> str:
    return COVEY if actor.aware else situation.software.get(actor.host, "")


def _candidate(message: KnownMessage, situation: Situation) -> parent.Candidate:
    author = situation.actors.get(message.author)
    return parent.Candidate(
        uri=message.uri,
        author=message.author,
        addressees=frozenset(message.addressed_to),
        author_aware=author is not None and author.aware,
        relayed=message.provenance == "relayed",
    )


def _where(place: Place, name: str, note_id: str, situation: Situation) -> GroupPlace | DirectPlace:
    conversation = place.conversation
    if conversation.kind == "group":
        return place.group()
    minted = situation.space.direct_context(name, note_id)
    context = conversation.context or minted
    return DirectPlace(context=context, conversation=conversation.thread or context)

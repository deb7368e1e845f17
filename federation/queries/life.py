"""What stands below messages, and what of them is kept from one person's eyes."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from federation.queries.views import MessageView, ReactionView
from storage import blocks, message_edits, reactions, timelines, viewing
from storage.database import Row
from storage.times import from_ms, from_ms_or_none
from storage.viewing import Viewers


@dataclass(frozen=True, slots=True)
class VersionView:
    """What a message said before it was edited."""

    written_at: datetime
    text: str | None
    html: str | None


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Reactions to messages, and how the viewers stand to them.

    Attributes:
        reactions: By message, in order: the emoji and the person of each.
    """

    reactions: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    viewers: Viewers = field(default_factory=Viewers)

    def shown(self, view: MessageView, row: Row, viewer: str) -> MessageView:
        """The message with its reactions; without a body where it is removed or its author hidden.

        Before somebody has accepted a conversation they get its words alone: no file, no link, no
        picture of who wrote them.

        Source: groups-protocol.md 7 and 11.3; chat-ux.md 9; operations.md 8
        """
        removed_at = from_ms_or_none(row["removed_at"])
        is_blocked = (viewer, row["author_uri"]) in self.viewers.hidden
        if self.waits(row, viewer):
            author = dataclasses.replace(view.author, icon="")
            view = replace(view, html=None, attachments=(), card=None, author=author)
        if removed_at is not None or is_blocked:
            view = replace(view, text=None, html=None, attachments=(), card=None, edited_at=None)
        return replace(
            view,
            removed_at=removed_at,
            is_blocked=is_blocked,
            is_muted=(viewer, row["author_uri"]) in self.viewers.muted,
            reactions=() if is_blocked else self._reactions(row["id"], viewer),
        )

    def waits(self, row: Row, viewer: str) -> bool:
        """Whether a message is in something that this person has not accepted."""
        has_accepted = (viewer, row["conversation_id"]) in self.viewers.accepted
        return not has_accepted and viewer != row["author_uri"]

    def _reactions(self, message_id: str, viewer: str) -> tuple[ReactionView, ...]:
        people: dict[str, list[str]] = defaultdict(list)
        for emoji, person in self.reactions.get(message_id, ()):
            people[emoji].append(person)
        return tuple(
            ReactionView(emoji, len(given), viewer in given) for emoji, given in people.items()
        )


async def aftermath(rows: Sequence[Row], viewers: Collection[str]) -> Aftermath:
    """What became of the messages of these rows, for these people."""
    if not rows:
        return Aftermath()
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in await reactions.shown([row["id"] for row in rows]):
        found[row["message_id"]].append((row["emoji"], row["actor_uri"]))
    stand = await viewing.stand(
        viewers,
        authors={row["author_uri"] for row in rows},
        conversations={row["conversation_id"] for row in rows},
    )
    return Aftermath(found, stand)


async def find_versions(person: str, message_id: str) -> tuple[VersionView, ...] | None:
    """What a message said before, oldest first; None where the person does not see it."""
    place = await timelines.find_place(message_id, person)
    if place is None or await blocks.hidden_among(person, [place["author_uri"]]):
        return None
    conversation = place["conversation_id"]
    has_accepted = await viewing.has_accepted(person, conversation)
    return tuple(
        VersionView(from_ms(row["written_at"]), row["text"], row["html"] if has_accepted else None)
        for row in await message_edits.versions_of(message_id)
    )


async def reacted_to(person: str, message_id: str, *, limit: int) -> tuple[str, ...]:
    """The ids of those who have reacted to a message that the person sees, the first ones first.

    Whom the person hides is left out.
    """
    people = dict.fromkeys([row["actor_uri"] for row in await reactions.shown([message_id])])
    hidden = await blocks.hidden_among(person, people)
    return tuple([uri for uri in people if uri not in hidden][:limit])

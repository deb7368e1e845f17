"""What rules change in how people here see things: no media, no links, no preview.

What is stored stays as it came; a rule that is taken back changes nothing any more. The rules of a
node are in a context variable, as its database is, since every view asks for them.

Source: policy.md 1, 4
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Final

from msgspec import structs

from federation.content.links import without_links
from federation.policy.domains import NO_RULES, Rules
from federation.policy.rule import Effect
from federation.protocol.uri import host_of
from federation.queries.travel import NoticeView
from federation.queries.views import AttachmentView, MessageView
from storage import limits
from storage.database import Row

IN_FORCE: Final[ContextVar[Callable[[], Rules]]] = ContextVar("rules_in_force")
NOT_SHOWN: Final = "kept-back"
MARKED: Final = "marked"
# How much is told of what a rule has marked.
MARKED_CHARS: Final = 200
# What a message says of each, in the order in which it does.
NOTICES: Final = {
    Effect.STRIP_MEDIA: "media-kept-back",
    Effect.DISABLE_LINKS: "links-off",
    Effect.NO_PREVIEW: "no-preview",
}


def rules_in_force() -> Rules:
    """The rules of the node that asks; none where nobody has said which."""
    found = IN_FORCE.get(None)
    return found() if found is not None else NO_RULES


def is_without_media(uri: str) -> bool:
    """Whether nothing of somebody's pictures is fetched and shown, by the name of their host."""
    return Effect.STRIP_MEDIA in rules_in_force().shown.of(host_of(uri))


@dataclass(frozen=True, slots=True)
class Limits:
    """How some messages are shown.

    Attributes:
        kept: The rules that said so when a message was filed, by message and person.
    """

    rules: Rules = NO_RULES
    kept: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def of(self, row: Row, viewer: str) -> frozenset[Effect]:
        """What is shown otherwise of a message to this person."""
        kept = self.kept.get((row["id"], viewer), ())
        return self.rules.shown.of(host_of(row["author_uri"]), kept)

    def shown(self, view: MessageView, row: Row, viewer: str) -> MessageView:
        """The message as rules let this person see it."""
        effects = self.of(row, viewer)
        return limited(view, effects) if effects else view

    def waiting(self, view: MessageView, viewer: str) -> MessageView:
        """What waits for an answer: of what a rule has marked the beginning, and that it did.

        Source: policy.md 8; chat-ux.md 9.2
        """
        if not self.rules.shown.is_marked(self.kept.get((view.id, viewer), ())):
            return view
        text = view.text
        if text is not None and len(text) > MARKED_CHARS:
            text = text[: MARKED_CHARS - 1] + "…"
        return structs.replace(view, text=text, notices=(*view.notices, NoticeView(MARKED)))


async def limits_of(rows: Sequence[Row], viewers: Collection[str]) -> Limits:
    """How these messages are shown; no query unless a rule marks, or asks for more than a name."""
    rules = rules_in_force()
    if not rows or not viewers or not (rules.filing.shows or rules.filing.marks):
        return Limits(rules)
    return Limits(rules, await limits.of_messages([row["id"] for row in rows], viewers))


def limited(view: MessageView, effects: frozenset[Effect]) -> MessageView:
    """A message of which some is kept back, and that says so where something is."""
    told: set[Effect] = set()
    if Effect.STRIP_MEDIA in effects:
        told |= {Effect.STRIP_MEDIA} if view.attachments else set()
        files = tuple(_kept_back(one) for one in view.attachments)
        view = structs.replace(view, attachments=files, author=replace(view.author, icon=""))
    if Effect.DISABLE_LINKS in effects and view.html is not None:
        html = without_links(view.html)
        told |= {Effect.DISABLE_LINKS} if html != view.html else set()
        view = structs.replace(view, html=html)
    if Effect.NO_PREVIEW in effects:
        told |= {Effect.NO_PREVIEW} if view.card is not None else set()
        view = structs.replace(view, card=None, is_quiet=True)
    said = tuple(NoticeView(kind) for effect, kind in NOTICES.items() if effect in told)
    return structs.replace(view, notices=(*view.notices, *said)) if said else view


def _kept_back(one: AttachmentView) -> AttachmentView:
    return replace(one, url="", thumbnail_url="", blurhash="", problem=NOT_SHOWN)

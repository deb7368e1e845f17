"""PURE: what a rule says of a domain in the words in which Mastodon's administrators say it.

    severity and reject_media    is
    suspend                      reject, both ways
    silence                      request, no_preview; with reject_media strip_media too
    noop                         nothing but what is rejected of it
    reject_media                 strip_media, no_preview
    reject_reports               a second rule: type = Flag, drop

What is read is what was written (docs/decisions/0033): a tool that compares the two would write
for ever otherwise.

Source: policy.md 13, 14; https://docs.joinmastodon.org/entities/Admin_DomainBlock/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from federation.policy.lists.entry import Entry
from federation.policy.rule import Action, Effect

SUSPEND, SILENCE, NOOP = "suspend", "silence", "noop"
# The mildest first.
RANKS: Final = (NOOP, SILENCE, SUSPEND)
_ACTIONS: Final[Mapping[str, Action | None]] = {
    SUSPEND: Action.REJECT,
    SILENCE: Action.REQUEST,
    NOOP: None,
}
_SEVERITIES: Final[Mapping[Action | None, str]] = {
    Action.REJECT: SUSPEND,
    Action.DROP: SUSPEND,
    Action.REQUEST: SILENCE,
    Action.HOLD: SILENCE,
    None: NOOP,
}


@dataclass(frozen=True, slots=True)
class DomainBlock:
    """What is kept out of a domain, with all below it."""

    domain: str
    severity: str = SUSPEND
    reject_media: bool = False
    reject_reports: bool = False
    public_comment: str = ""
    private_comment: str = ""
    obfuscate: bool = False

    def is_stricter_than(self, other: "DomainBlock") -> bool:
        """Whether it keeps out all that another one does, as Mastodon compares them."""
        mine, theirs = RANKS.index(self.severity), RANKS.index(other.severity)
        if self.severity == SUSPEND or mine < theirs:
            return self.severity == SUSPEND
        has_media = self.reject_media or not other.reject_media
        return has_media and (self.reject_reports or not other.reject_reports)


def entry_of(block: DomainBlock) -> Entry:
    """The block as an entry, of which rules are made."""
    show = set()
    if block.severity == SILENCE or block.reject_media:
        show.add(Effect.NO_PREVIEW)
    if block.reject_media:
        show.add(Effect.STRIP_MEDIA)
    if block.severity == SUSPEND:
        # Nothing is shown of what is kept out, but the wish is kept for who asks.
        show.discard(Effect.NO_PREVIEW)
    return Entry(
        block.domain,
        _ACTIONS[block.severity],
        show=frozenset(show),
        drops_reports=block.reject_reports,
        public_reason=block.public_comment,
        private_reason=block.private_comment,
        obfuscate=block.obfuscate,
    )


def block_of(entry: Entry) -> DomainBlock | None:
    """What an entry says, or None where it cannot be said so."""
    severity = _SEVERITIES.get(entry.action)
    if severity is None or entry.key.startswith("*."):
        return None
    return DomainBlock(
        entry.key,
        severity,
        Effect.STRIP_MEDIA in entry.show,
        entry.drops_reports,
        entry.public_reason,
        entry.private_reason,
        entry.obfuscate,
    )

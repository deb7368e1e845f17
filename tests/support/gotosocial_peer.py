"""A server that judges and writes as GoToSocial does, as far as private messages show it.

1. It has no shared inbox. An activity needs an `@context`.
2. The Note's own `to` and `cc` count, not those of the activity, and who is not mentioned as well
   is shown nothing.
3. It fetches the parent, signed, and the Note itself may be fetched. A parent that it cannot have
   is left out.
4. Whoever blocks one of those addressed is shown nothing, and nobody is told.
5. Its row is the thread: what stands below one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.gate import Exchange
from tests.support.legacy_member import PUBLIC, LegacyMember, Shown, as_list, mentions


@dataclass(slots=True)
class GoToSocialPeer(LegacyMember):
    """Dave's GoToSocial.

    Attributes:
        blocks: Whom he blocks.
    """

    name: str = "dave"
    blocks: set[str] = field(default_factory=set)

    async def judge(self, note: Mapping[str, Any]) -> None:
        """Show a Note in its thread, or do not show it."""
        addressed = {*as_list(note["to"]), *as_list(note["cc"])}
        if any(one == PUBLIC or one.endswith("/followers") for one in addressed):
            self.lost.append("not private")
            return
        named = set(mentions(note))
        if self.uri not in addressed & named:  # 2
            self.lost.append("not mentioned")
            return
        if self.blocks & {note["attributedTo"], *addressed}:  # 4
            self.lost.append("a pair that is blocked")
            return
        for one in sorted(named - {self.uri}):
            await self.meet(one)
        parent = await self._parent(note)
        shown = Shown(
            uri=note["id"],
            author=note["attributedTo"],
            text=note["content"],
            kind="direct message",
            people=frozenset({note["attributedTo"], *(named & set(self.met))} - {self.uri}),
            row=(self._root(parent) or note["id"],),
            parent=parent,
            attachments=tuple(one["url"] for one in note.get("attachment", [])),
        )
        self.shown.append(shown)

    async def _parent(self, note: Mapping[str, Any]) -> str:
        above = str(note.get("inReplyTo", ""))
        if not above or above in self.notes or any(one.uri == above for one in self.shown):
            return above
        return above if await self.get(above) is not None else ""

    def _root(self, uri: str) -> str:
        above = {one.uri: one.parent for one in self.shown}
        above |= {note: str(held.get("inReplyTo", "")) for note, held in self.notes.items()}
        while above.get(uri):
            uri = above[uri]
        return uri

    async def _take(self, exchange: Exchange) -> None:
        if "@context" not in exchange.document:  # 1
            self.lost.append("no @context")
            return
        await LegacyMember._take(self, exchange)

"""A server that judges and writes as Misskey and its relatives do, as far as direct notes show it.

1. It fetches no context document besides the two that everybody names.
2. A Note with more than 20 Mentions is lost.
3. So is a Note whose parent it neither has nor can fetch.
4. Everybody in `to` and `cc` may see a direct note, and is kept in replies.
5. It shows emoji reactions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.gate import Exchange
from tests.support.legacy_member import PUBLIC, LegacyMember, Shown, as_list, mentions

MENTIONS_MAX = 20
CONTEXTS = {"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"}


@dataclass(slots=True)
class MisskeyPeer(LegacyMember):
    """Mika's Misskey."""

    name: str = "mika"
    software: str = "misskey"
    shared: bool = True

    @property
    def key_id(self) -> str:
        """The id of her key."""
        return f"{self.uri}#main-key"

    async def judge(self, note: Mapping[str, Any]) -> None:
        """Show a Note as a direct one, or lose it."""
        addressed = [*as_list(note["to"]), *as_list(note["cc"])]
        if any(one == PUBLIC or one.endswith("/followers") for one in addressed):
            self.lost.append("not private")
            return
        if len(mentions(note)) > MENTIONS_MAX:  # 2
            self.lost.append("too many mentions")
            return
        parent = str(note.get("inReplyTo", ""))
        if parent and not await self._has(parent):  # 3
            self.lost.append("a parent that is not there")
            return
        people = [one for one in addressed if one == self.uri or await self.meet(one)]
        if self.uri not in people:
            self.lost.append("not addressed")
            return
        self.shown.append(
            Shown(
                uri=note["id"],
                author=note["attributedTo"],
                text=note["content"],
                kind="direct note",
                people=frozenset({note["attributedTo"], *people} - {self.uri}),  # 4
                row=(note["id"],),
                parent=parent,
                attachments=tuple(one["url"] for one in note.get("attachment", [])),
            )
        )

    async def _has(self, uri: str) -> bool:
        if uri in self.notes or any(one.uri == uri for one in self.shown):
            return True
        return await self.get(uri) is not None

    async def _take(self, exchange: Exchange) -> None:
        named = as_list(exchange.document.get("@context", []))
        if {one for one in named if isinstance(one, str)} - CONTEXTS:  # 1
            self.lost.append("a foreign context")
            return
        await LegacyMember._take(self, exchange)

    def react(self, like: Mapping[str, Any]) -> None:
        """5. A reaction with its emoji."""
        if like["object"] in self.notes:
            self.reactions.append((like["actor"], like.get("content", "❤")))

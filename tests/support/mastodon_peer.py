"""A server that judges and writes as Mastodon does, as far as private messages show it.

1. The visibility comes from `to` and `cc`: Public, else followers, else it is private.
2. Whom a Mention names takes part; their documents are fetched. Whoever is addressed without one
   makes the post "limited": nobody is shown it among their private mentions.
3. A private mention by somebody whom she has not accepted is kept aside, unless it stands below a
   message of hers, at most 100 steps up.
4. Its row is its `conversation` with exactly these people. It shows four files.
5. A reply goes to all who are mentioned, with the `conversation` repeated. Old releases add the
   followers of a group, which they invent where its document names none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.legacy_member import PUBLIC, LegacyMember, Shown, as_list, mentions

ANCESTORS_MAX = 100
FILES_MAX = 4
TERMS = {"ostatus": "http://ostatus.org#", "conversation": "ostatus:conversation"}


@dataclass(slots=True)
class MastodonPeer(LegacyMember):
    """Carol's Mastodon.

    Attributes:
        accepted: Senders whom she has accepted.
        is_old: Whether it invents followers of groups.
    """

    software: str = "mastodon"
    shared: bool = True
    accepted: set[str] = field(default_factory=set)
    is_old: bool = False

    @property
    def key_id(self) -> str:
        """The id of her key."""
        return f"{self.uri}#main-key"

    async def accept_senders(self) -> None:
        """Accept the notification requests of all who have written."""
        self.accepted |= {one.author for one in self.filtered}
        await LegacyMember.accept_senders(self)

    async def judge(self, note: Mapping[str, Any]) -> None:
        """Show a Note among private mentions, keep it aside, or do not show it."""
        addressed = {*as_list(note["to"]), *as_list(note["cc"])}
        followers = self.met[note["attributedTo"]].get("followers")
        if addressed & {PUBLIC, followers}:  # 1
            self.lost.append("not private")
            return
        named = [one for one in mentions(note) if one == self.uri or await self.meet(one)]
        if self.uri not in named or addressed - set(named):  # 2
            self.lost.append("limited, not a private mention")
            return
        people = frozenset({note["attributedTo"], *named} - {self.uri})
        thread = str(note.get("conversation") or note["id"])
        shown = Shown(
            uri=note["id"],
            author=note["attributedTo"],
            text=note["content"],
            kind="private mention",
            people=people,
            row=(thread, *sorted(people)),
            parent=self._parent(note),
            thread=thread,
            attachments=tuple(one["url"] for one in note.get("attachment", []))[:FILES_MAX],
        )
        is_known = shown.author in self.accepted or self._is_below_hers(shown)  # 3
        (self.shown if is_known else self.filtered).append(shown)

    def create(
        self, text: str, to: list[str], cc: list[str], parent: Shown | None
    ) -> dict[str, Any]:
        """A Create as Mastodon writes it: lists everywhere, and a conversation."""
        invented = [
            f"{one}/followers"
            for one in to
            if self.is_old and self.met[one]["type"] == "Group" and "followers" not in self.met[one]
        ]
        create = LegacyMember.create(self, text, to, cc, parent)
        note = create["object"]
        for document in (create, note):
            document |= {"to": [*to, *invented], "cc": cc}
        create["@context"] = ["https://www.w3.org/ns/activitystreams", TERMS]
        note["tag"] = as_list(note["tag"])
        note["conversation"] = (
            parent.thread if parent is not None else f"tag:{self.host},2026:objectId={self._sent}"
        )
        return create

    def _parent(self, note: Mapping[str, Any]) -> str:
        above = note.get("inReplyTo")
        known = {*self.notes, *(one.uri for one in (*self.shown, *self.filtered))}
        return above if above in known else ""

    def _is_below_hers(self, shown: Shown) -> bool:
        above = {one.uri: one.parent for one in (*self.shown, *self.filtered)}
        above |= {uri: str(note.get("inReplyTo", "")) for uri, note in self.notes.items()}
        uri = shown.parent
        for _ in range(ANCESTORS_MAX):
            if uri in self.notes:
                return True
            uri = above.get(uri, "")
        return False

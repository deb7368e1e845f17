"""What clients were told and what members are shown, compared: promises P-1 to P-3 as a test.

Source: delivery.md, section 11, points 1 to 4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.person import Person, Room


@dataclass(frozen=True, slots=True)
class Sent:
    """One send: its text is its own, and `is_ok` says whether the client was told 2xx."""

    author: str
    text: str
    is_ok: bool


@dataclass(slots=True)
class History:
    """Every send in one conversation, as its clients saw it."""

    room: Room
    sends: list[Sent] = field(default_factory=list)

    async def say(self, person: Person, text: str) -> bool:
        """Say something unique and note what the client was told; whether it was 2xx.

        Whoever hears nothing asks again under the same key, as a client does.
        """
        try:
            await person.say(self.room, text, key=text)
            is_ok = True
        except (OSError, TimeoutError, AssertionError):
            is_ok = False
        self.sends.append(Sent(person.acct, text, is_ok))
        return is_ok

    async def is_quiet(self, members: Iterable[Person]) -> bool:
        """Whether everybody is shown all that was acknowledged, and the same."""
        shown = [await person.texts(self.room) for person in members]
        kept = {one.text for one in self.sends if one.is_ok}
        return all(kept <= set(texts) and sorted(texts) == sorted(shown[0]) for texts in shown)

    async def faults(self, members: Iterable[Person]) -> list[str]:
        """What is wrong at these members, one sentence each; empty if all is well."""
        shown = {person.acct: await person.messages(self.room) for person in members}
        return [
            fault
            for acct, messages in shown.items()
            for fault in (*self._missing(acct, messages), *self._strange(acct, messages))
        ] + _in_other_order(shown)

    def _missing(self, acct: str, messages: Sequence[Mapping[str, Any]]) -> list[str]:
        texts = [one["text"] for one in messages]
        return [
            f"{acct} is shown {one.text!r} {texts.count(one.text)} times"
            for one in self.sends
            if texts.count(one.text) not in ({1} if one.is_ok else {0, 1})
        ]

    def _strange(self, acct: str, messages: Sequence[Mapping[str, Any]]) -> list[str]:
        known = {(one.author, one.text) for one in self.sends}
        return [
            f"{acct} is shown {one['text']!r} by {one['author']['acct']}, which nobody said"
            for one in messages
            if (one["author"]["acct"], one["text"]) not in known
        ]


def _in_other_order(shown: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Everybody is shown the union of all messages by (t, id), ids by their bytes."""
    union = {one["uri"]: one for messages in shown.values() for one in messages}
    expected = sorted(union, key=lambda uri: (union[uri]["published"], uri.encode()))
    return [
        f"{acct} is shown another order or set: {[one['text'] for one in messages]}"
        for acct, messages in shown.items()
        if [one["uri"] for one in messages] != expected
    ]

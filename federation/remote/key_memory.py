"""The keys in use are at hand as objects, and what could not be had is not asked for again soon."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from federation.protocol.keys import PublicKey
from federation.remote.objects import Away, NotThere, Unusable
from storage.tally import Tally

KEYS_REMEMBERED: Final = 10_000
ANSWERS_REMEMBERED: Final = 10_000
# After so long a key is read from storage again, where another process may have changed it.
READ_AGAIN_AFTER: Final = timedelta(minutes=1)

NOT_AGAIN_FOR: Final = timedelta(minutes=5)
ABSENT_FOR: Final = timedelta(minutes=10)
GONE_FOR: Final = timedelta(hours=24)
AWAY_FOR: Final = timedelta(seconds=60)
AWAY_FOR_AT_MOST: Final = timedelta(hours=1)

Failure = NotThere | Unusable | Away
# What an operator's counters call the end of a fetch.
WORDS: Final[Mapping[type, str]] = {
    type(None): "found",
    NotThere: "not_there",
    Unusable: "unusable",
    Away: "away",
}


@dataclass(frozen=True, slots=True)
class KeyFound:
    """A key, and what its actor lists it for.

    Attributes:
        is_for_proofs: Whether the actor's `assertionMethod` lists it.
        fetched_at: When the actor's document last listed it.
    """

    key: PublicKey
    is_for_proofs: bool
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The last time a document was asked for.

    Attributes:
        failure: None if it came.
        until: Before this it is not asked for again.
        wait: How long `until` was away.
        is_spent: Whether it was looked at again for a key that it did not list, in this time.
    """

    failure: Failure | None
    until: datetime
    wait: timedelta
    is_spent: bool = False


class KeyMemory:
    """Keys by id, and the last answer of each key document; bounded, the oldest go first."""

    def __init__(self, tally: Tally | None = None) -> None:
        self._tally = tally or Tally()
        self._keys: OrderedDict[str, tuple[KeyFound, datetime]] = OrderedDict()
        self._dropped: OrderedDict[str, None] = OrderedDict()
        self._asked: OrderedDict[str, Asked] = OrderedDict()

    def find(self, key_id: str, now: datetime) -> KeyFound | None:
        """The key, unless it is time to read it again."""
        held = self._keys.get(key_id)
        if held is None or now - held[1] >= READ_AGAIN_AFTER:
            return None
        return held[0]

    def remember(self, found: KeyFound, now: datetime) -> None:
        """Hold a key that was just read from storage."""
        self._keys.pop(found.key.key_id, None)
        self._dropped.pop(found.key.key_id, None)
        self._keys[found.key.key_id] = (found, now)
        if len(self._keys) > KEYS_REMEMBERED:
            self._keys.popitem(last=False)

    def forget(self, actor_uri: str, *, dropped: Iterable[str] = ()) -> None:
        """Read an actor's keys anew: its document has changed, and lists some no longer."""
        owned = [name for name, (found, _) in self._keys.items() if found.key.owner == actor_uri]
        for name in owned:
            del self._keys[name]
        self._dropped.update(dict.fromkeys(dropped))
        while len(self._dropped) > KEYS_REMEMBERED:
            self._dropped.popitem(last=False)

    def doubt(self) -> None:
        """Read every key anew: it is not known which documents have changed."""
        self._keys.clear()

    def is_dropped(self, key_id: str) -> bool:
        """Whether its actor listed a key, and then did not, while this process looked."""
        return key_id in self._dropped

    def last_asked(self, document: str, now: datetime) -> Asked | None:
        """How asking for a document ended, if it is too early to ask again."""
        asked = self._asked.get(document)
        return asked if asked is not None and asked.until > now else None

    def note(self, document: str, failure: Failure | None, now: datetime) -> Asked:
        """Remember how asking for a document has ended.

        Source: security.md 3: 10 min, 24 h for 410, 60 s doubling to 1 h while nobody can know.
        """
        self._tally.keys.add(WORDS[type(failure)])
        before = self._asked.pop(document, None)
        wait = _wait(failure, before)
        has_come = before is not None and before.failure is None and before.until > now
        asked = Asked(failure, now + wait, wait, is_spent=has_come)
        self._asked[document] = asked
        if len(self._asked) > ANSWERS_REMEMBERED:
            self._asked.popitem(last=False)
        return asked

    def spend(self, document: str) -> None:
        """A document does not list a key that it was asked for: it is not asked again soon."""
        asked = self._asked.get(document)
        if asked is not None:
            self._asked[document] = replace(asked, is_spent=True)


def _wait(failure: Failure | None, before: Asked | None) -> timedelta:
    match failure:
        case None:
            return NOT_AGAIN_FOR
        case NotThere(is_gone=True):
            return GONE_FOR
        case NotThere() | Unusable():
            return ABSENT_FOR
        case Away():
            was_away = before is not None and isinstance(before.failure, Away)
            return min(2 * before.wait, AWAY_FOR_AT_MOST) if before and was_away else AWAY_FOR

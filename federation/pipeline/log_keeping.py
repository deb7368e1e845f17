"""After each batch it is known what is held of every log it touched, and the rest is asked for.

An entry's number counts as held whatever became of the entry, or it would be asked for again. The
heads it names count only if it was applied: they are its author's word.

Source: groups-protocol.md 9.3 and 9.5; delivery.md 6
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from federation.activities.author_logs import KnownLog
from federation.activities.known import KnownConversation
from federation.activities.situation import Situation
from federation.groups.sequence import JUMP_MAX, is_jump
from federation.pipeline.accounts import cause_of, owner_of
from federation.pipeline.outcome import Applied
from federation.pipeline.taken import Taken, may_be_a_members, place_of
from storage.changes import Ask, Change, KeepHeld

# What is missing may be on its way.
WAIT: Final = timedelta(seconds=10)
BETWEEN_STARTS: Final = timedelta(seconds=30)
# Of what a single entry names, so many logs that nobody here has seen are looked at.
UNKNOWN_MAX: Final = 100
# A direct conversation's log is not given up for others' words more often.
NEW_LOG_EVERY: Final = timedelta(days=1)

# Which activities are held under a number of a log.
Entries = Mapping[tuple[str, int], frozenset[str]]


def settle(entries: Iterable[Taken], held: Entries) -> list[Change]:
    """What is known of the logs after these entries, and what is asked for.

    Args:
        entries: In the order in which they were performed.
        held: What was held before at their places and the ones before these.
    """
    ledger = _Ledger(held)
    for entry in entries:
        ledger.enter(entry)
    return ledger.changes()


class _Ledger:
    """The logs that a batch touches, as they stand after each of its entries."""

    def __init__(self, held: Entries) -> None:
        self._held = {place: set(ids) for place, ids in held.items()}
        self._before: dict[str, KnownLog | None] = {}
        self._logs: dict[str, tuple[str, KnownLog]] = {}
        self._asks: dict[tuple[str, str], Ask] = {}
        self._situation: Situation | None = None

    def enter(self, entry: Taken) -> None:
        """Take an entry's number and the heads it names."""
        conversation_id, log = place_of(entry), self._log(entry)
        self._situation = entry.situation
        if log is None or not conversation_id or log.author != entry.activity.actor:
            return
        self._logs[log.uri] = conversation_id, self._numbered(entry, log)
        if isinstance(entry.outcome, Applied):
            self._hear(entry, conversation_id)
            self._compare(entry, conversation_id)

    def changes(self) -> list[Change]:
        """What is to be written of the logs, and asked for."""
        situation = self._situation
        if situation is None:
            return []
        changes: list[Change] = []
        for conversation_id, log in self._logs.values():
            after = _with_gap(log, situation.now)
            if after != self._before[log.uri]:
                changes.append(_kept(after, conversation_id))
            if after.missing_since is not None:
                subject, due = f"{conversation_id} {log.uri}", _due(log, situation)
                self._ask(situation, log.author, ("log", subject), due)
        return [*changes, *self._asks.values()]

    def _log(self, entry: Taken) -> KnownLog | None:
        """The entry's log as it stands; one that nobody has seen begins with what is applied."""
        uri, conversation = entry.terms.log, entry.situation.conversation
        if uri in self._logs:
            return self._logs[uri][1]
        known = conversation.logs.get(uri) if conversation is not None else None
        self._before.setdefault(uri, known)
        if known is not None or not isinstance(entry.outcome, Applied):
            return known
        situation, author = entry.situation, entry.activity.actor
        return KnownLog(uri, author, situation.is_local(author), 0, "", None, situation.now)

    def _numbered(self, entry: Taken, log: KnownLog) -> KnownLog:
        seq, is_here = entry.terms.seq, self._is_held(entry)
        if log.local:
            return log if is_here else _in_trouble(log, "lost", entry.situation.now)
        if not is_here and self._contradicts(entry):
            log = _in_trouble(log, "repeat", entry.situation.now)
        self._held.setdefault((log.uri, seq), set()).add(entry.activity.id)
        if is_jump(log.held, seq):
            return _in_trouble(log, "jump", entry.situation.now)
        return replace(log, held=log.held.with_range(seq, seq))

    def _is_held(self, entry: Taken) -> bool:
        place = entry.terms.log, entry.terms.seq
        return entry.activity.id in self._held.get(place, ())

    def _contradicts(self, entry: Taken) -> bool:
        """Whether another entry has its number, or the one before is not the one it names."""
        terms = entry.terms
        before = self._held.get((terms.log, terms.seq - 1))
        others = self._held.get((terms.log, terms.seq))
        return bool(others) or (bool(before) and terms.prev not in (before or ()))

    def _hear(self, entry: Taken, conversation_id: str) -> None:
        """Take what the author knows of others' logs; only members' logs count."""
        conversation, unknown = entry.situation.conversation, 0
        held = conversation.logs if conversation is not None else {}
        for uri, number in entry.terms.heads.items():
            known = self._logs[uri][1] if uri in self._logs else held.get(uri)
            if known is None or conversation is None:
                unknown += 1
                if unknown <= UNKNOWN_MAX and may_be_a_members(uri, entry):
                    self._ask(
                        entry.situation, entry.activity.actor, ("log", f"{conversation_id} {uri}")
                    )
            elif known.local:
                self._hear_of_ours(known, number, conversation, entry)
            elif number > known.heard and not is_jump(known.held, number):
                self._before.setdefault(uri, known)
                self._logs[uri] = conversation_id, replace(known, heard=number)

    def _hear_of_ours(
        self, log: KnownLog, number: int, conversation: KnownConversation, entry: Taken
    ) -> None:
        """Somebody has more of our own log than we: what is lost is read back first (9.5)."""
        if log.trouble or not 0 < number - log.head <= JUMP_MAX:
            return
        if conversation.kind == "group":
            question = ("history", conversation.id)
            home = owner_of(conversation.uri)
            self._ask(entry.situation, entry.activity.actor, question, asked=home)
            return
        lately = [other.troubled_at for other in conversation.logs.values() if other.local]
        now = entry.situation.now
        if all(at is None or now - at >= NEW_LOG_EVERY for at in lately):
            self._before.setdefault(log.uri, log)
            lost = _in_trouble(replace(log, heard=number), "lost", now)
            self._logs[log.uri] = conversation.id, lost

    def _compare(self, entry: Taken, conversation_id: str) -> None:
        """Its author saw another state in that epoch than we: their node is asked (4.4.4)."""
        state, held = entry.activity.state, entry.situation.held_hash
        if state and held and state != held and not entry.situation.is_local(entry.activity.actor):
            subject = f"{conversation_id} {entry.activity.epoch} {entry.terms.log}"
            self._ask(entry.situation, entry.activity.actor, ("claim", subject))

    def _ask(
        self,
        situation: Situation,
        cause: str,
        question: tuple[str, str],
        at: datetime | None = None,
        asked: str = "",
    ) -> None:
        if question not in self._asks:
            self._asks[question] = Ask(
                situation.new_id(),
                *question,
                at or situation.now + WAIT,
                hastens=True,
                asked=asked,
                cause=cause_of(cause, situation),
            )


def _in_trouble(log: KnownLog, trouble: str, now: datetime) -> KnownLog:
    if log.trouble in {"repeat", "lost"}:
        return log
    return replace(log, trouble=trouble, troubled_at=now)


def _with_gap(log: KnownLog, now: datetime) -> KnownLog:
    """The log, with since when something is missing that is searched for."""
    is_searched = not log.local and log.trouble != "repeat"
    if not is_searched or not log.missing():
        trouble = "" if log.trouble == "missing" else log.trouble
        return replace(log, missing_since=None, trouble=trouble)
    return replace(log, missing_since=log.missing_since or now)


def _due(log: KnownLog, situation: Situation) -> datetime:
    soon = situation.now + WAIT
    return soon if log.asked_at is None else max(soon, log.asked_at + BETWEEN_STARTS)


def _kept(log: KnownLog, conversation_id: str) -> KeepHeld:
    return KeepHeld(
        log=log.uri,
        conversation_id=conversation_id,
        author=log.author,
        complete_to=log.held.complete_to,
        beyond=log.held.beyond,
        heard=log.heard,
        missing_since=log.missing_since,
        trouble=log.trouble,
        troubled_at=log.troubled_at,
    )


def with_lost(log: KnownLog, conversation_id: str, now: datetime) -> KeepHeld:
    """What is written of a log of which some numbers have turned out to be lost."""
    return _kept(_with_gap(log, now), conversation_id)

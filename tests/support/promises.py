"""What holds of a group at all its nodes once everything is quiet, whatever happened before."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.times import to_ms
from tests.support.gate import Exchange
from tests.support.town import HOME, PEOPLE, STRANGER, Town

MESSAGES = """
SELECT message.* FROM message JOIN conversation ON conversation.id = message.conversation_id
WHERE conversation.uri = $1
"""
SPANS = """
SELECT span.actor_uri, span.from_epoch, span.to_epoch FROM member_span AS span
JOIN conversation ON conversation.id = span.conversation_id WHERE conversation.uri = $1
"""
CHAIN = """
SELECT link.* FROM state_link AS link
JOIN conversation ON conversation.id = link.conversation_id WHERE conversation.uri = $1
"""
REPAIRS = "SELECT kind, subject, reason FROM repair WHERE state = 'pending'"
LEFT_OVER = """
SELECT 'inbox ' || state || ' ' || reason AS what, CAST(body AS TEXT) AS of FROM inbox_entry
WHERE state IN ('pending', 'leased', 'parked')
UNION ALL
SELECT 'delivery ' || state || ' ' || reason, activity_id || ' to ' || host FROM delivery
WHERE state IN ('pending', 'sending', 'parked')
UNION ALL
SELECT 'trouble ' || trouble, uri FROM author_log WHERE trouble <> ''
"""
REPEATED_EVENTS = """
SELECT account_uri, message_id FROM event WHERE type = 'message'
GROUP BY account_uri, message_id HAVING count(*) > 1
"""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """What one node holds of the group; `messages` by their ids."""

    host: str
    conversation: Row
    chain: Mapping[int, Row]
    messages: Mapping[str, Row]


@dataclass(slots=True)
class Verdict:
    """The faults that are found in a history, one sentence each."""

    town: Town
    records: dict[str, Record] = field(default_factory=dict)
    shown: dict[str, Sequence[Row]] = field(default_factory=dict)
    spans: dict[str, list[range]] = field(default_factory=dict)

    @property
    def home(self) -> Record:
        """What home holds."""
        return self.records[HOME]

    @property
    def epoch(self) -> int:
        """The epoch that the group has come to."""
        return int(self.home.conversation["epoch"])

    async def faults(self) -> list[str]:
        """Everything that is wrong; empty if all is well."""
        left = [fault async for fault in _left_over(self.town)]
        await self._read()
        return [
            *left,
            *self.town.leaks,
            *[fault async for fault in self._repairs()],
            *self._states(),
            *_reuse(self.town.network.tape, self.town.room.uri),
            *self._widenings(),
            *[fault for name in self.shown for fault in self._shown_to(name)],
            *self._lost(),
            *self._differences(),
        ]

    def members_in(self, epoch: int) -> set[str]:
        """Who was a member at an epoch, by name."""
        return {name for name, spans in self.spans.items() if any(epoch in one for one in spans)}

    def is_lasting(self, name: str, since: int) -> bool:
        """Whether somebody has been a member from an epoch on until now."""
        return any(since in one and self.epoch in one for one in self.spans[name])

    async def _read(self) -> None:
        uri = self.town.room.uri
        for node in self.town.nodes:
            found = await node.rows("SELECT * FROM conversation WHERE uri = $1", uri)
            if found:
                chain = {row["epoch"]: row for row in await node.rows(CHAIN, uri)}
                messages = {row["uri"]: row for row in await node.rows(MESSAGES, uri)}
                self.records[node.name] = Record(node.name, found[0], chain, messages)
        for name, person in self.town.people.items():
            is_there = await person.find(self.town.room) is not None
            self.shown[name] = await person.messages(self.town.room) if is_there else ()
            self.spans[name] = []
        names = {person.uri: name for name, person in self.town.people.items()}
        for row in await self.town.network.nodes[HOME].rows(SPANS, uri):
            until = row["to_epoch"] if row["to_epoch"] is not None else self.epoch + 1
            if row["actor_uri"] in names:
                self.spans[names[row["actor_uri"]]].append(range(row["from_epoch"], until))

    async def _repairs(self) -> AsyncIterator[str]:
        """Nobody whose people are in the group still looks for something.

        What somebody wrote who is no member any more may be at nobody's who still shows it.
        """
        present = self.members_in(self.epoch)
        gone = [one.uri for name, one in self.town.people.items() if name not in present]
        for host in sorted({_host_of(name) for name in present}):
            for row in await self.town.network.nodes[host].rows(REPAIRS):
                if any(f"{uri}/log/" in row["subject"] for uri in gone):
                    continue
                yield f"{host} still looks for {row['kind']} {row['subject']}: {row['reason']}"

    def _states(self) -> Iterator[str]:
        """Every node with a member holds the same state, and no epoch has two."""
        hosts = {_host_of(name) for name in self.members_in(self.epoch)}
        for host in {HOME, *hosts}:
            held = self.records[host].conversation if host in self.records else {}
            for key in ("epoch", "state_hash", "title", "disputed"):
                if held.get(key) != self.home.conversation[key]:
                    yield f"{host} holds {key} {held.get(key)}, home {self.home.conversation[key]}"
        for record in self.records.values():
            for epoch, known in record.chain.items():
                if self.home.chain.get(epoch, known)["hash"] != known["hash"]:
                    yield f"{record.host} has another epoch {epoch} than home"

    def _widenings(self) -> Iterator[str]:
        """Nothing was sent to a host where nobody was a member at its epoch."""
        for one in self.town.network.tape:
            document = one.document if one.method == "POST" else {}
            epoch = document.get("chatEpoch")
            if "chatSeq" not in document or epoch is None or one.host == HOME:
                continue
            until = self.epoch + 1 if one.type == "Delete" else epoch + 1
            since = 1 if one.type == "Delete" else epoch
            there = {_host_of(name) for at in range(since, until) for name in self.members_in(at)}
            if one.host not in there:
                yield f"{document['id']} of epoch {epoch} went to {one.host}"

    def _shown_to(self, name: str) -> Iterator[str]:
        """Each once, by its author, in the one order, and only what the person is entitled to."""
        shown = self.shown[name]
        if name == STRANGER and shown:
            yield f"{name} is shown {[one['text'] for one in shown]}"
        for uri, count in Counter(one["uri"] for one in shown).items():
            if count > 1:
                yield f"{name} is shown {uri} {count} times"
        yield from self._order(name, [str(one["uri"]) for one in shown])
        yield from self._missing(name, {str(one["uri"]) for one in shown})
        held = self.home.messages
        for one in shown:
            row = held.get(one["uri"]) or self.records[_host_of(name)].messages[one["uri"]]
            if row["epoch"] is None or name in self.members_in(row["epoch"]):
                continue
            if not self._may_look_back(name, row):
                yield f"{name} is shown {one['text']!r} of epoch {row['epoch']} without entitlement"

    def _may_look_back(self, name: str, row: Row) -> bool:
        """Whether somebody came in after a message, and was asked in before it came to home."""
        if _history_at(row["arrived_at"], self.home.chain) == "shared":
            return True
        comes_later = any(span.start > row["epoch"] for span in self.spans[name])
        asked = [to_ms(at) for who, at in self.town.asked if who == name]
        return comes_later and any(at <= row["arrived_at"] for at in asked)

    def _order(self, name: str, uris: Sequence[str]) -> Iterator[str]:
        messages = self.records[_host_of(name)].messages if uris else {}
        expected = sorted(uris, key=lambda uri: (_t(uri, messages), uri.encode()))
        if list(uris) != expected:
            yield f"{name} is shown {uris}, and not {expected}"

    def _missing(self, name: str, shown: set[str]) -> Iterator[str]:
        """Who has been a member since sees all that home holds.

        What was deleted or removed before it came to somebody need not be known to them.
        """
        for uri, row in self.home.messages.items():
            is_owed = row["epoch"] is not None and self.is_lasting(name, row["epoch"])
            is_held = row["taken_back_at"] is None
            if is_owed and not _is_withdrawn(row) and (uri in shown) != is_held:
                yield f"{name} and home do not agree on {row['text']!r} by {row['author_uri']}"

    def _lost(self) -> Iterator[str]:
        """Home holds all that was acknowledged, unless its author deleted it or was removed."""
        for said in self.town.said:
            row = self.records[_host_of(said.author)].messages[said.uri]
            is_over = row["deleted_at"] is not None or not self.is_lasting(
                said.author, row["epoch"]
            )
            if said.uri not in self.home.messages and not is_over:
                yield f"home never got {said.text!r} by {said.author}"

    def _differences(self) -> Iterator[str]:
        """What stands on a message is the same for all who have been members since."""
        for uri, row in self.home.messages.items():
            if row["epoch"] is None:
                continue
            lasting = [name for name in self.shown if self.is_lasting(name, row["epoch"])]
            seen = {name: _looks(self.shown[name], uri) for name in lasting}
            if _is_withdrawn(row):
                seen = {name: looks for name, looks in seen.items() if looks is not None}
            if len(set(seen.values())) > 1:
                yield f"{uri} looks different: {seen}"


def _is_withdrawn(row: Row) -> bool:
    """Whether a message is served to nobody any more: its author or a moderator took it away."""
    return row["deleted_at"] is not None or row["removed_at"] is not None


def _looks(shown: Sequence[Row], uri: str) -> object:
    """What somebody sees of a message."""
    for one in shown:
        if one["uri"] == uri:
            marks = sorted((each["emoji"], each["count"]) for each in one["reactions"])
            return one["text"], bool(one["deleted"]), bool(one["removed"]), tuple(marks)
    return None


def _t(uri: str, messages: Mapping[str, Row]) -> int:
    """The time by which a message is sorted, from what its node holds."""
    row = messages[uri]
    parent = row["in_reply_to"]
    own = int(row["published_at"])
    return max(own, _t(parent, messages) + 1) if parent in messages else own


def _history_at(at: int, chain: Mapping[int, Row]) -> str:
    """How far back the group let people read what came to home at a moment; widest of a tie."""
    before = [row["history"] for row in chain.values() if row["published_at"] < at]
    same = [row["history"] for row in chain.values() if row["published_at"] == at]
    return "shared" if "shared" in same else before[-1]


def _host_of(name: str) -> str:
    return next(host for host, names in PEOPLE.items() if name in names)


def _reuse(tape: Iterable[Exchange], group: str) -> Iterator[str]:
    """No number of a log, no id and no epoch stands for two things."""
    meanings: dict[tuple[str, object], str] = {}
    for one in tape:
        document = one.document if one.method == "POST" else {}
        names = [("id", document["id"], one.body.decode())] if "id" in document else []
        if "chatSeq" in document:
            place = f"{document['chatLog']} {document['chatSeq']}"
            names.append(("number", place, document["id"]))
        if document.get("actor") == group and "chatEpoch" in document:
            names.append(("epoch", document["chatEpoch"], document["chatState"]))
        for kind, name, meaning in names:
            if meanings.setdefault((kind, name), meaning) != meaning:
                yield f"{kind} {name} stands for two things"


async def _left_over(town: Town) -> AsyncIterator[str]:
    for node in town.nodes:
        for row in await node.rows(LEFT_OVER):
            yield f"{node.name}: {row['what']}: {row['of']}"
        for row in await node.rows(REPEATED_EVENTS):
            yield f"{node.name}: {row['account_uri']} was told twice of {row['message_id']}"

"""A case of the corpus: what it may change, and what must be so after each, whatever was sent.

The checks C1 to C11 are those of security.md's oracle. Times and memory are measured,
printed and compared with ceilings that only a broken node reaches.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from federation.protocol.signature.parsed import Request
from tests.hostile.cast import ALICE, HANA, Actor
from tests.hostile.corpus import Entry
from tests.hostile.peer import ADDRESS
from tests.hostile.stage import CANARY, Stage
from tests.hostile.wire import Answer, plain, raw_of

MEMORY_MIB = 64
LAG_MS = 3000
ALIVE_WITHIN_S = 5.0
ANSWER_WITHIN_S = 15.0
HONEST_WITHIN_S = 5.0
LINES_PER_REQUEST = 3

# The node's own pulse, and what it notes of whoever it hears from.
ALWAYS_CHANGING = {"setting", "peer"}
# When somebody has looked at a row anew, or the node elsewhere: it asks for what it lacks every ten
# minutes, and for a key of five when a signature by it fails. What the rows say is compared.
LOOKED_AT = {"stamp", "asked_at", "checked_at", "fetched_at", "history_read_at"}
# What an honest message changes besides the tables of the message itself.
EFFECTS = frozenset(
    {
        *("inbox_entry", "seen", "activity", "message", "recipient", "event", "conversation"),
        *("membership", "log_entry", "author_log", "member_span", "receipt"),
    }
)

Rows = dict[str, Counter[tuple[Any, ...]]]


@dataclass(slots=True)
class Trial:
    """One case while it is played.

    Attributes:
        answers: Of all that was sent, oldest first.
        memory_mib: By how much the memory of the process may grow.
        measures: What was measured, by name.
        honest: Whose messages must come through.
        source: From which address of loopback it is sent: each case has its own.
    """

    stage: Stage
    entry: Entry
    source: str
    answers: list[Answer] = field(default_factory=list)
    memory_mib: float = MEMORY_MIB
    measures: list[tuple[str, float]] = field(default_factory=list)
    honest: Actor = HANA
    _declared: set[str] = field(default_factory=set)
    _before: Rows = field(default_factory=dict)
    _lines: int = 0
    _late: int = 0
    _dialled: int = 0
    _taped: int = 0
    _sent: int = 0
    _held_mib: float = 0

    def begin(self) -> None:
        """Look at everything before anything is sent; also again, after the setup of a case."""
        stage = self.stage
        self._before = snapshot(stage)
        self._lines = len(stage.node.said)
        self._late = len(stage.lateness_ms())
        self._dialled = len(stage.dialled())
        self._taped = len(stage.peer.tape)
        self._sent = stage.sent
        self._held_mib = stage.memory_mib()

    def may_change(self, *tables: str) -> None:
        """Declare the tables that this case changes; all others must stay as they are."""
        self._declared |= set(tables)

    def has_an_effect(self) -> None:
        """Declare that what is sent is honest and takes effect."""
        self._declared |= EFFECTS

    def skips_honest_hana(self) -> None:
        """Hana's server is kept out in this case: Alice is the honest one."""
        self.honest = ALICE

    def measure(self, name: str, value: float) -> None:
        """Keep a figure for the summary of the run."""
        self.measures.append((name, value))

    async def send(self, request: Request | bytes) -> Answer:
        """Send what the entry says; its status must be one that the entry allows."""
        answer = await self.stage.send(request, source=self.source)
        self.answers.append(answer)
        return answer

    async def status_of(self, request: Request | bytes) -> int:
        """Send it, and tell the status alone."""
        return (await self.send(request)).status

    async def send_all(self, requests: Iterable[Request]) -> None:
        """Send one after the other on one connection, which ends when the node ends it."""
        raws = [raw_of(request) for request in requests]
        await self.stage.line.send_all(raws, source=self.source, answers=self.answers)

    async def say(self, raw: bytes) -> list[Answer]:
        """Send bytes, of which the node must hang up; every answer."""
        told = await self.stage.line.say(raw, source=self.source)
        self.answers += told
        return told

    async def shows_once(self, create: Mapping[str, Any]) -> None:
        """Wait for the effect of a Create, and look that there is one."""
        await self.stage.idle()
        uri = create["object"]["id"]
        assert len(self.stage.rows("SELECT 1 FROM message WHERE uri = ?", uri)) == 1

    async def shows_nothing(self, *creates: Mapping[str, Any]) -> None:
        """Look that these have no effect."""
        await self.stage.idle()
        for create in creates:
            uri = create["object"]["id"]
            assert self.stage.rows("SELECT 1 FROM message WHERE uri = ?", uri) == []

    async def honest_seconds(self) -> float:
        """How long an honest message takes at this moment."""
        self.has_an_effect()
        create = HANA.create(self.stage.otto.uri, text="meanwhile")
        answer = await self.stage.send(HANA.post(create))
        assert answer.status == 202
        return answer.seconds

    def added(self, table: str) -> int:
        """How many rows a table has gained since the case began."""
        return sum((_rows_of(self.stage, table) - self._before[table]).values())

    def changed(self) -> set[str]:
        """The tables that are not what they were."""
        after = snapshot(self.stage)
        return {name for name, rows in after.items() if rows != self._before[name]}

    def fetched(self, host: str = "") -> list[str]:
        """What the node has asked of other servers since the case began, as URLs."""
        taped = self.stage.peer.tape[self._taped :]
        return [f"https://{x.host}{x.target}" for x in taped if host in {"", x.host}]

    def log_lines(self) -> list[str]:
        """What the node has logged since the case began."""
        return self.stage.node.said[self._lines :]

    async def end(self) -> None:
        """C1 to C11."""
        await self.stage.idle()
        wrong = [*self._answers_wrong(), *self._traces_wrong()]
        wrong += [f"C4 {change}" for change in self._undeclared()]
        wrong += await self._not_alive()
        wrong += await self._honest_suffers()
        assert not wrong, "\n".join([self.entry.id, *wrong])

    def _answers_wrong(self) -> Iterable[str]:
        allowed = self.entry.statuses
        for answer in self.answers:
            if allowed and answer.status not in allowed:
                yield f"C1 {answer.status} is not one of {sorted(allowed)}: {answer.body[:200]!r}"
            if answer.status == 500 or (answer.status == 503 and not _waits(answer)):
                yield f"C2 {answer.status} {answer.headers}"
            if CANARY.encode() in answer.body:
                yield "C5 the canary is in an answer"
            if answer.seconds > ANSWER_WITHIN_S:
                yield f"C9 answered after {answer.seconds:.1f} s"

    def _traces_wrong(self) -> Iterable[str]:
        stage = self.stage
        for address, port in stage.dialled()[self._dialled :]:
            if address != ADDRESS:
                yield f"C3 dialled {address}:{port}"
        taped = stage.peer.tape[self._taped :]
        if any(CANARY.encode() in one.raw for one in taped):
            yield "C5 the canary has left"
        lines = self.log_lines()
        text = "\n".join(lines)
        if CANARY in text:
            yield "C5 the canary is in the log"
        if "Traceback" in text:
            yield f"C10 {text[-2000:]}"
        requests = max(len(self.answers), stage.sent - self._sent) + len(taped)
        if len(lines) > LINES_PER_REQUEST * (requests + 1):
            yield f"C10 {len(lines)} lines for {requests} requests"
        yield from self._is_heavy()

    def _is_heavy(self) -> Iterable[str]:
        grown = self.stage.memory_mib() - self._held_mib
        late = max(self.stage.lateness_ms()[self._late :], default=0)
        self.measure("memory gained, in MiB", grown)
        self.measure("the loop late, in ms", late)
        if grown > self.memory_mib:
            yield f"C6 memory grew by {grown:.0f} MiB"
        if late > LAG_MS:
            yield f"C7 the loop was late by {late} ms"

    def _undeclared(self) -> Iterable[str]:
        after = snapshot(self.stage)
        for table, rows in after.items():
            before = self._before.get(table, Counter())
            added, gone = rows - before, before - rows
            if table == "repair":
                # What an earlier case has left to be fetched is tried again, and given up.
                known = {row[0] for row in self._before[table]}
                added = Counter(row for row in added if row[0] not in known and not _is_own(row))
                gone = Counter()
            if (added or gone) and table not in self._declared | ALWAYS_CHANGING:
                yield f"{table}: +{list(added)[:3]} -{list(gone)[:3]}"

    async def _not_alive(self) -> Iterable[str]:
        answer = await self.stage.send(plain("GET", "/livez"))
        if answer.status != 200 or answer.seconds > ALIVE_WITHIN_S:
            return [f"C8 /livez {answer.status} after {answer.seconds:.2f} s"]
        return []

    async def _honest_suffers(self) -> Iterable[str]:
        stage = self.stage
        create = self.honest.create(stage.otto.uri, text="honestly")
        answer = await stage.send(self.honest.post(create))
        note = create["object"]["id"]

        def has_come() -> bool:
            return bool(stage.rows("SELECT 1 FROM message WHERE uri = ?", note))

        await stage.until(has_come)
        self.measure("an honest message afterwards, in s", answer.seconds)
        if answer.status != 202 or answer.seconds > HONEST_WITHIN_S:
            return [f"C11 an honest message: {answer.status} after {answer.seconds:.1f} s"]
        return []


def snapshot(stage: Stage) -> Rows:
    """Every row of every table."""
    return {name: _rows_of(stage, name) for name in stage.kept.tables()}


def _rows_of(stage: Stage, table: str) -> Counter[tuple[Any, ...]]:
    rows = stage.rows(f'SELECT * FROM "{table}"')  # noqa: S608
    return Counter(tuple(row[name] for name in row if name not in LOOKED_AT) for row in rows)


def _is_own(repair: tuple[Any, ...]) -> bool:
    """The node asks of itself for what others have, every ten minutes, whatever it has heard.

    What a request makes it ask for has the sender as its cause.
    """
    return repair[1] == "history" and repair[-1] == ""


def _waits(answer: Answer) -> bool:
    return "retry-after" in answer.headers

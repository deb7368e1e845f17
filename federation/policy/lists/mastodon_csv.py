"""PURE: blocks of domains as Mastodon, FediBlockHole and others write and read them, as CSV.

    severity       becomes                                 comes of
    suspend        reject, both ways                       reject or drop
    silence        request, strip_media, no_preview        request or hold
    noop           no action                               no action
    reject_media   strip_media, no_preview                 strip_media
    reject_reports a second rule: type = Flag, drop        such a rule

Without severity it is suspend, as Mastodon takes it.

Source: policy.md 13
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from federation.policy.expressions import Wrong
from federation.policy.lists.entry import (
    ENTRIES_MAX,
    Entry,
    Listed,
    Subject,
    doubt_about,
    key_of,
    reason,
    unreadable,
)
from federation.policy.lists.said import Attributed, Said
from federation.policy.lists.text import text_in
from federation.policy.problem import Unreadable
from federation.policy.rule import Action, Effect

COLUMNS: Final = (
    *("domain", "severity", "reject_media", "reject_reports", "public_comment", "obfuscate"),
)
PRIVATE: Final = "private_comment"
_WORDS: Final = ("severity", "reject_media", "reject_reports", "obfuscate")
_KNOWN: Final = frozenset({*COLUMNS, PRIVATE})
WITHOUT_MEDIA: Final = frozenset({Effect.STRIP_MEDIA, Effect.NO_PREVIEW})
_NOTHING: Final[frozenset[Effect]] = frozenset()
SEVERITIES: Final[Mapping[str, tuple[Action | None, frozenset[Effect]]]] = {
    "suspend": (Action.REJECT, _NOTHING),
    "silence": (Action.REQUEST, WITHOUT_MEDIA),
    "noop": (None, _NOTHING),
    "none": (None, _NOTHING),
    "": (Action.REJECT, _NOTHING),
}
_SEVERITY_OF: Final[Mapping[Action | None, str]] = {
    Action.REJECT: "suspend",
    Action.DROP: "suspend",
    Action.REQUEST: "silence",
    Action.HOLD: "silence",
    None: "noop",
}
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False, "": False}


def read_csv(name: str, data: bytes) -> Listed | Unreadable:
    """Read a file of blocks; with one malformed line nothing of it is taken.

    Args:
        name: Of the file, for what is said of it.
        data: With a header, with or without `#`, in any order of its columns.
    """
    text = text_in(data)
    if isinstance(text, Wrong):
        return unreadable(name, [(0, text.reason)])
    table = _Table()
    for line, row in _rows(text, table.mistakes):
        table.take(line, row)
        if table.columns is None:
            # What stands below cannot be told either.
            break
        if len(table.entries) > ENTRIES_MAX:
            return unreadable(name, [(line, f"there are more than {ENTRIES_MAX:,} lines")])
    if table.columns is None and not table.mistakes:
        table.mistakes.append((0, "has no header, and with it no column domain"))
    if table.mistakes:
        return unreadable(name, table.mistakes)
    entries = tuple(entry for _, entry in table.entries.values())
    speaking = tuple(entry for entry in entries if not entry.says_nothing)
    return Listed(speaking, skipped=len(entries) - len(speaking), cut=table.cut)


def _rows(text: str, mistakes: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Where the quotes end is not known any more, and so neither is what follows.
            mistakes.append((line, f"cannot be read: {error}"))
            return
        if any(field.strip() for field in row):
            yield line, row


@dataclass(frozen=True, slots=True)
class _Treatment:
    """What a row asks for, whatever its domain."""

    action: Action | None
    show: frozenset[Effect]
    drops_reports: bool
    obfuscate: bool


class _Table:
    """What has been read so far."""

    def __init__(self) -> None:
        self.columns: dict[str, int] | None = None
        self.width = 0
        self.entries: dict[str, tuple[int, Entry]] = {}
        self.mistakes: list[tuple[int, str]] = []
        self.cut = 0
        self._treatments: dict[tuple[str, ...], _Treatment | list[str]] = {}

    def take(self, line: int, row: Sequence[str]) -> None:
        """Read a row: the header, or a block."""
        if self.columns is None:
            self._take_header(line, row)
            return
        if len(row) != self.width:
            why = f"has {len(row)} fields, and the header has {self.width}"
            self.mistakes.append((line, why))
            return
        fields = {name: row[at].strip() for name, at in self.columns.items()}
        key = key_of(fields["domain"])
        # PERF: a list has a hundred thousand rows, and nearly all of them say the same but for the
        # domain (benchmarks/policy_lists.py).
        asked = tuple(fields.get(name, "").lower() for name in _WORDS)
        treatment = self._treatments.get(asked)
        if treatment is None:
            treatment = self._treatments[asked] = _treatment(asked)
        wrong = treatment if isinstance(treatment, list) else []
        if key is None:
            why = f"has {fields['domain'][:80]!r}, which is no domain like example.org"
            wrong = [why, *wrong]
        if wrong or key is None or isinstance(treatment, list):
            self.mistakes += [(line, why) for why in wrong]
        else:
            self._keep(line, self._entry(key, treatment, fields))

    def _take_header(self, line: int, row: Sequence[str]) -> None:
        names = [name.strip().removeprefix("#").strip().lower() for name in row]
        twice = sorted({name for name in names if name in _KNOWN and names.count(name) > 1})
        self.mistakes += [(line, f"has the column {name} twice") for name in twice]
        if "domain" not in names:
            self.mistakes.append((line, "is no header with a column domain, parted by commas"))
        if not self.mistakes:
            self.columns = {name: at for at, name in enumerate(names) if name in _KNOWN}
            self.width = len(row)

    def _entry(self, key: str, treatment: _Treatment, fields: Mapping[str, str]) -> Entry:
        public, is_cut = reason(fields.get("public_comment", ""))
        private, is_cut_too = reason(fields.get(PRIVATE, ""))
        self.cut += is_cut + is_cut_too
        return Entry(
            key,
            treatment.action,
            show=treatment.show,
            drops_reports=treatment.drops_reports,
            public_reason=public,
            private_reason=private,
            obfuscate=treatment.obfuscate,
            unclear=doubt_about(key),
        )

    def _keep(self, line: int, entry: Entry) -> None:
        earlier, same = self.entries.get(entry.key, (line, entry))
        if same != entry:
            why = f"says of {entry.key} something else than line {earlier}"
            self.mistakes.append((line, why))
        self.entries.setdefault(entry.key, (line, entry))


def write_csv(said: Said, *, with_private: bool = False) -> tuple[str, Said]:
    """Blocks as CSV, and what of them CSV cannot say.

    Args:
        said: What rules say of domains.
        with_private: Whether the private reasons go along, which Mastodon does not read.
    """
    columns = (*COLUMNS, PRIVATE) if with_private else COLUMNS
    written: list[Attributed] = []
    left: list[Attributed] = []
    for each in said.entries:
        (written if _can_be_said(each.entry) else left).append(each)
    rows = [tuple(f"#{name}" for name in columns), *(_row(each.entry) for each in written)]
    text = "".join(f"{','.join(map(_quoted, row[: len(columns)]))}\n" for row in rows)
    left_out = {*said.left_out, *(rule for each in left for rule in each.rules)}
    return text, Said(tuple(written), tuple(sorted(left_out)), said.dated)


def _can_be_said(entry: Entry) -> bool:
    is_a_block = entry.action in _SEVERITY_OF and not entry.key.startswith("*.")
    speaks = entry.action is not None or entry.drops_reports or Effect.STRIP_MEDIA in entry.show
    return entry.subject is Subject.DOMAIN and is_a_block and speaks


def _row(entry: Entry) -> tuple[str, ...]:
    return (
        entry.key,
        _SEVERITY_OF[entry.action],
        str(Effect.STRIP_MEDIA in entry.show).lower(),
        str(entry.drops_reports).lower(),
        entry.public_reason.strip(),
        str(entry.obfuscate).lower(),
        entry.private_reason.strip(),
    )


def _quoted(field: str) -> str:
    """A field as every reader takes it; the standard writer lets a lone carriage return be."""
    is_plain = not any(mark in field for mark in '",\r\n')
    return field if is_plain else '"{}"'.format(field.replace('"', '""'))


def _treatment(asked: tuple[str, ...]) -> _Treatment | list[str]:
    """What the words of a row ask for, or what is wrong with them."""
    severity, *flags = asked
    wrong = []
    if severity not in SEVERITIES:
        wrong.append(f"has the severity {severity[:80]!r}, which is not suspend, silence or noop")
    wrong += [
        f"has {name} {flag[:80]!r}, which is not true or false"
        for name, flag in zip(_WORDS[1:], flags, strict=True)
        if flag not in _FLAGS
    ]
    if wrong:
        return wrong
    action, show = SEVERITIES[severity]
    media, reports, obfuscate = (_FLAGS[flag] for flag in flags)
    return _Treatment(action, show | WITHOUT_MEDIA if media else show, reports, obfuscate)

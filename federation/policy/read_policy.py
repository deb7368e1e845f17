"""PURE: policy files become a policy, or every mistake in them is told and nothing is loaded.

Source: policy.md 7, 12
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from federation.policy.conditions import Network
from federation.policy.expressions import Wrong
from federation.policy.facts import Stage
from federation.policy.fields import Reader, read_table, texts
from federation.policy.lines import Lines, line_of_error
from federation.policy.problem import Problem, Source, Unreadable, sorted_by_place
from federation.policy.read_when import Reading, read_networks, read_when
from federation.policy.rule import Place, Policy, Rule, RuleList
from federation.policy.schema import LIST, POLICY, RULE, TABLES
from federation.policy.sense import nonsense_in, nonsense_in_list

CHARS_MAX: Final = 8_000_000
RULES_MAX: Final = 5_000
LISTS_MAX: Final = 200
PARTS: Final = ("policy", "rule", "list")
# Which further files a configuration names, in its table `policy`.
FILES: Final = "files"
_LIST_FIELDS: Final = ("id", "format", "file", "of")


@dataclass(slots=True)
class _Book:
    """What has been read of all files."""

    values: dict[str, Any] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    lists: list[RuleList] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    shields_at: Place = field(default_factory=lambda: Place(""))


@dataclass(frozen=True, slots=True)
class _File:
    """A file whose TOML can be read."""

    name: str
    lines: Lines
    document: Mapping[str, Any]
    more_keys: dict[str, Reader]


def read_policy(
    sources: Sequence[Source],
    *,
    entries: Mapping[str, str | Wrong] | None = None,
    own_hosts: Sequence[str] = (),
) -> Policy | Unreadable:
    """Read files as one policy.

    Args:
        sources: The files in their order.
        entries: The text of each list that has a file here, or why it cannot be read; a list that
            comes from elsewhere has none, and is empty.
        own_hosts: Names of this node, which no rule may block.
    """
    book = _Book()
    files = [_parsed(source, book) for source in sources]
    whole = [each for each in files if each is not None]
    for file in whole:
        _read_head(file, book)
        _read_lists(file, book)
    networks = _networks(book, entries or {})
    lists = frozenset(each.id for each in book.lists)
    for file in whole:
        _read_rules(file, book, networks=networks, own_hosts=own_hosts)
    rules = tuple(replace(rule, is_from_list=rule.owner in lists) for rule in book.rules)
    _check_names(book)
    if book.problems:
        return sorted_by_place(book.problems, sources)
    return Policy(
        rules,
        tuple(book.lists),
        **{key: value for key, value in book.values.items() if key not in TABLES},
        tables={key: value for key, value in book.values.items() if key in TABLES},
    )


def lists_in(sources: Sequence[Source]) -> tuple[RuleList, ...]:
    """The lists that files name, for whoever reads what is on them; mistakes are let be."""
    book = _Book()
    for file in filter(None, [_parsed(source, book) for source in sources]):
        _read_lists(file, book)
    return tuple(book.lists)


def _parsed(source: Source, book: _Book) -> _File | None:
    place = Place(source.name)
    if len(source.text) > CHARS_MAX:
        book.problems.append(Problem(place, "", f"has more than {CHARS_MAX:,} characters"))
        return None
    try:
        document = tomllib.loads(source.text)
    except RecursionError:
        book.problems.append(Problem(place, "", "is nested too deep"))
        return None
    # A number of thousands of digits is a ValueError of another kind than a mistake in the TOML.
    except ValueError as error:
        where = Place(source.name, line_of_error(str(error)))
        book.problems.append(Problem(where, "", f"is no TOML: {error}"))
        return None
    lines = Lines(source.text)
    for key in () if source.is_configuration else document.keys() - set(PARTS):
        where = Place(source.name, lines.of_table(key, 0, 1))
        book.problems.append(Problem(where, "", f"{key[:80]} is no part of a policy file"))
    return _File(source.name, lines, document, {FILES: texts} if source.is_configuration else {})


def _read_head(file: _File, book: _Book) -> None:
    written, line = file.document.get("policy", {}), file.lines.of_table("policy", 0, 1)
    if not isinstance(written, Mapping):
        book.problems.append(Problem(Place(file.name, line), "", "policy is no table"))
        return
    found, mistakes = read_table(written, POLICY | file.more_keys)
    found.pop(FILES, None)
    mistakes += [(key, "is set twice") for key in found.keys() & book.values.keys()]
    _tell(mistakes, file, book, subject="policy", line=line)
    book.values |= found
    if "shields" in found:
        book.shields_at = Place(file.name, line)


def _tables(file: _File, name: str, book: _Book) -> Iterator[tuple[Mapping[str, Any], str, int]]:
    """Each table of an array with what it is called in a message and its line."""
    written = file.document.get(name, [])
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
        where = Place(file.name, file.lines.of_table(name, 0, 1))
        book.problems.append(Problem(where, "", f"{name} is written as [[{name}]]"))
        return
    for number, each in enumerate(written):
        named = each.get("id")
        named = named[:64] if isinstance(named, str) else ""
        line = file.lines.of_table(name, number, len(written), named=named)
        yield each, f"{name} {named or f'number {number + 1}'}", line


def _read_one(
    written: Mapping[str, Any], schema: Mapping[str, Reader], needed: Sequence[str]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    found, mistakes = read_table(written, schema)
    mistakes += [(key, "is missing") for key in needed if key not in written]
    return found, mistakes


def _read_lists(file: _File, book: _Book) -> None:
    for written, subject, line in _tables(file, "list", book):
        found, mistakes = _read_one(written, LIST, ("id", "format"))
        if not mistakes:
            mistakes = nonsense_in_list(found)
        _tell(mistakes, file, book, subject=subject, line=line)
        if "id" in found and "format" in found:
            place = Place(file.name, line)
            known = {key: found.pop(key) for key in _LIST_FIELDS if key in found}
            book.lists.append(RuleList(**known, keys=found, place=place))


def _read_rules(
    file: _File,
    book: _Book,
    *,
    networks: Mapping[str, tuple[Network, ...] | None],
    own_hosts: Sequence[str],
) -> None:
    for written, subject, line in _tables(file, "rule", book):
        found, mistakes = _read_one(written, RULE, ("id", "stage"))
        in_when: list[tuple[str, str]] = []
        if "stage" in found:
            reading = Reading(found["stage"], networks)
            found["when"] = read_when(found.get("when", {}), reading)
            in_when = reading.mistakes
        _tell(mistakes, file, book, subject=subject, line=line)
        _tell(in_when, file, book, subject=subject, line=line, within="when.")
        if mistakes or in_when:
            # It counts as there, so that its name is not said to be missing as well.
            if "id" in found:
                stage = found.get("stage", Stage.CONNECTION)
                book.rules.append(Rule(found["id"], stage, place=Place(file.name, line)))
            continue
        found["hold_earlier"] = found.pop("then", False)
        rule = Rule(**found, order=len(book.rules), place=Place(file.name, line))
        _tell(nonsense_in(rule, own_hosts), file, book, subject=subject, line=line)
        book.rules.append(rule)


def _tell(
    mistakes: Sequence[tuple[str, str]],
    file: _File,
    book: _Book,
    *,
    subject: str,
    line: int,
    within: str = "",
) -> None:
    for key, reason in mistakes:
        where = Place(file.name, file.lines.of_key(key, line))
        dotted = f"{within}{key[:80]}" if key != "when" else key
        book.problems.append(Problem(where, subject, f"{dotted} {reason}".strip()))


def _networks(
    book: _Book, entries: Mapping[str, str | Wrong]
) -> Mapping[str, tuple[Network, ...] | None]:
    found: dict[str, tuple[Network, ...] | None] = {}
    for each in book.lists:
        text = entries.get(each.id, "")
        read = text if isinstance(text, Wrong) or each.format != "cidr" else read_networks(text)
        if isinstance(read, Wrong):
            reason = f"{each.file} {read.reason}"
            book.problems.append(Problem(each.place, f"list {each.id}", reason))
            read = ()
        found[each.id] = None if isinstance(read, str) else read
    return found


def _check_names(book: _Book) -> None:
    """What only all files together tell: names that are there twice or not at all."""
    lists, rules = {each.id for each in book.lists}, {each.id for each in book.rules}
    _check_ids("rule", book.rules, book, most=RULES_MAX)
    _check_ids("list", book.lists, book, most=LISTS_MAX)
    for each in book.lists:
        for name in each.of:
            if name not in lists:
                reason = f"of names the list {name!r}, which is not there"
                book.problems.append(Problem(each.place, f"list {each.id}", reason))
    for name in book.values.get("shields", {}).get("rules", ()):
        if name not in rules:
            reason = f"shields name the rule {name!r}, which is not there"
            book.problems.append(Problem(book.shields_at, "policy", reason))


def _check_ids(
    kind: str, all_of_them: Sequence[Rule | RuleList], book: _Book, *, most: int
) -> None:
    seen: set[str] = set()
    for each in all_of_them:
        if each.id in seen:
            book.problems.append(Problem(each.place, f"{kind} {each.id}", "id is there twice"))
        seen.add(each.id)
    if len(all_of_them) > most:
        last = all_of_them[-1].place
        book.problems.append(Problem(last, "", f"there are more than {most:,} {kind}s"))

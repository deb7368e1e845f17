"""Defaults, file and environment become one `Config`, or a list of all their mistakes."""

import difflib
import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from node.config.checks import across
from node.config.mistake import Mistake, Wrong
from node.config.option import Kind, Option, options_of
from node.config.sections import Config, sections
from node.config.sources import Written, from_environment, from_file, says_rules, value_of
from node.config.values import read

FILE_SUFFIX: Final = "_file"
SECRETS: Final = {Kind.SEALING_KEY, Kind.DATABASE}
LOOKED_FOR: Final = ("config.toml", "data/config.toml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration without a mistake.

    Attributes:
        config: The values.
        origins: Where each key that is not at its default was written, by `section.key`.
    """

    config: Config
    origins: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A configuration with mistakes, all of them."""

    mistakes: tuple[Mistake, ...]


def find_file(given: str | None, environ: Mapping[str, str]) -> Path | None:
    """The file to read: as given, else `$COVEY_CONFIG`, else the first usual place that has one."""
    named = given or environ.get("COVEY_CONFIG")
    if named:
        return Path(named)
    return next((Path(place) for place in LOOKED_FOR if Path(place).is_file()), None)


def load(path: Path, environ: Mapping[str, str], now: datetime) -> Loaded | Broken:
    """Read a configuration.

    Args:
        path: The file.
        environ: The environment; only `COVEY__SECTION__KEY` counts.
        now: A certificate has to be valid at this time.
    """
    file = from_file(path)
    if isinstance(file, Mistake):
        return Broken((file,))
    known = {name: options_of(section) for name, section in sections().items()}
    chosen: dict[str, Written] = {}
    mistakes: list[Mistake] = []
    for source in (file, from_environment(environ)):
        usable = [each for each in source if _is_known(each, known)]
        mistakes += [_unknown(each, known) for each in source if each not in usable]
        mistakes += _given_twice(usable)
        chosen |= {_target(each, known): each for each in usable}
    values: dict[str, dict[str, object]] = {name: {} for name in known}
    for section, options in known.items():
        for option in options.values():
            value = _value(option, section, chosen.get(f"{section}.{option.name}"), path.parent)
            if isinstance(value, Mistake):
                mistakes.append(value)
            else:
                values[section][option.name] = value
    origins = {name: each.where for name, each in chosen.items()}
    mistakes += across(values, origins, str(path), now)
    config = None if mistakes else replace(_built(values), file=path)
    mistakes += _in_rules(path, config)
    if config is None or mistakes:
        return Broken(tuple(mistakes))
    return Loaded(config, origins)


def secret_files(path: Path, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that a configuration without a mistake takes secrets from."""
    known = {name: options_of(section) for name, section in sections().items()}
    file = from_file(path)
    written = (*(() if isinstance(file, Mistake) else file), *from_environment(environ))
    return tuple(
        path.parent / Path(str(each.raw)).expanduser()
        for each in written
        if each.key.endswith(FILE_SUFFIX)
        and _meant(each, known) == each.key.removesuffix(FILE_SUFFIX)
    )


def _built(values: Mapping[str, Mapping[str, Any]]) -> Config:
    return Config(**{name: section(**values[name]) for name, section in sections().items()})


def _in_rules(path: Path, config: Config | None) -> list[Mistake]:
    """What is wrong with the rules in the file and in those that it names."""
    if not says_rules(path):
        return []
    # PERF: to read rules takes modules that most commands do not need (benchmarks/start.py).
    rules = importlib.import_module("node.config.rules")
    found: list[Mistake] = rules.mistakes_in(path, config.server.names if config else ())
    return found


def _target(written: Written, known: Mapping[str, Mapping[str, Option]]) -> str:
    """The key that is meant: of `url_file`, it is `url`."""
    return f"{written.section}.{_meant(written, known) or written.key}"


def _meant(written: Written, known: Mapping[str, Mapping[str, Option]]) -> str | None:
    options = known.get(written.section, {})
    if written.key in options:
        return written.key
    base = written.key.removesuffix(FILE_SUFFIX)
    is_indirect = base != written.key and base in options and options[base].kind in SECRETS
    return base if is_indirect else None


def _is_known(written: Written, known: Mapping[str, Mapping[str, Option]]) -> bool:
    return _meant(written, known) is not None


def _unknown(written: Written, known: Mapping[str, Mapping[str, Option]]) -> Mistake:
    if not written.section:
        return Mistake(written.where, written.key, "", "stands outside of every section")
    if written.section not in known:
        return Mistake(
            written.where, written.name, "", "no such section" + _guess(written.section, known)
        )
    options = known[written.section]
    names = [
        *options,
        *(f"{name}{FILE_SUFFIX}" for name, each in options.items() if each.kind in SECRETS),
    ]
    return Mistake(written.where, written.name, "", "no such key" + _guess(written.key, names))


def _guess(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _given_twice(source: Iterable[Written]) -> list[Mistake]:
    by_name = {each.name: each for each in source}
    return [
        Mistake(each.where, name, "", f"give this or {name}{FILE_SUFFIX}, not both")
        for name, each in by_name.items()
        if f"{name}{FILE_SUFFIX}" in by_name
    ]


def _value(option: Option, section: str, written: Written | None, folder: Path) -> object:
    """The value of a key, or the mistake in it."""
    if written is None or (written.raw == "" and option.default == ""):
        if option.required:
            return Mistake(
                "", f"{section}.{option.name}", "", f"is missing; needs {option.allowed}"
            )
        return read(option.default, option, folder) if option.kind is Kind.PATH else option.default
    raw = value_of(written, option)
    if written.key != option.name:
        raw = _file_content(raw, written, folder)
        if isinstance(raw, Mistake):
            return raw
    value = read(raw, option, folder)
    if isinstance(value, Wrong):
        return Mistake(written.where, written.name, _shown(raw, option), f"must be {value.allowed}")
    return value


def _file_content(raw: object, written: Written, folder: Path) -> str | Mistake:
    if not isinstance(raw, str) or not raw:
        return Mistake(written.where, written.name, repr(raw), f"must be {Kind.PATH.value}")
    try:
        return (folder / Path(raw).expanduser()).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        return Mistake(written.where, written.name, repr(raw), f"cannot be read: {reason}")


def _shown(raw: object, option: Option) -> str:
    if option.kind in SECRETS:
        return "(masked)"
    return repr(raw)

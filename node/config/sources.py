"""What was written for each key, and where: the file, then the environment."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from node.config.mistake import Mistake
from node.config.option import Kind, Option

PREFIX: Final = "COVEY__"

# Parts of the file that are no sections; node/config/rules.py reads them.
RULES: Final = ("policy", "rule", "list")

# What an environment variable holds as it is; everything else there is TOML.
PLAIN: Final = {
    Kind.TEXT,
    Kind.SEALING_KEY,
    Kind.HOST,
    Kind.URL,
    Kind.DATABASE,
    Kind.PATH,
    Kind.TIME,
    Kind.WORD,
}


@dataclass(frozen=True, slots=True)
class Written:
    """One key as somebody wrote it.

    Attributes:
        section: The section, in lower case.
        key: The key, in lower case.
        raw: A TOML value, or the text of an environment variable.
        where: The file with its line, or the variable.
        is_text: Whether `raw` is still the text of a variable.
    """

    section: str
    key: str
    raw: object
    where: str
    is_text: bool = False

    @property
    def name(self) -> str:
        """The key with its section."""
        return ".".join(part for part in (self.section, self.key) if part)


def from_file(path: Path) -> tuple[Written, ...] | Mistake:
    """Everything the file says, or why it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        return Mistake(str(path), "", "", f"cannot be read: {error.strerror}")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Mistake(str(path), "", "", f"is not TOML: {error}")
    written = []
    for section, keys in document.items():
        if section in RULES:
            continue
        if not isinstance(keys, dict):
            written.append(Written("", section, keys, _where(path, text, "", section)))
            continue
        written += [
            Written(section, key, raw, _where(path, text, section, key))
            for key, raw in keys.items()
        ]
    return tuple(written)


def says_rules(path: Path) -> bool:
    """Whether a file that can be read says anything about rules."""
    return any(part in tomllib.loads(path.read_text(encoding="utf-8")) for part in RULES)


def from_environment(environ: Mapping[str, str]) -> tuple[Written, ...]:
    """Everything that `COVEY__SECTION__KEY` variables say, in the order of their names."""
    written = []
    for name in sorted(environ):
        if name.startswith(PREFIX):
            section, _, key = name.removeprefix(PREFIX).lower().partition("__")
            written.append(Written(section, key, environ[name], f"${name}", is_text=True))
    return tuple(written)


def value_of(written: Written, option: Option) -> object:
    """The TOML value behind what was written; the text itself when it is no TOML."""
    if not written.is_text or option.kind in PLAIN:
        return written.raw
    try:
        return tomllib.loads(f"value = {written.raw}")["value"]
    except tomllib.TOMLDecodeError:
        return written.raw


def _where(path: Path, text: str, section: str, key: str) -> str:
    """File and line of a key, as far as a search for its name finds it."""
    head = re.compile(rf"\s*\[\s*\"?{re.escape(section)}\"?\s*[\].]")
    line = re.compile(rf"\s*\"?{re.escape(key)}\"?\s*[=.]")
    is_inside = not section
    for number, content in enumerate(text.splitlines(), start=1):
        if content.lstrip().startswith("["):
            is_inside = bool(head.match(content))
            if is_inside and f".{key}" in content:
                return f"{path}:{number}"
        elif is_inside and line.match(content):
            return f"{path}:{number}"
    return str(path)

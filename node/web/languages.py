"""Every text that people see is in a catalogue, in each language that this node speaks.

A catalogue is a gettext file, read when the node starts. Its keys are not sentences but names such
as list.new. Those that begin with "page." or "said." are for what the server draws; the others
go to the browser, as a module of the static files. What begins with "said." is a sentence that is
made in English below the pages, and is found by it; "told." likewise for what the JSON API says.
"""

import gettext
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from babel.core import Locale, negotiate_locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

FOLDER: Final = Path(__file__).parent / "catalogues"
ENGLISH: Final = "en"
# What is not for the browser.
OF_PAGES: Final = "page."
SAID: Final = "said."
TOLD: Final = "told."
COUNTED: Final = "n"
# More than any browser names; each is looked at.
RANGES_MAX: Final = 20
# From here on a plural rule brings nothing new.
NUMBERS_MAX: Final = 200

RANGE: Final = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?"
)

# One text, or the text of each plural form by its name in CLDR.
Text = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be said, in whatever language.

    Attributes:
        key: Of the catalogue.
        values: What is put in; `n` chooses the plural form.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Language:
    """One language of this node.

    Attributes:
        tag: As HTML names it, such as "de".
        name: What it calls itself.
        texts: Its catalogue.
    """

    tag: str
    name: str
    texts: Mapping[str, Text]

    def template(self, words: Words) -> str:
        """The text with its places still open.

        Raises:
            KeyError: The catalogue has no such text.
        """
        found = self.texts[words.key]
        if isinstance(found, str):
            return found
        number = words.values[COUNTED]
        if not isinstance(number, int):
            raise TypeError(f"{words.key} counts with a number")
        return found[self._locale.plural_form(number)]

    def date(self, day: date) -> str:
        """A date in words."""
        return format_date(day, "long", locale=self._locale)

    def module(self, english: Mapping[str, Text]) -> str:
        """The ES module from which the browser has its texts.

        Args:
            english: The catalogue of the sentences that the API answers.
        """
        told = [] if self.tag == ENGLISH else [key for key in english if key.startswith(TOLD)]
        shown = {
            key: text
            for key, text in self.texts.items()
            if is_for_browsers(key) and (key in told or not key.startswith(TOLD))
        }
        sentences = [[english[key], key] for key in told]
        return f"export const TEXTS = {_json(shown)};\nexport const TOLD = {_json(sentences)};\n"

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.tag, sep="-")


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages of this node; English is the one that everybody is shown who names no other."""

    by_tag: Mapping[str, Language]
    sentences: Mapping[str, str]

    @property
    def english(self) -> Language:
        """The one that is always there."""
        return self.by_tag[ENGLISH]

    def accepted(self, header: str) -> Language:
        """The one that suits an `Accept-Language` best."""
        tag = negotiate_locale(_ranges(header), tuple(self.by_tag), sep="-")
        return self.by_tag[tag or ENGLISH]

    def words_of(self, sentence: str) -> Words | None:
        """What an English sentence of the layers below says, where a catalogue knows it."""
        key = self.sentences.get(sentence)
        return None if key is None else Words(key)


@cache
def load_languages(folder: Path = FOLDER) -> Languages:
    """Read, once a process, every catalogue."""
    return languages_of(read_catalogue(path) for path in sorted(folder.glob("*.po")))


def languages_of(spoken: Iterable[Language]) -> Languages:
    """These, of which one is English."""
    by_tag = {each.tag: each for each in spoken}
    english = by_tag[ENGLISH].texts
    sentences = {text: key for key, text in english.items() if isinstance(text, str)}
    said = {text: key for text, key in sentences.items() if key.startswith((SAID, TOLD))}
    return Languages(by_tag, said)


def read_catalogue(path: Path) -> Language:
    """The language of a gettext file."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem, abort_invalid=True)
    locale = Locale.parse(path.stem)
    forms = _forms(catalog, locale)
    texts: dict[str, Text] = {}
    for message in catalog:
        match message.id, message.string:
            case "", _:
                pass
            case str(key), str(text):
                texts[key] = text
            case (str(key), *_), [*said]:
                texts[key] = dict(zip(forms, said, strict=True))
    return Language(path.stem, locale.get_language_name() or path.stem, texts)


def is_for_browsers(key: str) -> bool:
    """Whether the modules of the chat may say it."""
    return not key.startswith((OF_PAGES, SAID))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _forms(catalog: Catalog, locale: Locale) -> list[str]:
    """What CLDR calls the plural forms of a gettext file, in the file's order."""
    counted = gettext.c2py(catalog.plural_expr)
    names: dict[int, str] = {}
    for number in range(NUMBERS_MAX):
        names.setdefault(counted(number), locale.plural_form(number))
    return [names[index] for index in range(catalog.num_plurals)]


def _ranges(header: str) -> list[str]:
    """The languages that a header names, the most wanted first."""
    found: list[tuple[float, str]] = []
    for part in header.split(",")[:RANGES_MAX]:
        named = RANGE.fullmatch(part)
        if named is not None and float(named[2] or 1) > 0:
            found.append((float(named[2] or 1), named[1].lower()))
    return [tag for _, tag in sorted(found, key=lambda each: -each[0])]

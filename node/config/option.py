"""A configuration key is a dataclass field that carries its default, its kind and its help."""

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeVar, cast

T = TypeVar("T")

METADATA_KEY: Final = "option"
# What operators call a megabyte.
MEBIBYTE: Final = 1024 * 1024


class Kind(enum.Enum):
    """What a key holds; the value is the sentence that tells an operator what is allowed."""

    TEXT = "a text"
    SEALING_KEY = "a text of at least 32 characters that nobody else knows"
    HOST = "a host name in lower case, with a port if it is not 443"
    URL = "https://host or, for development, http://host:port, without a path"
    DATABASE = "sqlite:///absolute/path or postgres://user@host:5432/name"
    PATH = "a path; one that is not absolute starts at the folder of the configuration file"
    LISTEN = 'a list of "address:port" or "unix:/path"'
    PLACE = '"address:port" or "unix:/path", or "" for nowhere'
    NETWORKS = 'a list of addresses or networks such as "10.0.0.0/8"'
    HOSTS = 'a table from host name to "address:port"'
    COUNT = "a whole number"
    SWITCH = "true or false"
    SIZE = 'a size with its unit, such as "500kB", "16MB" or "5GB"'
    TIME = 'a time with its unit, such as "90s", "10m", "12h" or "30d"'
    WORD = "one of the words listed"


@dataclass(frozen=True, slots=True)
class Option:
    """How one key is read and explained.

    Attributes:
        name: The key.
        kind: How its value is read.
        help: What it does, in a sentence.
        default: What holds when nobody sets it; of the type of the dataclass field.
        required: Whether there is no default.
        at_least: Smallest number allowed, inclusive.
        at_most: Largest number allowed, inclusive.
        words: What a WORD may be.
    """

    name: str
    kind: Kind
    help: str
    default: object = None
    required: bool = False
    at_least: int = 0
    at_most: int | None = None
    words: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What an operator may write here."""
        if self.kind is Kind.WORD:
            return "one of " + ", ".join(self.words)
        if self.kind is Kind.COUNT:
            top = f" to {self.at_most}" if self.at_most is not None else " or more"
            return f"{self.kind.value}, {self.at_least}{top}"
        return str(self.kind.value)


def option(kind: Kind, default: T, text: str, **limits: object) -> T:
    """Declare a key beside its default.

    Args:
        kind: How its value is read.
        default: What holds when nobody sets it.
        text: Its help, one sentence.
        **limits: `at_least`, `at_most` and `words` of `Option`.
    """
    described = {"kind": kind, "help": text, **limits}
    return field(default=default, metadata={METADATA_KEY: described})


def required(kind: Kind, text: str) -> str:
    """Declare a text key that has no default."""
    described = {"kind": kind, "help": text, "required": True}
    declared: str = field(repr=kind is not Kind.SEALING_KEY, metadata={METADATA_KEY: described})
    return declared


def options_of(section: type) -> Mapping[str, Option]:
    """The keys of a section by name, in the order of its fields."""
    found = {}
    for each in dataclasses.fields(section):
        described = dict(each.metadata[METADATA_KEY])
        if each.default_factory is not dataclasses.MISSING:
            default: object = each.default_factory()
        else:
            default = None if each.default is dataclasses.MISSING else each.default
        found[each.name] = Option(name=each.name, default=default, **described)
    return found


def table(kind: Kind, text: str) -> Mapping[str, str]:
    """Declare a key that holds a table and is empty by default."""
    described = {"kind": kind, "help": text}
    return cast(
        "Mapping[str, str]", field(default_factory=dict, metadata={METADATA_KEY: described})
    )


def days(number: int) -> timedelta:
    """A default in days."""
    return timedelta(days=number)


def seconds(number: int) -> timedelta:
    """A default in seconds."""
    return timedelta(seconds=number)

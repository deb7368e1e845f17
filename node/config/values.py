"""Text and TOML values become typed ones here, or are `Wrong`."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from node.config.mistake import Wrong
from node.config.option import Kind, Option

SECRET_LENGTH_MIN: Final = 32
TIME_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
HOST: Final = re.compile(
    r"(?=.{1,253}(:|$))[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[1-9][0-9]{0,4})?"
)
SOCKET: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:/]+):[0-9]{1,5}")
SIZE_UNITS: Final = {"kB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
TIME: Final = re.compile(r"([1-9][0-9]{0,8})([smhd])")
SIZE: Final = re.compile(r"([1-9][0-9]{0,5})([kMGT]B)")
PORT_MAX: Final = 65535


def read(raw: object, option: Option, folder: Path) -> object:
    """The typed value of a key, or `Wrong`.

    Args:
        raw: What TOML gave, or the text of an environment variable.
        option: The key.
        folder: Where relative paths start.
    """
    if option.kind is Kind.PATH:
        return _path(raw, option, folder)
    return READERS[option.kind](raw, option)


def _path(raw: object, option: Option, folder: Path) -> str | Wrong:
    if not isinstance(raw, str) or "\0" in raw:
        return Wrong(option.allowed)
    return str((folder / Path(raw).expanduser()).absolute()) if raw else ""


def _text(raw: object, option: Option) -> str | Wrong:
    return raw if isinstance(raw, str) and raw.isprintable() else Wrong(option.allowed)


def _secret(raw: object, option: Option) -> str | Wrong:
    if not isinstance(raw, str) or len(raw.strip()) < SECRET_LENGTH_MIN:
        return Wrong(option.allowed)
    return raw.strip()


def _host(raw: object, option: Option) -> str | Wrong:
    return raw if isinstance(raw, str) and is_host(raw) else Wrong(option.allowed)


def is_host(text: str) -> bool:
    """Whether this is a host name in lower-case ASCII, with or without a port."""
    return HOST.fullmatch(text) is not None


def _url(raw: object, option: Option) -> str | Wrong:
    if not isinstance(raw, str):
        return Wrong(option.allowed)
    scheme, _, rest = raw.removesuffix("/").partition("://")
    if scheme not in {"https", "http"} or not is_host(rest):
        return Wrong(option.allowed)
    return f"{scheme}://{rest}"


def _database(raw: object, option: Option) -> str | Wrong:
    if not isinstance(raw, str):
        return Wrong(option.allowed)
    parts = urlsplit(raw.strip())
    has_name = len(parts.path.strip("/")) > 0
    is_file = parts.scheme == "sqlite" and not parts.netloc and raw.startswith("sqlite:///")
    is_server = parts.scheme in {"postgres", "postgresql"} and parts.hostname is not None
    if not has_name or not (is_file or is_server):
        return Wrong(option.allowed)
    return raw.strip()


def _strings(raw: object) -> tuple[str, ...] | None:
    if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
        return None
    return tuple(raw)


def _listen(raw: object, option: Option) -> tuple[str, ...] | Wrong:
    places = _strings(raw)
    may_be_empty = not option.default
    if (
        places is None
        or not (places or may_be_empty)
        or not all(_is_place(each) for each in places)
    ):
        return Wrong(option.allowed)
    return places


def _place(raw: object, option: Option) -> str | Wrong:
    if not isinstance(raw, str) or (raw and not _is_place(raw)):
        return Wrong(option.allowed)
    return raw


def _is_place(text: str) -> bool:
    if text.startswith("unix:"):
        return len(text) > len("unix:")
    return is_socket(text)


def is_socket(text: str) -> bool:
    """Whether this is `address:port`."""
    return SOCKET.fullmatch(text) is not None and int(text.rpartition(":")[2]) <= PORT_MAX


def _networks(raw: object, option: Option) -> tuple[str, ...] | Wrong:
    networks = _strings(raw)
    if networks is None or not all(_is_network(each) for each in networks):
        return Wrong(option.allowed)
    return networks


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _hosts(raw: object, option: Option) -> Mapping[str, str] | Wrong:
    if not isinstance(raw, dict):
        return Wrong(option.allowed)
    for name, place in raw.items():
        if not is_host(name) or not isinstance(place, str) or not is_socket(place):
            return Wrong(option.allowed)
    return raw


def _count(raw: object, option: Option) -> int | Wrong:
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < option.at_least:
        return Wrong(option.allowed)
    if option.at_most is not None and raw > option.at_most:
        return Wrong(option.allowed)
    return raw


def _switch(raw: object, option: Option) -> bool | Wrong:
    return raw if isinstance(raw, bool) else Wrong(option.allowed)


def _time(raw: object, option: Option) -> timedelta | Wrong:
    match = TIME.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        return Wrong(option.allowed)
    return timedelta(seconds=int(match[1]) * TIME_UNITS[match[2]])


def _size(raw: object, option: Option) -> int | Wrong:
    match = SIZE.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        return Wrong(option.allowed)
    return int(match[1]) * SIZE_UNITS[match[2]]


def _word(raw: object, option: Option) -> str | Wrong:
    return raw if isinstance(raw, str) and raw in option.words else Wrong(option.allowed)


READERS: Final[Mapping[Kind, Callable[[object, Option], object]]] = {
    Kind.TEXT: _text,
    Kind.SEALING_KEY: _secret,
    Kind.HOST: _host,
    Kind.URL: _url,
    Kind.DATABASE: _database,
    Kind.LISTEN: _listen,
    Kind.PLACE: _place,
    Kind.NETWORKS: _networks,
    Kind.HOSTS: _hosts,
    Kind.COUNT: _count,
    Kind.SWITCH: _switch,
    Kind.SIZE: _size,
    Kind.TIME: _time,
    Kind.WORD: _word,
}

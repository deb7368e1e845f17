"""PURE: a code goes to an address that its app has registered, byte for byte, and nowhere else.

Source: clients.md 2.3 rule 1; RFC 8252 section 7.3
"""

import re
from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urlencode

OUT_OF_BAND: Final = "urn:ietf:wg:oauth:2.0:oob"
LENGTH_MAX: Final = 2000

# Whoever is led to one of these runs what somebody else has written, or shows a file.
_NEVER: Final = frozenset(
    {"about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"}
)
# No space, no control character, no backslash, no fragment, nothing beyond ASCII.
_PLAIN: Final = re.compile(r"[!$-\[\]-~]+")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.+)")
# No name before the host: it only hides where one goes.
_WEB: Final = re.compile(
    r"//((?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?)"
    r"(?:[/?].*)?"
)
_LOOPBACK: Final = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]))(?::[0-9]{1,5})?((?:[/?].*)?)")


def may_be_registered(uri: str) -> bool:
    """Whether an app may name this as an address for its codes."""
    if uri == OUT_OF_BAND:
        return True
    if len(uri) > LENGTH_MAX or not _PLAIN.fullmatch(uri):
        return False
    found = _SCHEME.fullmatch(uri)
    if found is None:
        return False
    scheme, rest = found[1].lower(), found[2]
    if scheme in {"http", "https"}:
        return _WEB.fullmatch(rest) is not None
    return scheme not in _NEVER


def is_registered(asked: str, registered: Collection[str]) -> bool:
    """Whether an address is one of an app's.

    Of a loopback address the port is free: an app on a desk takes the one that it gets.
    """
    if asked in registered:
        return True
    found = _LOOPBACK.fullmatch(asked) if _PLAIN.fullmatch(asked) else None
    return found is not None and any(
        other.groups() == found.groups() for other in map(_LOOPBACK.fullmatch, registered) if other
    )


def with_answer(uri: str, answer: Mapping[str, str]) -> str:
    """The address with what the app is told; a query that it has stays as it is."""
    mark = "&" if "?" in uri else "?"
    return f"{uri}{mark}{urlencode(answer)}"


def form_target(uri: str) -> str:
    """The address as a source of a Content-Security-Policy: where a form may lead in the end.

    A policy has no words for IPv6 addresses, so the scheme alone stands for one.
    """
    found = _SCHEME.fullmatch(uri)
    if found is None or uri == OUT_OF_BAND:
        return ""
    web = _WEB.fullmatch(found[2])
    scheme = found[1].lower()
    if scheme not in {"http", "https"} or web is None or "[" in web[1]:
        return f"{scheme}:"
    return f"{scheme}://{web[1].lower()}"


def place_of(uri: str) -> str:
    """Where an address leads, for people: a host, or what opens on their device; "" for nowhere."""
    target = form_target(uri)
    if not target or _LOOPBACK.fullmatch(uri):
        return ""
    return target.partition("://")[2] or ""

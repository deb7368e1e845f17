"""An id has one spelling here, and one function says whose origin it is (FEP-fe34)."""

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

import idna

from federation.protocol.errors import RemoteProtocolError

# Of a link, which is followed and shown.
LINK_CHARS_MAX = 2048
# Of an id, which indexes hold, several in one row (docs/decisions/0007).
ID_CHARS_MAX = 512

_HOST = r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_REST = r"A-Za-z0-9._~!$&'()*+,;=:@/\-"
# PERF: nearly all ids are canonical as they come, and most have come before: a twentieth of the
# time (benchmarks/reading.py).
_PLAIN = re.compile(rf"https://{_HOST}/[{_REST}]*(?:\?[{_REST}?]+)?(?:#[{_REST}?]+)?")
_NAME = re.compile(_HOST)
_ORIGIN = re.compile(r"https?://[^/?#]+")
_DOT_SEGMENT = re.compile(r"/\.\.?(?:/|$)")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
# Written out or escaped: whoever decodes what we pass on must not find a line break in it.
_UNWANTED = re.compile(r"[\x00-\x20\x7f\\]|%(?:[01][0-9A-Fa-f]|7[Ff])")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = "!$&'()*+,;=:@/?%"
_DEFAULT_PORTS = {"https": 443, "http": 80}
_MAX_HOST_CHARS = 253
_PLAIN_REMEMBERED = 2_000


def canonical(text: object, *, allow_http: bool = False, chars_max: int = ID_CHARS_MAX) -> str:
    """Give an id its one spelling: https, plain host, no default port, plain percent-encoding.

    A fragment is kept, since it is part of a key's id; `without_fragment` drops it.

    Args:
        text: What stood in the document; anything but a string is refused.
        allow_http: Whether plain http is let in, for development on one machine.
        chars_max: The longest; `LINK_CHARS_MAX` for what no index holds.

    Raises:
        RemoteProtocolError: It is not such an id.

    Source: security.md 5; docs/decisions/0007
    """
    if not isinstance(text, str):
        raise RemoteProtocolError("an id is not a URL", repr(text)[:80])
    if len(text) > chars_max:
        raise RemoteProtocolError("an id is too long", repr(text)[:80])
    if len(text) <= _MAX_HOST_CHARS and _is_plain(text):
        return text
    rebuilt = _rebuilt(text, ("https", "http") if allow_http else ("https",))
    # Escapes take room.
    if len(rebuilt) > chars_max:
        raise RemoteProtocolError("an id is too long", rebuilt[:80])
    return rebuilt


@lru_cache(_PLAIN_REMEMBERED)
def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and "/." not in text


def origin_of(uri: str) -> str:
    """Answer scheme, host and port of a canonical URI: "https://h" or "https://h:8443".

    Raises:
        RemoteProtocolError: It is no such URI.
    """
    found = _ORIGIN.match(uri)
    if found is None:
        raise RemoteProtocolError("an id is not a URL", uri[:80])
    return found[0]


def host_of(uri: str) -> str:
    """Answer the host of a canonical URI, with its port if that is not the default: a lane's name.

    Raises:
        RemoteProtocolError: It is no such URI.
    """
    return origin_of(uri).partition("://")[2]


def same_origin(one: str, other: str) -> bool:
    """Say whether two canonical URIs share scheme, host and port; no URI, no origin to share."""
    found = _ORIGIN.match(one)
    twin = _ORIGIN.match(other)
    return found is not None and twin is not None and found[0] == twin[0]


def find_on_origin(text: object, owner: str, *, chars_max: int = ID_CHARS_MAX) -> str:
    """Answer the canonical form of a link that stays on its owner's origin; "" for any other."""
    try:
        link = canonical(text, allow_http=owner.startswith("http:"), chars_max=chars_max)
    except RemoteProtocolError:
        return ""
    return link if same_origin(link, owner) else ""


def fits(text: str) -> bool:
    """Say whether an index holds this text, which need not be a URI: it has no more bytes."""
    return len(text.encode(errors="replace")) <= ID_CHARS_MAX


def without_fragment(uri: str) -> str:
    """Answer the URI up to its fragment: the document a key's id stands in."""
    return uri.partition("#")[0]


def _rebuilt(text: str, schemes: tuple[str, ...]) -> str:
    if _UNWANTED.search(text):
        raise RemoteProtocolError("an id has a character that no URL has", repr(text)[:80])
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise RemoteProtocolError("an id is not a URL", repr(text)[:80]) from error
    if parts.scheme not in schemes:
        raise RemoteProtocolError("an id is not an https URL", repr(text)[:80])
    if "@" in parts.netloc or port == 0:
        raise RemoteProtocolError("an id has a user or an odd port", repr(text)[:80])
    host = _plain_host(parts.hostname or "")
    named_port = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    path = _plain_path(parts.path or "/")
    query = f"?{_plain_escapes(parts.query)}" if parts.query else ""
    fragment = f"#{_plain_escapes(parts.fragment)}" if parts.fragment else ""
    return f"{parts.scheme}://{host}{named_port}{path}{query}{fragment}"


def _plain_host(host: str) -> str:
    try:
        ascii_host = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise RemoteProtocolError("an id has a host that cannot be", repr(host)[:80]) from error
    name = ascii_host.lower().removesuffix(".")
    if len(name) > _MAX_HOST_CHARS or not _NAME.fullmatch(name):
        raise RemoteProtocolError("an id has a host that cannot be", repr(host)[:80])
    return name


def _plain_path(path: str) -> str:
    plain = _plain_escapes(path)
    if _DOT_SEGMENT.search(plain):
        raise RemoteProtocolError("an id has dot segments", repr(path)[:80])
    return plain


def _plain_escapes(text: str) -> str:
    try:
        return quote(_ESCAPE.sub(_plain_escape, text), safe=_KEPT)
    except UnicodeEncodeError as error:
        raise RemoteProtocolError("an id is not text", repr(text)[:80]) from error


def _plain_escape(found: re.Match[str]) -> str:
    digits = found[1]
    if digits is None:
        raise RemoteProtocolError("an id has a broken percent escape", repr(found.string)[:80])
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"

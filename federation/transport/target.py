"""Which URLs may be asked for at all, judged before DNS hears of them."""

import re
from urllib.parse import urljoin

from yarl import URL

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import LINK_CHARS_MAX, canonical, same_origin
from federation.transport.failure import Forbidden

# Lower-case host name, optional port, then printable ASCII: the canonical form of protocol/uri.py.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)"
    r"(?::(?P<port>[0-9]{1,5}))?(?:[/?][!-~]*)?"
)
# A last label made of digits is an IPv4 literal to a URL parser: 127.1, 0x7f.1.
_NUMERIC_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


def judged(url: str, *, allow_http: bool, own_origin: str = "") -> URL | Forbidden:
    """The URL as the client dials it, byte for byte but for its fragment.

    Args:
        url: In canonical form.
        allow_http: The development setting: http, and any port.
        own_origin: Where this node is served itself, which it never dials.

    Returns:
        Forbidden when it is not https on port 443, or has userinfo, a literal address, other than
        printable ASCII, or more than 2 KiB.

    Source: security.md 6.1
    """
    whole = url.partition("#")[0]
    match = _URL.fullmatch(whole) if len(whole) <= LINK_CHARS_MAX else None
    if match is None:
        return Forbidden("not a URL we dial")
    if ".." in match["host"] or _NUMERIC_END.fullmatch(match["host"]):
        return Forbidden("not a host name")
    if not allow_http and (match["scheme"] != "https" or match["port"] is not None):
        return Forbidden("not https on its own port")
    if not 0 < int(match["port"] or 443) < 1 << 16:
        return Forbidden("no such port")
    if same_origin(whole, own_origin):
        return Forbidden("our own host")
    return URL(whole, encoded=True)


def redirected(url: str, location: str, *, allow_http: bool) -> str | Forbidden:
    """Where a redirect leads, in canonical form and without fragment."""
    try:
        whole = canonical(urljoin(url, location), allow_http=allow_http, chars_max=LINK_CHARS_MAX)
        return whole.partition("#")[0]
    except (RemoteProtocolError, ValueError):
        return Forbidden("a redirect to no URL we dial")

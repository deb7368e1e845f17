"""A link whose text names another host than it leads to shows where it leads."""

import re
from html import escape, unescape
from urllib.parse import urlsplit

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import LINK_CHARS_MAX, canonical

# The sanitiser writes links in this one way, and never one inside another.
_LINK = re.compile(r'(<a href="([^"]*)"[^>]*>)(.*?)</a>', re.DOTALL)
_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_NAMED_HOST = re.compile(r"[^\s/@:?#]+\.[^\W\d_][^\s/@:?#.]+")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def with_shown_hosts(html: str) -> str:
    """Sanitised HTML in which no link text passes for another host.

    Source: security.md 9; attack corpus X04
    """
    return _LINK.sub(_shown, html)


def links_to(html: str, url: str) -> bool:
    """Whether sanitised HTML has a link to an address in canonical form, fragments apart."""
    return any(_plain(unescape(href)) == url for _, href, _ in _LINK.findall(html))


def targets_in(html: str) -> tuple[str, ...]:
    """Where the links of sanitised HTML lead, in their order."""
    return tuple(unescape(href) for _, href, _ in _LINK.findall(html))


def without_links(html: str) -> str:
    """Sanitised HTML in which nothing leads anywhere, and every target can be read."""
    return _LINK.sub(_as_text, html)


def _as_text(link: re.Match[str]) -> str:
    _, href, content = link.groups()
    text = unescape(_TAG.sub("", content)).strip()
    return content if text == unescape(href) else f"{content} ({href})"


def _plain(href: str) -> str:
    try:
        return canonical(href, allow_http=True, chars_max=LINK_CHARS_MAX).partition("#")[0]
    except RemoteProtocolError:
        return ""


def _shown(link: re.Match[str]) -> str:
    opening, href, content = link.groups()
    text = unescape(_TAG.sub("", content))
    host = _host(unescape(href))
    if _names_only(text, host):
        return link[0]
    return f"{opening}{content}</a> ({escape(host)})"


def _host(href: str) -> str:
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""


def _names_only(text: str, host: str) -> bool:
    """Whether every host in the text is the link's own, or one above it."""
    if _DIRECTION.search(text):
        return False
    named = (found.lower().strip(".,;!)(") for found in _NAMED_HOST.findall(text))
    return all(host == name or host.endswith(f".{name}") for name in named)

"""What a page of the web says of itself in its head: a title and a description, as plain text.

This is no parser of HTML. Every search goes forward only, and a tag is looked at up to a length,
so that no page takes longer than its bytes (tests/unit/content/test_page_head.py).
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Final

from federation.content.plain import clean_name
from federation.protocol.card import DESCRIPTION_CHARS_MAX, TITLE_CHARS_MAX

TAG_CHARS_MAX: Final = 2000
TAGS_MAX: Final = 1000

# What may be of interest, and what hides all that stands in it.
_BEGIN: Final = re.compile(
    r"<(!--|(?:meta|title|script|style|noscript|template|svg|body)\b)", re.IGNORECASE
)
_ENDS: Final = {
    "!--": re.compile("-->"),
    **{
        name: re.compile(f"</{name}", re.IGNORECASE)
        for name in ("title", "script", "style", "noscript", "template", "svg")
    },
}
_TAG: Final = re.compile(r"""(?:[^"'<>]|"[^"]*"|'[^']*')*""")
_ATTRIBUTE: Final = re.compile(
    r"""(?<![^\s"'/])([a-zA-Z:-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'<>=]+))"""
)
_CHARSET: Final = re.compile(
    rb"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_-]{1,40})""", re.IGNORECASE
)
# A page says its encoding in its first bytes (HTML, "determining the character encoding").
_CHARSET_WITHIN: Final = 1024
# What pages are written in; a codec of Python is not always one of text.
_ENCODINGS: Final = re.compile(
    r"utf-?8|ascii|iso-?8859-?\d+|latin-?1|windows-?\d+|cp\d+|koi8-?[ru]|gbk?|gb2312|gb18030|big5"
    r"|shift[_-]jis|sjis|euc[_-](?:jp|kr)|iso-2022-jp",
    re.IGNORECASE,
)

_TITLES: Final = ("og:title", "twitter:title", "title")
_DESCRIPTIONS: Final = ("og:description", "description", "twitter:description")


@dataclass(frozen=True, slots=True)
class PageHead:
    """What a page says of itself; "" for what it does not say."""

    title: str
    description: str


def read_head(body: bytes, content_type: str) -> PageHead:
    """The head of a page.

    Args:
        body: Its bytes, or the first of them.
        content_type: As it was sent, with its charset if it has one.
    """
    said: dict[str, str] = {}
    for name, value in _said(_decoded(body, content_type)):
        said.setdefault(name, value)
    return PageHead(
        _first(said, _TITLES, TITLE_CHARS_MAX), _first(said, _DESCRIPTIONS, DESCRIPTION_CHARS_MAX)
    )


def _first(said: Mapping[str, str], names: tuple[str, ...], limit: int) -> str:
    cleaned = (clean_name(unescape(said.get(name, "")), limit) for name in names)
    return next(filter(None, cleaned), "")


def _decoded(body: bytes, content_type: str) -> str:
    sent = content_type.encode("ascii", "replace")
    named = _CHARSET.search(sent) or _CHARSET.search(body[:_CHARSET_WITHIN])
    name = named[1].decode() if named else ""
    try:
        encoding = codecs.lookup(name).name if _ENCODINGS.fullmatch(name) else "utf-8"
    except LookupError:
        encoding = "utf-8"
    return body.decode(encoding, "replace")


def _said(text: str) -> Iterator[tuple[str, str]]:
    """Names and values of what the head says, in its order."""
    at = 0
    for _ in range(TAGS_MAX):
        found = _BEGIN.search(text, at)
        if found is None or found[1].lower() == "body":
            return
        kind, at = found[1].lower(), found.end()
        if kind == "meta":
            yield from _meta(text[at : at + TAG_CHARS_MAX])
            continue
        end = _ENDS[kind].search(text, at)
        if end is None:
            return
        if kind == "title":
            inside = text[at : min(end.start(), at + TAG_CHARS_MAX)]
            yield "title", inside.partition(">")[2]
        at = end.end()


def _meta(rest: str) -> Iterator[tuple[str, str]]:
    inside = _TAG.match(rest)
    values = {
        name.lower(): double or single or bare
        for name, double, single, bare in _ATTRIBUTE.findall(inside[0] if inside else "")
    }
    name = values.get("property") or values.get("name") or ""
    if name and values.get("content"):
        yield name.lower(), values["content"]

"""What must not be HTML is plain text: names, previews, and bodies that cannot be sanitised."""

import re
from html import unescape

from federation.content.sanitize import HTML_MAX_BYTES, clean_html
from federation.content.steering import clean_text

NAME_MAX_CHARS = 200

_BREAK = re.compile(r"<(?:br|/li|/pre|/blockquote)\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</p\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_EMPTY_LINES = re.compile(r"\n{3,}")

# C0 and C1 but for white space, what turns the direction of text, what has no width (but not the
# joiners, which scripts and emoji need), surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")


def to_text(html: str) -> str:
    """The text of HTML by anybody, with its paragraphs and line breaks.

    What the sanitiser does not take is cut and roughly stripped of its tags: text is harmless.
    """
    cleaned = clean_html(html)
    source = html[:HTML_MAX_BYTES] if cleaned is None else cleaned
    broken = _PARAGRAPH.sub("\n\n", _BREAK.sub("\n", source))
    return _EMPTY_LINES.sub("\n\n", clean_text(unescape(_TAG.sub("", broken)))).strip()


def clean_name(text: str, limit: int = NAME_MAX_CHARS) -> str:
    """A name or title on one line, without characters that steer the display.

    Args:
        text: As it came.
        limit: How many characters are kept.
    """
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()[:limit].rstrip()

"""HTML from people is reduced to what may stand in a chat, or not shown as HTML at all."""

import re
from collections.abc import Callable
from functools import lru_cache

import nh3

from federation.content.links import with_shown_hosts
from federation.content.steering import clean_text

HTML_MAX_BYTES = 64 * 1024

TAGS = frozenset(
    {"p", "br", "a", "span", "strong", "b", "em", "i", "del", "code", "pre", "blockquote"}
    | {"ul", "ol", "li"}
)
CLASSES = frozenset({"mention", "hashtag"})
_ABSOLUTE = re.compile(r"https?://[^\s/\\?#]", re.IGNORECASE)
# What browsers leave out at either end of an address.
_AROUND = "".join(map(chr, range(0x21)))

# The first shows that nothing active gets through, the second that something does.
_HOSTILE = '<p onclick="x" style="x" id="x" title="x">a<img src=x onerror=x><script>x</script></p>'
_HARMLESS = '<a href="https://a.test/" class="mention u-url">@a</a>'
_TRIED = (
    (_HOSTILE, "<p>a</p>"),
    (
        _HARMLESS,
        '<a href="https://a.test/" class="mention" rel="nofollow noopener noreferrer">@a</a>',
    ),
)


def clean_html(text: str) -> str | None:
    """The HTML with what our allow-list knows, links that tell where they lead, and no more.

    Returns:
        None when it is over 64 KiB or the sanitiser fails on it: show it as plain text then.

    Source: security.md 9, "HTML from people"
    """
    if not is_within_cap(text):
        return None
    cleaned = guarded(_cleaner().clean, text)
    return None if cleaned is None else with_shown_hosts(clean_text(cleaned))


def is_within_cap(text: str) -> bool:
    """Whether the text is short enough to be shown as HTML, by us and by our peers."""
    return len(text) <= HTML_MAX_BYTES and len(text.encode(errors="replace")) <= HTML_MAX_BYTES


def guarded(clean: Callable[[str], str], text: str) -> str | None:
    """What the sanitiser answers, or None where it fails on this text."""
    try:
        return clean(text)
    except UnicodeEncodeError:
        return None
    # A panic in Rust is a BaseException of pyo3's own, which cannot be imported.
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        return None


def tried(cleaner: nh3.Cleaner) -> nh3.Cleaner:
    """The cleaner, once it has shown that it keeps what it should and nothing else.

    Raises:
        RuntimeError: It does not.
    """
    for text, expected in _TRIED:
        if guarded(cleaner.clean, text) != expected:
            raise RuntimeError(f"the sanitiser is set up wrongly for {text!r}")
    return cleaner


def _kept(_tag: str, name: str, value: str) -> str | None:
    """The value of an attribute, or None for a link of which only some say where it leads.

    nh3 takes "https:a" for a URL with the host a; a browser takes it for a path of this node.
    """
    if name != "href":
        return value
    address = value.strip(_AROUND)
    return address if _ABSOLUTE.match(address) else None


@lru_cache(1)
def _cleaner() -> nh3.Cleaner:
    # SECURITY: a wrong configuration fails with an exception before anything is cleaned with it;
    # test_a_configuration_that_lets_other_things_through_is_refused.
    return tried(
        nh3.Cleaner(
            tags=set(TAGS),
            # Without "*", nh3 lets title and lang through. `class` stays out: naming it besides
            # allowed_classes makes nh3 panic.
            attributes={"*": set(), "a": {"href"}},
            allowed_classes={"a": set(CLASSES), "span": set(CLASSES)},
            attribute_filter=_kept,
            url_schemes={"https", "http"},
            url_relative="deny",
            link_rel="nofollow noopener noreferrer",
        )
    )

"""What a person types becomes the HTML of a message: paragraphs, lists, quotes, code, links."""

from functools import lru_cache
from html import escape

# It comes without types.
from linkify_it import LinkifyIt  # type: ignore[import-untyped]
from markdown_it import MarkdownIt

from federation.content.sanitize import clean_html, is_within_cap
from federation.content.steering import clean_text

# Markdown can cost the square of its length; this much of the worst takes a tenth of a second.
FORMATTED_MAX_CHARS = 16 * 1024

# Headings, rules, tables, images and entities are left out: in a chat they are text.
_BLOCKS = ["paragraph", "blockquote", "list", "fence"]
_INLINES = ["text", "newline", "escape", "backticks", "emphasis", "strikethrough", "link"]

# What markdown-it writes in another way.
_TAGS = {"s_open": "<del>", "s_close": "</del>", "softbreak": "<br>", "hardbreak": "<br>"}


def to_html(source: str) -> str:
    """The HTML of a text in Markdown; a single line break is one, and markup in it is text.

    A handle stays text. Who is told of a message is decided by its recipients alone.
    """
    if len(source) > FORMATTED_MAX_CHARS:
        return _unformatted(source)
    html = clean_html(_markdown().render(source).strip())
    return html if html is not None and is_within_cap(html) else _unformatted(source)


def _unformatted(source: str) -> str:
    return f"<p>{'<br>'.join(map(escape, clean_text(source).splitlines()))}</p>"


@lru_cache(1)
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True})
    markdown.enable([*_BLOCKS, *_INLINES, "linkify"])
    # Only what says http: "setup.py" is no link, and a handle is no mail address.
    linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for scheme in ("mailto:", "ftp:", "//"):
        linkify.add(scheme, None)
    markdown.linkify = linkify
    for name, tag in _TAGS.items():
        markdown.add_render_rule(name, lambda *_, tag=tag: tag)
    return markdown

from html.parser import HTMLParser

import nh3
import pytest

from federation.content.sanitize import HTML_MAX_BYTES, TAGS, clean_html, guarded, tried

REL = 'rel="nofollow noopener noreferrer"'

KEPT = (
    "<p>a<br>b</p>",
    "<p><strong>a</strong> <b>b</b> <em>c</em> <i>d</i> <del>e</del> <code>f</code></p>",
    "<pre><code>a\n  b</code></pre>",
    "<blockquote><p>a</p></blockquote>",
    "<ul><li>a</li></ul><ol><li>b</li></ol>",
    '<span class="hashtag">#<span>a</span></span>',
    f'<a href="https://a.test/x?y=1&amp;z" {REL}>x</a>',
    f'<a href="http://a.test/" {REL}>x</a>',
    f'<a class="mention" href="https://a.test/u" {REL}>@<span>u</span></a>',
    "a &lt; b &amp; c",
)
REDUCED = (
    ("<script>alert(1)</script>text", "text"),
    ("<style>p{}</style>text", "text"),
    ("<img src=x onerror=alert(1)>text", "text"),
    ("<svg onload=alert(1)>text</svg>", "text"),
    ("<svg/onload=alert(1)//text", ""),
    ("<iframe src=//evil.test></iframe>text", "text"),
    ("<form action=//evil.test><input name=a>text</form>", "text"),
    ("<h1>text</h1>", "text"),
    ("<table><tr><td>text</td></tr></table>", "text"),
    ("<!-- x -->text", "text"),
    ('<p style="x" id="x" data-x="x" onclick="x" lang="x">text</p>', "<p>text</p>"),
    ('<p class="mention">text</p>', "<p>text</p>"),
    ('<span class="invisible mention u-url">text</span>', '<span class="mention">text</span>'),
    ('<a href="javascript:alert(1)">text</a>', f"<a {REL}>text</a>"),
    ('<a href="JaVa\tScript:alert(1)">text</a>', f"<a {REL}>text</a>"),
    ('<a href="&#106;avascript:alert(1)">text</a>', f"<a {REL}>text</a>"),
    ('<a href="data:text/html,x">text</a>', f"<a {REL}>text</a>"),
    ('<a href="vbscript:x">text</a>', f"<a {REL}>text</a>"),
    ('<a href="mailto:a@a.test">text</a>', f"<a {REL}>text</a>"),
    ('<a href="/relative">text</a>', f"<a {REL}>text</a>"),
    ('<a href="//evil.test/">text</a>', f"<a {REL}>text</a>"),
    ('<a href="https:evil.test/">text</a>', f"<a {REL}>text</a>"),
    ('<a href="https:/evil.test/">text</a>', f"<a {REL}>text</a>"),
    ('<a href="https:///evil.test/">text</a>', f"<a {REL}>text</a>"),
    ('<a href="https:\\\\evil.test/">text</a>', f"<a {REL}>text</a>"),
    ('<a href="https://a.test/" target="_blank" rel="me">text</a>', None),
    ('<a href="https://a.test/" onclick="x">text</a>', None),
    ("<p>open", "<p>open</p>"),
)
# Documents that browsers have read in another way than sanitisers.
MUTATING = (
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style>",
    "<a href='https://a.test/\"onmouseover=alert(1) x=\"'>x</a>",
    "<p><a href='https://a.test/><img src=x onerror=alert(1)>'>x</a>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<<script>script>alert(1)<</script>/script>",
)


class _Tags(HTMLParser):
    """Collects every tag and attribute a parser sees."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


@pytest.mark.parametrize("html", KEPT)
def test_what_a_chat_needs_is_kept(html: str):
    cleaned = clean_html(html)

    assert cleaned is not None
    assert sorted(cleaned) == sorted(html)
    assert clean_html(cleaned) == cleaned


@pytest.mark.parametrize(("html", "expected"), REDUCED)
def test_all_else_is_taken_away_and_the_text_stays(html: str, expected: str | None):
    whole = f'<a href="https://a.test/" {REL}>text</a>' if expected is None else expected

    assert clean_html(html) == whole


@pytest.mark.parametrize("html", MUTATING)
def test_what_browsers_read_otherwise_stays_harmless(html: str):
    cleaned = clean_html(html)

    assert cleaned is not None
    assert clean_html(cleaned) == cleaned
    found = _Tags()
    found.feed(cleaned)
    assert found.tags <= TAGS
    assert found.attributes <= {"href", "rel", "class"}


def test_a_text_over_its_cap_is_not_html():
    assert clean_html("ä" * (HTML_MAX_BYTES // 2)) is not None
    assert clean_html("ä" * (HTML_MAX_BYTES // 2) + "b") is None
    assert clean_html("a" * (HTML_MAX_BYTES + 1)) is None


@pytest.mark.parametrize("html", ["<b>" * 20_000, "<blockquote>" * 5_000, "<" * 60_000])
def test_deep_and_odd_texts_end(html: str):
    assert clean_html(html) is not None


def test_a_lone_surrogate_is_not_html():
    assert clean_html("<p>\ud800</p>") is None


def test_a_panic_of_the_sanitiser_gives_no_html():
    panics = nh3.Cleaner(attributes={"a": {"class"}}, allowed_classes={"a": {"mention"}})

    assert guarded(panics.clean, '<a class="mention">x</a>') is None


def test_an_interrupt_is_not_taken_for_a_panic():
    def interrupted(_: str) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guarded(interrupted, "<p>a</p>")


@pytest.mark.parametrize(
    "cleaner",
    [
        nh3.Cleaner(),
        nh3.Cleaner(tags=set(TAGS)),
        nh3.Cleaner(tags=set()),
        nh3.Cleaner(attributes={"a": {"class"}}, allowed_classes={"a": {"mention"}}),
    ],
)
def test_a_configuration_that_lets_other_things_through_is_refused(cleaner: nh3.Cleaner):
    with pytest.raises(RuntimeError, match="set up wrongly"):
        tried(cleaner)


@pytest.mark.parametrize("hidden", ["\u202e", "\u202d", "&#x202e;", "\x07", "&#27;"])
def test_nothing_reverses_what_follows_it(hidden: str):
    html = f'<p>a{hidden}b <a href="https://evil.test/">{hidden}tset.knab</a></p>'

    cleaned = clean_html(html)

    assert cleaned is not None
    assert cleaned.startswith("<p>ab <a ")
    assert cleaned.endswith(">tset.knab</a> (evil.test)</p>")

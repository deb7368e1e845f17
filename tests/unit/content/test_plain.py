import pytest

from federation.content.plain import NAME_MAX_CHARS, clean_name, to_text
from federation.content.sanitize import HTML_MAX_BYTES
from federation.content.steering import clean_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<p>a &lt;b&gt; &amp;amp; c</p>", "a <b> &amp; c"),
        ("<script>x</script>a", "a"),
        ('<a href="https://a.test/?x=>">y</a>', "y"),
        ("<p>a</p><br><br><br><br>b", "a\n\nb"),
        ("no markup", "no markup"),
        ("", ""),
    ],
)
def test_html_gives_its_text(html: str, text: str):
    assert to_text(html) == text


def test_what_is_too_long_for_the_sanitiser_is_stripped_roughly():
    html = "<p>a</p><b onclick='x'>b</b>" + "c" * HTML_MAX_BYTES

    text = to_text(html)

    assert text.startswith("a\n\nbccc")
    assert len(text) < HTML_MAX_BYTES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bob", "Bob"),
        ("  Bob \t\n Builder\u2028 ", "Bob Builder"),
        ("Bob\x00\x07\x1b\x9f", "Bob"),
        ("\u202eboB\u202c \u2066x\u2069\u200e\u200f\u061c", "boB x"),
        ("B\u200bo\ufeffb\u00ad", "Bob"),
        ("<b>Bob</b>", "<b>Bob</b>"),
        ("👩\u200d👧 عربى", "👩\u200d👧 عربى"),
        ("\ud800Bob", "Bob"),
        ("\u202e", ""),
        ("a" * 300, "a" * NAME_MAX_CHARS),
    ],
)
def test_a_name_is_one_line_without_what_steers_the_display(name: str, expected: str):
    assert clean_name(name) == expected


def test_a_cut_name_ends_in_no_space():
    assert clean_name("ab cd", 3) == "ab"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a \u202ecba\u202c b", "a cba\u202c b"),
        ("\u202da", "a"),
        ("a\x00\x07\x1b[31m\x7f\x9fb", "a[31mb"),
        ("a\n\tb\r\n\x85c", "a\n\tb\r\n\x85c"),
        ("שלום \u2067a\u2069 👩\u200d👧 \u200fb", "שלום \u2067a\u2069 👩\u200d👧 \u200fb"),
    ],
)
def test_a_text_steers_neither_the_display_nor_a_terminal(text: str, expected: str):
    assert clean_text(text) == expected


@pytest.mark.parametrize("hidden", ["\u202e", "&#x202e;", "&#8238;", "\x07", "&#7;"])
def test_the_text_of_html_has_nothing_that_steers(hidden: str):
    assert to_text(f"<p>a{hidden}b</p>") == "ab"
    assert to_text(f"a{hidden}b" + "c" * HTML_MAX_BYTES).startswith("abc")

import pytest

from federation.content.markdown import FORMATTED_MAX_CHARS, to_html

REL = 'rel="nofollow noopener noreferrer"'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("hello", "<p>hello</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("* a\n* b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a", "<ol>\n<li>a</li>\n</ol>"),
        ("```py\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
        (
            "https://a.test/x_y_z",
            f'<p><a href="https://a.test/x_y_z" {REL}>https://a.test/x_y_z</a></p>',
        ),
        ("[x](https://a.test/)", f'<p><a href="https://a.test/" {REL}>x</a></p>'),
        ("", ""),
    ],
)
def test_what_people_type_is_formatted(source: str, expected: str):
    assert to_html(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "@bob@beta.example",
        "@bo_b_x@beta.example",
        "bob@beta.example",
        "setup.py",
        "beta.com",
        "//beta.com/x",
        "ftp://beta.com/x",
        "mailto:bob@beta.com",
        "# no heading",
        "---",
        "[x](javascript:alert)",
        "[x]: y",
        "2 * 3 * 4",
    ],
)
def test_what_is_no_format_stays_text(source: str):
    assert to_html(source) == f"<p>{source}</p>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("a & b &lt; c", "<p>a &amp; b &amp;lt; c</p>"),
        ("<https://a.test>", f'<p>&lt;<a href="https://a.test" {REL}>https://a.test</a>&gt;</p>'),
    ],
)
def test_markup_is_text(source: str, expected: str):
    assert to_html(source) == expected


def test_a_very_long_text_keeps_its_lines_and_no_more():
    source = "**a**\n<b>\n" + "x" * FORMATTED_MAX_CHARS

    assert to_html(source).startswith("<p>**a**<br>&lt;b&gt;<br>xxx")


def test_a_text_whose_html_grows_over_the_cap_is_not_formatted():
    source = "http://a.test/ " * 1000

    assert to_html(source) == f"<p>{source}</p>"


def test_what_is_too_long_to_be_formatted_steers_nothing():
    html = to_html("\u202ea\x07b" + "c" * FORMATTED_MAX_CHARS)

    assert html.startswith("<p>abc")

"""A page says in its head what it is; whatever it tries, plain words come of it."""

import pytest

from federation.content.page_head import PageHead, read_head
from federation.remote.previews import PAGE_MAX_BYTES

HTML = "text/html; charset=utf-8"


def head(text: str, content_type: str = HTML) -> PageHead:
    return read_head(text.encode(), content_type)


@pytest.mark.parametrize(
    ("page", "title", "description"),
    [
        ("<title>Tea</title>", "Tea", ""),
        ("<TITLE lang=en>\n Tea\n and  cake </TITLE>", "Tea and cake", ""),
        ('<title>a</title><meta property="og:title" content="Tea">', "Tea", ""),
        ("<meta content='Tea' property='og:title'/>", "Tea", ""),
        ("<meta property=og:title content=Tea>", "Tea", ""),
        ('<title>T</title><meta name="description" content="Hot &amp; sweet">', "T", "Hot & sweet"),
        ('<title>T</title><meta name="description" content="a > b">', "T", "a > b"),
        ('<title>T</title><meta property="og:title" content="">', "T", ""),
        ("<title>One</title><title>Two</title>", "One", ""),
        ("<title>T</title><body><meta name=description content=no>", "T", ""),
        ("<!-- <title>no</title> --><title>Tea</title>", "Tea", ""),
        ("<script>'<title>no</title>'</script><title>Tea</title>", "Tea", ""),
        ("<svg><title>no</title></svg><title>Tea</title>", "Tea", ""),
        ("<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>", "<script>alert(1)</script>", ""),
        ("<title>", "", ""),
        ("<!-- <title>Tea</title>", "", ""),
        ("", "", ""),
        ("no page at all", "", ""),
    ],
)
def test_what_a_page_says(page: str, title: str, description: str) -> None:
    assert head(page) == PageHead(title, description)


def test_nothing_steers_the_display() -> None:
    said = head("<title>good\u202egnp.exe\u0000\u200b\u2066\n\tname</title>")

    assert said.title == "goodgnp.exe name"


def test_words_are_not_many() -> None:
    said = head(f"<title>{'t' * 1900}</title><meta name=description content={'d' * 1900}>")

    assert (len(said.title), len(said.description)) == (200, 400)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Käse</title>".encode("latin-1"), "text/html; charset=iso-8859-1"),
        ("<meta charset=windows-1252><title>Käse</title>".encode("cp1252"), "text/html"),
        ("<title>Käse</title>".encode(), 'text/html; charset="utf-8"'),
        ("<title>Käse</title>".encode(), "text/html; charset=zip"),
        ("<title>Käse</title>".encode(), "text/html; charset=idna"),
        ("<title>Käse</title>".encode(), "text/html; charset=cp99999"),
    ],
)
def test_a_page_says_how_it_is_written(body: bytes, content_type: str) -> None:
    assert read_head(body, content_type).title == "Käse"


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert read_head(bytes(range(256)) * 100, HTML) == PageHead("", "")


@pytest.mark.parametrize(
    "part",
    [
        "<meta ",
        "<meta content='",
        '<meta a="',
        "<meta content=",
        "<title",
        "<title>",
        "<!--",
        "<script>",
        "<",
        "</title",
        "<meta name=description content=x>",
        " = = =",
        "&lt;",
        "\u202e",
    ],
)
def test_a_page_that_is_one_thing_over_and_over_comes_to_an_end(part: str) -> None:
    page = part * (PAGE_MAX_BYTES // len(part.encode()))

    assert len(head(page).title) <= 200

import pytest

from federation.content.links import with_shown_hosts
from federation.content.plain import to_text
from federation.content.sanitize import clean_html


def shown(href: str, text: str) -> str:
    cleaned = clean_html(f'<a href="{href}">{text}</a>')
    assert cleaned is not None
    return to_text(cleaned)


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("https://a.test/x", "https://a.test/x"),
        ("https://a.test/x", "a.test"),
        ("https://A.test/x", "a.TEST/x."),
        ("https://social.a.test/@al", "@al@a.test"),
        ("https://a.test/x", "read this"),
        ("https://a.test/x", "see version 1.2 and setup"),
        ("https://a.test/", "<span>a</span>.test"),
    ],
)
def test_a_link_that_names_no_other_host_stays_as_it_is(href: str, text: str):
    assert "(" not in shown(href, text)


@pytest.mark.parametrize(
    "text",
    [
        "https://bank.test/login",
        "bank.test",
        "www.bank.test",
        "<span>bank</span>.test",
        "bank&#46;test",
        "evil.test.bank.test",
        "bank.test/evil.test",
        "@al@bank.test",
        "b\u00e4nk.test",
        "\u202etset.knab",
    ],
)
def test_a_link_that_names_another_host_shows_its_own(text: str):
    assert shown("https://evil.test/x", text).endswith("(evil.test)")


def test_the_host_behind_userinfo_is_the_one_shown():
    assert shown("https://bank.test@evil.test/", "bank.test").endswith("(evil.test)")


def test_an_address_that_cannot_be_read_shows_nothing_false():
    link = '<a href="https://[/" rel="x">bank.test</a>'

    assert with_shown_hosts(link) == f"{link} ()"


def test_sanitising_again_adds_no_second_host():
    once = clean_html('<a href="https://evil.test/">bank.test</a>')

    assert once is not None
    assert once.count("(evil.test)") == 1

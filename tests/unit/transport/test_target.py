import pytest
from yarl import URL

from federation.transport.failure import Forbidden
from federation.transport.target import judged, redirected

REFUSED = (
    "http://alpha.test/",
    "ftp://alpha.test/",
    "file:///etc/passwd",
    "https://alpha.test:8443/",
    "https://alpha.test:443/",
    "https://user@alpha.test/",
    "https://user:word@alpha.test/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0x7f000001/",
    "https://017700000001/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://ALPHA.test/",
    "https://alpha..test/",
    "https://.alpha.test/",
    "https://alpha.test./",
    "https://alpha.test/a b",
    "https://alpha.test/\r\nHost: beta.test",
    "https://alpha.test/\x00",
    "https://alpha.test/ä",
    "https://älpha.test/",
    "https://alpha.test\\@beta.test/",
    "https://",
    "https:///x",
    "//alpha.test/",
    "alpha.test",
    "",
    "https://alpha.test/" + "a" * 2048,
)


@pytest.mark.parametrize("url", REFUSED)
def test_a_url_that_is_not_plain_https_to_a_name_is_forbidden(url: str):
    assert isinstance(judged(url, allow_http=False), Forbidden)


@pytest.mark.parametrize(
    "url",
    [
        "https://alpha.test/",
        "https://xn--lpha-loa.test/u/al",
        "https://a_b.alpha.test/%2F/x?y=%20&z=[1]",
        "https://1.alpha.test/?q",
    ],
)
def test_a_plain_url_is_dialled_byte_for_byte(url: str):
    assert str(judged(url, allow_http=False)) == url


def test_a_url_without_a_path_is_dialled_too():
    assert not isinstance(judged("https://alpha.test", allow_http=False), Forbidden)


def test_our_own_origin_is_never_dialled():
    own = "https://home.test"

    for url in ("https://home.test", "https://home.test/inbox", "https://home.test?x"):
        assert judged(url, allow_http=False, own_origin=own) == Forbidden("our own host")
    assert isinstance(judged("https://home.test.evil.test/", allow_http=False, own_origin=own), URL)


def test_a_fragment_is_not_sent():
    assert str(judged("https://alpha.test/u/al#main-key", allow_http=False)) == (
        "https://alpha.test/u/al"
    )


@pytest.mark.parametrize("url", ["http://localhost:8420/u/al", "https://alpha.test:8443/"])
def test_the_development_setting_lets_in_http_and_other_ports(url: str):
    assert str(judged(url, allow_http=True)) == url


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8420/", "http://localhost:0/", "http://a:70000/"]
)
def test_the_development_setting_lets_in_no_literal_and_no_odd_port(url: str):
    assert isinstance(judged(url, allow_http=True), Forbidden)


@pytest.mark.parametrize(
    ("location", "to"),
    [
        ("/b", "https://alpha.test/b"),
        ("b", "https://alpha.test/u/b"),
        ("//beta.test/b", "https://beta.test/b"),
        ("https://BETA.test:443/b#part", "https://beta.test/b"),
        ("?page=2", "https://alpha.test/u/a?page=2"),
    ],
)
def test_a_redirect_leads_to_a_canonical_url(location: str, to: str):
    assert redirected("https://alpha.test/u/a", location, allow_http=False) == to


@pytest.mark.parametrize("location", ["http://alpha.test/", "javascript:x", "https://[", "/a b"])
def test_a_redirect_to_something_else_is_forbidden(location: str):
    found = redirected("https://alpha.test/u/a", location, allow_http=False)

    assert isinstance(found, Forbidden)

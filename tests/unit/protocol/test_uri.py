import pytest

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import (
    LINK_CHARS_MAX,
    canonical,
    find_on_origin,
    fits,
    host_of,
    origin_of,
    same_origin,
    without_fragment,
)


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("https://h.example/u/bob", "https://h.example/u/bob"),
        ("https://h.example", "https://h.example/"),
        ("HTTPS://H.Example:443/a", "https://h.example/a"),
        ("https://h.example./a", "https://h.example/a"),
        ("https://h.example:8443/a", "https://h.example:8443/a"),
        ("https://h.example/a?", "https://h.example/a"),
        ("https://h.example/a#", "https://h.example/a"),
        ("https://h.example/a?b=c#main-key", "https://h.example/a?b=c#main-key"),
        ("https://h.example/%7eb%2f%C3%bc", "https://h.example/~b%2F%C3%BC"),
        ("https://h.example/ü", "https://h.example/%C3%BC"),
        ("https://h.example/a?<b>#<c>", "https://h.example/a?%3Cb%3E#%3Cc%3E"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://\uff25vil.example/", "https://evil.example/"),
        ("https://h.example/.well-known/x", "https://h.example/.well-known/x"),
        ("https://h.example/@bob", "https://h.example/@bob"),
        ("https://h.example/" + "a" * 300, "https://h.example/" + "a" * 300),
    ],
)
def test_an_id_has_one_spelling(text: str, spelling: str):
    assert canonical(text) == spelling
    assert canonical(spelling) == spelling


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        {"id": "https://h.example/"},
        "https://h.example/%00",
        "https://h.example/a?b=%0d%0A",
        "https://h.example/%7f",
        "",
        "bob",
        "/u/bob",
        "http://h.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "acct:bob@h.example",
        "urn:uuid:6f1c1a52-3a0e-5b7e-9a54-2f0d3c9b7e11",
        "https://",
        "https:///a",
        "https://bob@h.example/",
        "https://bob:pw@h.example/",
        "https://h.example:0/",
        "https://h.example:65536/",
        "https://h.example:x/",
        "https://h..example/",
        "https://-h.example/",
        "https://h_.ex%61mple/",
        "https://[::1]/",
        "https://[::1",
        "https://xn--\u00fc.example/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 127 + "example/",
        "https://h.example/a b",
        "https://h.example/a\tb",
        "https://h.example\\@evil.example/",
        "https://h.example/%zz",
        "https://h.example/%",
        "https://h.example/a/../b",
        "https://h.example/a/%2e%2E",
        "https://h.example/./a",
        "https://h.example/\ud800",
        "https://h.example/" + "a" * 512,
        "https://h.example/" + "ä" * 200,
    ],
)
def test_what_is_no_https_id_is_refused(text: str):
    with pytest.raises(RemoteProtocolError) as caught:
        canonical(text)

    assert caught.value.status == 400


def test_an_id_is_as_long_as_an_index_holds_and_a_link_may_be_longer():
    longest = "https://h.example/" + "a" * (512 - 18)

    assert canonical(longest) == longest
    with pytest.raises(RemoteProtocolError, match="too long"):
        canonical(longest + "a")
    assert canonical(longest + "a", chars_max=LINK_CHARS_MAX) == longest + "a"
    assert find_on_origin(longest + "a", "https://h.example/") == ""


@pytest.mark.parametrize(("text", "answer"), [("é" * 256, True), ("é" * 257, False)])
def test_what_is_no_url_is_measured_in_bytes(text: str, answer: object):
    assert fits(text) is answer


def test_plain_http_is_let_in_by_the_development_setting_alone():
    assert canonical("http://h.example:80/a", allow_http=True) == "http://h.example/a"
    assert canonical("https://h.example/a", allow_http=True) == "https://h.example/a"


def test_an_origin_is_scheme_host_and_port():
    assert origin_of("https://h.example:8443/a?b#c") == "https://h.example:8443"
    assert host_of("https://h.example:8443/a") == "h.example:8443"
    assert host_of("https://h.example/a") == "h.example"


@pytest.mark.parametrize("text", ["", "bob", "acct:bob@h.example"])
def test_what_has_no_origin_has_none_in_common(text: str):
    assert not same_origin(text, text)
    with pytest.raises(RemoteProtocolError):
        origin_of(text)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("https://h.example/a", "https://h.example/b#c", True),
        ("https://h.example/a", "https://h.example:8443/a", False),
        ("https://h.example/a", "http://h.example/a", False),
        ("https://h.example/a", "https://h.example.evil.example/a", False),
        ("https://h.example/a", "https://x.h.example/a", False),
    ],
)
def test_origins_are_compared_whole(one: str, other: str, answer: object):
    assert same_origin(one, other) is answer


def test_a_link_counts_on_its_owners_origin_alone():
    owner = "https://h.example/u/bob"

    assert find_on_origin("https://H.example/inbox", owner) == "https://h.example/inbox"
    assert find_on_origin("https://evil.example/inbox", owner) == ""
    assert find_on_origin(None, owner) == ""
    assert find_on_origin("http://h.example/x", "http://h.example/u/bob") == "http://h.example/x"


def test_the_document_of_a_key_is_its_id_without_fragment():
    assert without_fragment("https://h.example/u/bob#main-key") == "https://h.example/u/bob"
    assert without_fragment("https://h.example/u/bob") == "https://h.example/u/bob"


def test_an_id_that_grows_beyond_every_column_is_refused():
    with pytest.raises(RemoteProtocolError):
        canonical("https://alpha.test/" + "é" * 2000)

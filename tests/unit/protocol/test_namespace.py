import pytest

from federation.protocol.namespace import Namespace

OURS = Namespace("https://a.example", "a.example", "example")


def test_every_url_we_mint_has_its_form():
    bob = OURS.person("bob")

    assert bob == "https://a.example/u/bob"
    assert OURS.conversation("01K4") == "https://a.example/c/01K4"
    assert OURS.note("bob", "01K4") == "https://a.example/u/bob/n/01K4"
    assert OURS.activity("bob", "01K4") == "https://a.example/u/bob/a/01K4"
    assert OURS.log("bob", "7QK2") == "https://a.example/u/bob/log/7QK2"
    assert OURS.direct_context("bob", "01K4") == "https://a.example/u/bob/d/01K4"
    assert OURS.message_page("01K4") == "https://a.example/m/01K4"
    assert OURS.shared_inbox == "https://a.example/inbox"
    assert OURS.instance == "https://a.example/actor"
    assert OURS.main_key(bob) == "https://a.example/u/bob#main-key"
    assert OURS.ed25519_key(bob) == "https://a.example/u/bob#ed25519-key"


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("https://a.example/u/bob", "bob"),
        ("https://a.example/u/bob/n/01K4", None),
        ("https://a.example/u/Bob", None),
        ("https://a.example/u/", None),
        ("https://a.example/c/bob", None),
        ("https://b.example/u/bob", None),
        ("bob", None),
    ],
)
def test_a_local_persons_id_gives_the_name(uri: str, name: str | None):
    assert OURS.local_name(uri) == name


def test_ours_is_what_is_on_our_origin():
    assert OURS.is_ours("https://a.example/x")
    assert not OURS.is_ours("https://a.example.evil.example/x")

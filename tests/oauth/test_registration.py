"""Whatever an app says of itself, it is an app or the reason why it is none."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from node.identity.apps import NewApp
from node.oauth.redirects import may_be_registered
from node.oauth.registration import Unfit, judge_app, judge_metadata

ONE = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
JSON = ONE | st.lists(ONE, max_size=3) | st.dictionaries(st.text(max_size=4), ONE, max_size=2)
NAMES = (
    *("client_name", "client_uri", "redirect_uris", "scope", "grant_types"),
    "token_endpoint_auth_method",
)
LIKELY = st.sampled_from(
    ["Tea", "none", "read", ["authorization_code"], ["https://client.test/"], ["none"], {"a": 1}]
)


@given(st.dictionaries(st.sampled_from(NAMES), JSON | LIKELY), st.sampled_from(["sent", "found"]))
def test_any_metadata_is_judged(document: dict[str, Any], place: str):
    judged = judge_metadata(document, is_document=place == "found")

    assert isinstance(judged, NewApp | Unfit)
    if isinstance(judged, NewApp):
        assert all(map(may_be_registered, judged.redirect_uris))
        assert place == "sent" or not judged.is_confidential


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=12), st.text(), st.text())
def test_any_form_is_judged(name: str, addresses: list[str], scope: str, website: str):
    assert isinstance(judge_app(name, addresses, scope, website), NewApp | Unfit)

"""People get pages and servers get documents from the same address."""

import pytest

from node.http.negotiate import wants_activity

LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "is_activity"),
    [
        ("application/activity+json", True),
        (LD, True),
        (f"application/activity+json, {LD}", True),
        ("application/activity+json, text/html;q=0.1", True),
        ("text/html;q=0.5, application/activity+json;q=0.4", False),
        ("Application/Activity+JSON", True),
        ("application/json", True),
        ("application/json, text/html", False),
        ("application/activity+json;q=0", False),
        ("application/activity+json;q=x", False),
        (BROWSER, False),
        ("*/*", False),
        ("", False),
        (",;,", False),
    ],
)
def test_what_a_client_prefers_is_what_it_gets(accept: str, *, is_activity: bool) -> None:
    assert wants_activity(accept) is is_activity

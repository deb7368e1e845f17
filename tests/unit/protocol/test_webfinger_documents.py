from typing import Any

import pytest

from federation.protocol.build.server import jrd
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.namespace import Namespace
from federation.protocol.webfinger import Account, parse_account, parse_jrd, parse_resource

OURS = Namespace("https://a.example", "a.example", "example.org")
BOB = "https://a.example/u/bob"


@pytest.mark.parametrize("text", ["bob@B.Example", "@bob@b.example", "acct:bob@b.example:443"])
def test_a_handle_is_taken_apart(text: str):
    assert parse_account(text) == Account("bob", "b.example")


@pytest.mark.parametrize(
    "text",
    ["", "bob", "bob@", "@b.example", "a@b@c", "bob@b.example/x", "b ob@c", "bob@-", "a:b@c"],
)
def test_what_is_no_handle_is_refused(text: str):
    with pytest.raises(RemoteProtocolError):
        parse_account(text)


@pytest.mark.parametrize(
    ("resource", "found"),
    [
        ("acct:bob@example.org", "bob"),
        ("acct:BOB@a.example", "bob"),
        ("acct:c-k4b07q2m9x5rt8vw@example.org", "c-k4b07q2m9x5rt8vw"),
        ("acct:bob@b.example", None),
        (BOB, BOB),
        ("https://b.example/u/bob", None),
    ],
)
def test_a_resource_is_ours_or_not(resource: str, found: object):
    assert parse_resource(resource, namespace=OURS) == found


@pytest.mark.parametrize("resource", ["", "bob", "mailto:bob@example.org", "https://%"])
def test_a_malformed_resource_is_refused(resource: str):
    with pytest.raises(RemoteProtocolError):
        parse_resource(resource, namespace=OURS)


def test_what_we_answer_can_be_read():
    answer = jrd(namespace=OURS, name="bob", actor=BOB)

    found = parse_jrd(answer)

    assert found.actor == BOB
    assert found.subject == Account("bob", "example.org")


def link(**changes: object) -> dict[str, Any]:
    return {"rel": "self", "type": "application/activity+json", "href": BOB, **changes}


def test_the_first_link_to_an_actor_counts():
    of_no_use = [link(type="text/html"), link(rel="me"), link(href="http://a.example/u/bob")]
    links = ["x", *of_no_use, link(), link(href=f"{BOB}2")]

    found = parse_jrd({"subject": "https://a.example/", "links": links})

    assert found.actor == BOB
    assert found.subject is None


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"links": []},
        {"links": [link(href="http://a.example/u/bob")]},
        {"links": [link(href=None)]},
        {"links": [{}] * 100 + [link()]},
    ],
)
def test_without_such_a_link_there_is_no_actor(document: dict[str, Any]):
    with pytest.raises(RemoteProtocolError):
        parse_jrd(document)


def test_a_subject_that_is_no_text_is_none():
    assert parse_jrd({"subject": 7, "links": [link()]}).subject is None

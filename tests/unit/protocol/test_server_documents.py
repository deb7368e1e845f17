from typing import Any

import pytest

from federation.protocol.build.server import nodeinfo, nodeinfo_links
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.host_meta import host_meta
from federation.protocol.namespace import Namespace
from federation.protocol.nodeinfo import SCHEMAS, Software, parse_links, parse_nodeinfo

OURS = Namespace("https://a.example", "a.example", "a.example")


def test_our_nodeinfo_is_found_and_read():
    document = nodeinfo(version="1.2.3", is_open=True, people=7)

    assert parse_links(nodeinfo_links(OURS)) == "https://a.example/nodeinfo/2.1"
    assert parse_nodeinfo(document) == Software("covey", "1.2.3")
    assert document["openRegistrations"] is True
    assert document["usage"] == {"users": {"total": 7}}
    names = "version software protocols services openRegistrations usage metadata"
    assert set(names.split()) == document.keys()


def test_the_newest_version_is_asked_for():
    links = [{"rel": SCHEMAS[1], "href": "https://a.example/0"}, "x", {"rel": 7}]
    newest = {"rel": SCHEMAS[0], "href": "https://a.example/1"}

    assert parse_links({"links": links}) == "https://a.example/0"
    assert parse_links({"links": [*links, newest]}) == "https://a.example/1"


@pytest.mark.parametrize("document", [{}, {"links": [{"rel": "x", "href": "https://a.example/"}]}])
def test_a_host_may_have_no_nodeinfo(document: dict[str, Any]):
    with pytest.raises(RemoteProtocolError):
        parse_links(document)


@pytest.mark.parametrize("document", [{}, {"software": "x"}, {"software": {"name": 7}}])
def test_software_may_be_unknown(document: dict[str, Any]):
    assert parse_nodeinfo(document) == Software("", "")


def test_a_name_is_compared_in_lower_case():
    assert parse_nodeinfo({"software": {"name": "GoToSocial", "version": "0.20"}}) == Software(
        "gotosocial", "0.20"
    )


def test_host_meta_shows_the_way_to_webfinger():
    found = host_meta("https://a.example")

    template = "https://a.example/.well-known/webfinger?resource={uri}"
    assert f'<Link rel="lrdd" type="application/jrd+json" template="{template}"/>' in found

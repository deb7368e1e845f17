import pytest

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.inline_context import is_void
from federation.protocol.vocabulary import ACTIVITYSTREAMS, CONTEXT


@pytest.mark.parametrize(
    "context",
    [
        None,
        CONTEXT,
        ACTIVITYSTREAMS,
        ["https://evil.example/context"] * 1000,
        [ACTIVITYSTREAMS, {"sensitive": "as:sensitive", "Hashtag": "as:Hashtag"}],
        [ACTIVITYSTREAMS, {"toot": "http://joinmastodon.org/ns#", "Emoji": "toot:Emoji"}],
        [ACTIVITYSTREAMS, {"movedTo": {"@id": "as:movedTo", "@type": "@id"}}],
        [ACTIVITYSTREAMS, {"id": "@id", "type": "@type", "url": {"@id": "as:url"}}],
        [ACTIVITYSTREAMS, {"actor": f"{ACTIVITYSTREAMS}#actor"}],
        [
            ACTIVITYSTREAMS,
            {"ostatus": "http://ostatus.org#", "conversation": "ostatus:conversation"},
        ],
        [ACTIVITYSTREAMS, {"@language": "und"}],
        {"loop": "pool:x", "pool": "loop:x"},
    ],
)
def test_contexts_that_leave_our_names_alone_are_fine(context: object):
    assert not is_void({"@context": context, "type": "Create"})


@pytest.mark.parametrize(
    "context",
    [
        [ACTIVITYSTREAMS, {"actor": "https://evil.example/actor"}],
        [ACTIVITYSTREAMS, {"id": "https://evil.example/id"}],
        {"content": {"@id": "as:summary"}},
        {"to": None},
        {"to": {"@type": "@id"}},
        {"as": "https://evil.example/"},
        {"x": "https://evil.example/", "object": "x:object"},
        {"chatSeq": "as:content"},
        {"Note": {"@id": "as:Note", "@context": {"content": "as:summary"}}},
        {"to": "loop:x", "loop": "loop:x"},
    ],
)
@pytest.mark.parametrize("place", ["top", "object", "list"])
def test_a_context_that_renames_what_we_read_is_found_out(context: object, place: str):
    inner = {"@context": context, "type": "Note"}
    document = {"top": inner, "object": {"object": inner}, "list": {"tag": ["x", inner]}}[place]

    assert is_void(document)


@pytest.mark.parametrize("keyword", ["@graph", "@included", "@reverse"])
@pytest.mark.parametrize("place", ["top", "object", "list", "context"])
def test_a_structure_keyword_is_refused_wherever_it_stands(keyword: str, place: str):
    inner = {keyword: []}
    document = {
        "top": inner,
        "object": {"object": inner},
        "list": {"tag": [[inner]]},
        "context": {"@context": [ACTIVITYSTREAMS, inner]},
    }[place]

    with pytest.raises(RemoteProtocolError):
        is_void(document)

import msgspec
import pytest
from aiohttp import web

from federation.remote.objects import Away, NotThere, Unusable
from storage.actors import StoredActor
from tests.support.remote_node import RemoteNode, actor_document, serve_document, serve_jrd
from tests.support.signing import rsa_key
from tests.support.tls_peer import TlsPeer

BOB = "https://beta.test/u/bob"


@pytest.fixture(autouse=True)
def bob(beta: TlsPeer) -> None:
    serve_document(beta, "/u/bob", actor_document(BOB, rsa_key()))


def serve_by_resource(beta: TlsPeer, answers: dict[str, tuple[str, str]]) -> None:
    """Let WebFinger answer each resource with its subject and actor."""

    async def answer(request: web.Request) -> web.Response:
        known = answers.get(request.query["resource"])
        if known is None:
            return web.Response(status=404)
        subject, actor = known
        link = {"rel": "self", "type": "application/activity+json", "href": actor}
        body = msgspec.json.encode({"subject": subject, "links": [link]})
        return web.Response(body=body, content_type="application/jrd+json")

    beta.routes["/.well-known/webfinger"] = answer


@pytest.mark.parametrize("handle", ["@bob@beta.test", "bob@BETA.test", "acct:bob@beta.test "])
async def test_a_handle_leads_to_its_actor(node: RemoteNode, beta: TlsPeer, handle: str):
    serve_jrd(beta, "acct:bob@beta.test", BOB)

    found = await node.handles.resolve(handle)

    assert isinstance(found, StoredActor)
    assert (found.uri, found.username, found.domain) == (BOB, "bob", "beta.test")
    assert beta.requests[0].query["resource"] == "acct:bob@beta.test"


@pytest.mark.parametrize("handle", ["@alice@home.test", "ALICE@Home.test"])
async def test_a_handle_of_ours_is_never_asked_for_elsewhere(
    node: RemoteNode, beta: TlsPeer, handle: str
):
    found = await node.handles.resolve(handle)

    assert isinstance(found, StoredActor)
    assert found.uri == "https://home.test/u/alice"
    assert await node.handles.resolve("@nobody@home.test") == NotThere(is_gone=False)
    assert beta.requests == []


@pytest.mark.parametrize("handle", ["", "bob", "@bob", "bob@127.0.0.1", "a@b@beta.test", "b b@c.d"])
async def test_what_is_no_handle_is_not_asked_for(node: RemoteNode, beta: TlsPeer, handle: str):
    assert isinstance(await node.handles.resolve(handle), Unusable)
    assert beta.requests == []


async def test_a_domain_of_its_own_is_shown_when_both_sides_agree(node: RemoteNode, beta: TlsPeer):
    actor = "https://social.beta.test/u/bob"
    serve_document(beta, "/u/bob", actor_document(actor, rsa_key()))
    serve_by_resource(
        beta,
        {
            "acct:bob@beta.test": ("acct:bob@beta.test", actor),
            "acct:bob@social.beta.test": ("acct:bob@beta.test", actor),
        },
    )

    for handle in ("bob@beta.test", "bob@social.beta.test"):
        found = await node.handles.resolve(handle)
        assert isinstance(found, StoredActor)
        assert (found.uri, found.domain) == (actor, "beta.test")
    again = await node.directory.fetch(actor)
    assert isinstance(again, StoredActor)
    assert again.domain == "beta.test"


@pytest.mark.parametrize(
    "answers",
    [
        # Another domain's name for an actor whose host knows nothing of it.
        {"acct:bob@evil.test": ("acct:bob@evil.test", BOB)},
        # The host gives its actor another handle.
        {
            "acct:bob@evil.test": ("acct:bob@evil.test", BOB),
            "acct:bob@beta.test": ("acct:bob@beta.test", BOB),
        },
        # A subject of a domain that does not confirm it.
        {"acct:bob@evil.test": ("acct:bob@social.beta.test", "https://evil.test/u/bob")},
        # A subject of our own domain.
        {"acct:bob@evil.test": ("acct:alice@home.test", "https://evil.test/u/bob")},
        # Somebody of ours under another domain.
        {"acct:bob@evil.test": ("acct:bob@evil.test", "https://home.test/u/alice")},
    ],
)
async def test_a_handle_that_one_side_denies_leads_nowhere(
    node: RemoteNode, beta: TlsPeer, answers: dict[str, tuple[str, str]]
):
    if "https://evil.test/u/bob" in str(answers):
        serve_document(beta, "/u/bob", actor_document("https://evil.test/u/bob", rsa_key()))
    serve_by_resource(beta, answers)

    assert isinstance(await node.handles.resolve("bob@evil.test"), Unusable)


async def test_an_actor_who_goes_by_another_name_is_not_the_one(node: RemoteNode, beta: TlsPeer):
    serve_jrd(beta, "acct:robert@beta.test", BOB)

    assert isinstance(await node.handles.resolve("robert@beta.test"), Unusable)


@pytest.mark.parametrize(
    ("status", "content_type", "body", "expected"),
    [
        (404, "text/plain", b"", NotThere),
        (410, "text/plain", b"", NotThere),
        (503, "text/plain", b"", Away),
        (200, "application/xrd+xml", b"<XRD/>", Unusable),
        (200, "application/jrd+json", b"{}", Unusable),
        (200, "application/jrd+json", b"[", Unusable),
        (200, "application/jrd+json", b" " * 70_000, Unusable),
        (
            200,
            "application/jrd+json",
            b'{"links": [{"rel": "self", "type": "application/activity+json", "href": "http://a.b/c"}]}',
            Unusable,
        ),
    ],
)
async def test_an_answer_that_is_no_jrd_leads_nowhere(
    node: RemoteNode, beta: TlsPeer, status: int, content_type: str, body: bytes, expected: type
):
    beta.serve("/.well-known/webfinger", body, status=status, content_type=content_type)

    assert isinstance(await node.handles.resolve("bob@beta.test"), expected)


async def test_a_host_that_is_not_there_is_away(node: RemoteNode):
    assert isinstance(await node.handles.resolve("bob@nowhere.invalid"), Away)

"""What the node says of its handles and of itself to whoever asks, without a signature."""

from federation.protocol.build import server
from federation.protocol.namespace import Namespace
from federation.protocol.webfinger import parse_resource
from federation.queries.fetchable import Answer, Gone, Hidden, Public, encoded
from federation.queries.served_people import Profile, find_profile
from storage import actors
from storage.own_actors import count_people


async def finger(space: Namespace, resource: str) -> Answer:
    """The WebFinger answer for a person, a group whose name somebody knows, or the node itself.

    A group is not found by its id: only its name carries the random bits that open it.

    Raises:
        RemoteProtocolError: The resource is neither a handle nor a URL (400).

    Source: groups-protocol.md 3.1.2; security.md 7
    """
    asked = parse_resource(resource, namespace=space)
    if asked is None:
        return Hidden()
    if asked in {space.account_domain, space.instance}:
        return _found(space, space.account_domain, space.instance)
    is_url = asked.startswith(("https://", "http://"))
    name = space.local_name(asked) if is_url else asked
    if name is None:
        return Hidden()
    profile = await find_profile(space, name)
    if isinstance(profile, Profile):
        return _found(space, name, profile.uri)
    if isinstance(profile, Gone):
        return Gone()
    return Hidden() if is_url else await _group(space, name)


async def _group(space: Namespace, name: str) -> Answer:
    actor = await actors.find_actor_by_handle(name, space.account_domain)
    is_ours = actor is not None and actor.local and actor.kind == "conversation"
    return _found(space, name, actor.uri) if actor is not None and is_ours else Hidden()


def _found(space: Namespace, name: str, actor: str) -> Answer:
    return Public(encoded(server.jrd(namespace=space, name=name, actor=actor)))


def nodeinfo_links(space: Namespace) -> Answer:
    """Where the NodeInfo document is."""
    return Public(encoded(server.nodeinfo_links(space)))


async def nodeinfo(version: str, schema: str, *, is_open: bool) -> Answer:
    """Which software this is, and how many people it serves, in a version of NodeInfo."""
    people = await count_people()
    document = server.nodeinfo(version=version, is_open=is_open, people=people, schema=schema)
    return Public(encoded(document))

"""The documents in which our actors introduce themselves are made of our rows."""

from typing import Any

from federation.content.markdown import to_html
from federation.keyring import keys_of
from federation.protocol.build import person
from federation.protocol.build.conversation import Identity
from federation.protocol.namespace import Namespace
from storage import readers
from storage.accounts import Account
from storage.doors import of_people
from storage.own_actors import find_own_actor
from storage.profiles import find_profile


async def describe_person(space: Namespace, account: Account) -> dict[str, Any] | None:
    """The document of a person here; None while they lack a key."""
    actor = await find_own_actor(account.actor_uri)
    if actor is None:
        return None
    return person.person(
        namespace=space,
        name=account.name,
        said=await said_by(account.actor_uri),
        keys=keys_of(actor),
        created_at=actor.created_at,
    )


async def said_by(person_uri: str) -> person.Said:
    """What somebody here says of themselves, in HTML; the texts are theirs, the markup is ours."""
    profile = await find_profile(person_uri)
    if profile is None:
        return person.Said("")
    chosen = (await of_people([person_uri]))[person_uri]
    return person.Said(
        profile.name,
        to_html(profile.bio) if profile.bio else "",
        [(label, _on_a_line(value)) for label, value in profile.details],
        writers=chosen.writers,
        inviters=chosen.inviters,
        approves_followers=chosen.approves_followers,
        icon=profile.icon,
    )


def _on_a_line(value: str) -> str:
    html = to_html(value)
    inside = html.removeprefix("<p>").removesuffix("</p>")
    return html if "<p>" in inside else inside


async def describe_instance(space: Namespace) -> dict[str, Any] | None:
    """The document of the actor that signs what the node asks for itself."""
    actor = await find_own_actor(space.instance)
    if actor is None:
        return None
    return person.instance_actor(namespace=space, keys=keys_of(actor), created_at=actor.created_at)


async def find_identity(uri: str, conversation_id: str) -> Identity | None:
    """Name, keys and founder of a conversation actor of ours; None while it lacks a key."""
    actor = await find_own_actor(uri)
    if actor is None:
        return None
    return Identity(
        username=actor.username,
        domain=actor.domain,
        founder=await readers.find_founder(conversation_id),
        shared_inbox=actor.shared_inbox,
        keys=keys_of(actor),
        created_at=actor.created_at,
    )

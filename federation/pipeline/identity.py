"""The documents in which our actors introduce themselves are made of our rows."""

from typing import Any

from federation.keyring import keys_of
from federation.protocol.build import person
from federation.protocol.build.conversation import Identity
from federation.protocol.namespace import Namespace
from storage import readers
from storage.accounts import Account
from storage.own_actors import find_own_actor


async def describe_person(space: Namespace, account: Account) -> dict[str, Any] | None:
    """The document of a person here; None while they lack a key."""
    actor = await find_own_actor(account.actor_uri)
    if actor is None:
        return None
    return person.person(
        namespace=space,
        name=account.name,
        display_name=account.display_name,
        keys=keys_of(actor),
        created_at=actor.created_at,
    )


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

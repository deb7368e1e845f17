"""What the document of a conversation of ours says at every epoch is read from our rows."""

from federation.keyring import keys_of
from federation.protocol.build.conversation import Identity
from storage import readers
from storage.own_actors import find_own_actor


async def find_identity(uri: str, conversation_id: str) -> Identity | None:
    """Name, keys and founder of a conversation actor of ours; None while it lacks a key."""
    actor = await find_own_actor(uri)
    if actor is None:
        return None
    keys = keys_of(actor)
    return Identity(
        username=actor.username,
        domain=actor.domain,
        founder=await readers.find_founder(conversation_id),
        shared_inbox=actor.shared_inbox,
        public_key_pem=keys.public_key_pem,
        multikey=keys.multikey,
        created_at=actor.created_at,
    )

"""A group is given another home, here: as planned, or because the old one is gone."""

from typing import Final

from federation.commands.desk import Desk, Made, submit
from federation.commands.once import MaybeOnce
from federation.keyring import new_pairs
from federation.pipeline.item import ContinueGroup
from federation.protocol.verdict import Refused

USERNAME_BYTES: Final = 10


async def continue_group(
    desk: Desk, author: str, predecessor: str, *, once: MaybeOnce = None
) -> Made | Refused:
    """Continue a group here; answers the id of the group that does.

    Args:
        desk: What a command needs.
        author: A successor of a group whose home is gone, else an admin.
        predecessor: Our id of the group.
        once: The key under which a repeat makes nothing more.
    """
    conversation_id = desk.entropy.new_id()
    uri = desk.space.conversation(conversation_id)
    keys = await new_pairs(uri, desk.entropy, sealer=desk.sealer, at=desk.clock())
    desk.keyring.remember(keys)
    made = await submit(
        desk,
        ContinueGroup(
            author=author,
            predecessor=predecessor,
            conversation_id=conversation_id,
            username=f"c-{desk.entropy.hexadecimal(USERNAME_BYTES)}",
            keys=keys,
            once=once,
        ),
    )
    if isinstance(made, Refused) or made.resource != conversation_id:
        desk.keyring.forget(uri)
    return made

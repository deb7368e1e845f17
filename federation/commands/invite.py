"""A person asks another into a group, or what there is to know before that."""

from federation.commands.desk import Desk, Made, submit
from federation.commands.people import find_fault, find_person
from federation.pipeline.item import InvitePerson, Once
from federation.protocol.verdict import Refused
from storage.actors import StoredActor


async def find_invitee(desk: Desk, acct: str) -> StoredActor | Refused:
    """Somebody who can be in a group; their server is asked what it runs if it is unaware."""
    person = await find_person(desk, acct)
    if isinstance(person, Refused):
        return person
    return await find_fault(desk, [person]) or person


async def invite(
    desk: Desk, author: str, person: StoredActor, *, conversation_id: str, once: Once | None = None
) -> Made | Refused:
    """Invite somebody to a group; answers its id.

    Args:
        desk: What a command needs.
        author: Who invites.
        person: As `find_invitee` found them.
        conversation_id: The group.
        once: The key under which a repeat invites nobody more.
    """
    return await submit(desk, InvitePerson(author, conversation_id, person.uri, once))

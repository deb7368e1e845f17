"""The conversation that a posted message goes to.

1. That of the message it answers.
2. The group that it names, as its `context` or among its readers.
3. Else its readers are the people: the conversation of exactly these is used, or begun.

Source: clients.md 6.2 and 10.3
"""

from typing import Final

from federation.commands.people import find_by_id
from federation.commands.start_conversation import Wanted, start_conversation
from federation.protocol.json_ld import id_of
from federation.protocol.verdict import Refused
from federation.queries.boxes import find_entry, find_group
from federation.queries.client_pages import find_exactly
from node.activitypub_api.call import declined, done, found
from node.activitypub_api.posted import Posted
from node.app_keys import Services

NOBODY: Final = Refused("It names no readers. Put the people, or the group, into `to`.", 422)


async def place_of(services: Services, person: str, posted: Posted) -> tuple[str, str]:
    """Our ids of the conversation, and of the message that is answered, or "".

    Raises:
        DeclinedError: There is none, or none that the person may write in.
    """
    answered = id_of(posted.object.get("inReplyTo"))
    if answered:
        entry = found(await find_entry(person, answered))
        return entry.message.conversation_id, entry.message.id
    context = id_of(posted.object.get("context")) or id_of(posted.said.get("context"))
    if context:
        return await group_named(person, context), ""
    for uri in posted.readers:
        group = await find_group(person, uri)
        if group is not None:
            return group, ""
    return await _of_people(services, person, posted.readers), ""


async def group_named(person: str, uri: str) -> str:
    """Our id of a group that the person has a place in.

    Raises:
        DeclinedError: There is none.
    """
    return found(await find_group(person, uri))


async def _of_people(services: Services, person: str, readers: tuple[str, ...]) -> str:
    if not readers:
        raise declined(NOBODY)
    known = await find_exactly(person, readers)
    if known is not None:
        return known
    people = [done(await find_by_id(services.desk, uri)) for uri in readers]
    made = await start_conversation(
        services.desk,
        person,
        Wanted("direct", "", tuple(f"{one.username}@{one.domain}" for one in people)),
        characters_max=services.limits.message_characters,
    )
    return done(made).resource

"""Which inboxes there are: whether something sent to one finds anybody."""

from dataclasses import dataclass

from federation.protocol.namespace import Namespace
from federation.queries.fetchable import Gone, Hidden
from federation.queries.served_groups import find_home_group
from federation.queries.served_people import Profile, find_profile


@dataclass(frozen=True, slots=True)
class Inbox:
    """An inbox that takes what is sent to its owner."""

    owner: str


async def person_inbox(space: Namespace, name: str) -> Inbox | Hidden | Gone:
    """The inbox of a person; that there is a person is no secret."""
    profile = await find_profile(space, name)
    return Inbox(profile.uri) if isinstance(profile, Profile) else profile


async def conversation_inbox(conversation_id: str) -> Inbox | Hidden | Gone:
    """The inbox of a group; whether there is one is told only to who has signed."""
    group = await find_home_group(conversation_id)
    if group is None:
        return Hidden()
    return Gone() if group.is_closed else Inbox(group.uri)

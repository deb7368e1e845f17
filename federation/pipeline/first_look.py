"""What a repair has learned of a group at its home is written like any other change."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from federation.activities import adopt
from federation.activities.adopt import Adoption, Glimpse
from federation.pipeline import accounts
from federation.pipeline.batch import write_all
from federation.pipeline.load import conversations_of, load
from federation.pipeline.needs import Needs
from federation.pipeline.prepare import Tools, signers_of
from federation.pipeline.situate import Road, situate
from storage import conversations
from storage.changes import MarkDisputed, Tell


async def take_in(found: Glimpse | Adoption, tools: Tools, now: datetime) -> frozenset[str]:
    """Write what was learned, inside the caller's transaction; answer what has arrived by it."""
    uri = found.uri if isinstance(found, Glimpse) else found.state.conversation
    members: Collection[str] = found.members if isinstance(found, Glimpse) else found.state.members
    needs = Needs(
        author=uri,
        subject=uri,
        actors=frozenset({uri, *members}),
        conversation_uris=frozenset({uri}),
    )
    road = Road(
        now,
        tools.space,
        tools.new_id,
        signers=await signers_of(members, tools),
        rules=tools.rules(),
    )
    situation = situate(needs, await load([needs], tools.rosters), road, by_us=False, owner="")
    if situation is None:
        return await write_all(())
    cause = accounts.owner_of(uri)
    if isinstance(found, Glimpse):
        return await write_all(accounts.caused(adopt.glimpse(found, situation), cause))
    situation = replace(situation, is_restored=tools.is_restored())
    return await write_all(accounts.caused(adopt.adopt(found, situation), cause))


async def dispute(uri: str, now: datetime) -> None:
    """What home serves fits no hash: nothing further is applied, and members here are told (4.4.5).

    Inside the caller's transaction.
    """
    (conversation,) = await conversations_of(await conversations.by_uri([uri]))
    people = [one.person for one in conversation.memberships.values() if one.local]
    told = [Tell(person, "conversation", conversation.id, "", now) for person in people]
    await write_all([MarkDisputed(conversation.id), *told])

"""Everybody who knows an actor of ours hears that its document is new; inside a transaction.

A person or the node itself sends an Update of its own document. Of a group, servers that are aware
get its newest state change again, which changes nothing: an Update by a group would be a state
change. The others get an Update. Each is signed with the new key, so that whoever takes it has read
the document anew, and knows the old keys no longer.

Sources: security.md 3 and 4.1; groups-protocol.md 4.4
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from federation.activities.sending import aware, group_audience, own, own_id, sends
from federation.activities.situation import Situation
from federation.pipeline.batch import write_all
from federation.pipeline.identity import describe_instance, describe_person, find_identity
from federation.pipeline.load import load
from federation.pipeline.needs import Needs
from federation.pipeline.prepare import Tools, signers_of
from federation.pipeline.situate import Road, situate
from federation.protocol import strict_json
from federation.protocol.build import life as build
from federation.protocol.build.conversation import actor
from federation.protocol.vocabulary import PUBLIC
from storage import accounts, acquaintance, conversations, delivery_upkeep, departures
from storage.times import from_ms

KIND: Final = "keys"


async def tell(uri: str, tools: Tools, now: datetime) -> None:
    """Owe it to everybody who knows this actor; nobody hears of who is suspended or deleted."""
    if uri == tools.space.instance:
        await _tell_servers(tools, now)
        return
    name = tools.space.local_name(uri)
    if name is not None:
        await _tell_of_person(uri, name, tools, now)
        return
    await _tell_of_group(uri, tools, now)


async def _tell_servers(tools: Tools, now: datetime) -> None:
    document = await describe_instance(tools.space)
    if document is not None:
        await _update(document, await acquaintance.known_servers(), tools, now)


async def _tell_of_person(uri: str, name: str, tools: Tools, now: datetime) -> None:
    account = await accounts.find_account(name)
    if account is None or account.actor_uri != uri or account.state != accounts.ACTIVE:
        return
    document = await describe_person(tools.space, account)
    if document is not None:
        await _update(document, await departures.known_to(uri), tools, now)


async def _update(
    document: Mapping[str, Any], others: Iterable[str], tools: Tools, now: datetime
) -> None:
    uri, people = document["id"], frozenset(others)
    needs = Needs(author=uri, subject=uri, actors=people | {uri})
    situation = await _situation(needs, tools, now)
    if situation is not None:
        await write_all(own(_said(document, [PUBLIC], situation), sorted(people), situation))


async def _tell_of_group(uri: str, tools: Tools, now: datetime) -> None:
    rows = await conversations.by_uri([uri])
    if not rows or not rows[0]["is_home"] or not rows[0]["state"]:
        return
    row = rows[0]
    ours = frozenset({row["id"]})
    situation = await _situation(
        Needs(author=uri, subject=row["id"], conversation_ids=ours), tools, now
    )
    identity = await find_identity(uri, row["id"])
    if situation is None or situation.conversation is None or identity is None:
        return
    audience = group_audience(situation.conversation, situation)
    await _show_newest_again(row["id"], aware(audience, situation), situation)
    others = sorted(set(audience) - set(aware(audience, situation)))
    if others:
        state = strict_json.loads(row["state"].encode())
        document = actor(state, identity=identity, updated_at=from_ms(row["changed_at"]))
        said = _said(document, others, situation)
        await write_all(own(said, others, situation, conversation_id=row["id"]))


async def _show_newest_again(
    conversation_id: str, audience: Iterable[str], situation: Situation
) -> None:
    for row in await conversations.latest_changes(conversation_id, limit=1):
        newest = strict_json.loads(row["document"].encode())
        await delivery_upkeep.forget_settled(newest["id"])
        await write_all(sends(newest, audience, situation, conversation_id=conversation_id))


def _said(document: Mapping[str, Any], to: list[str], situation: Situation) -> dict[str, Any]:
    activity_id = own_id(document["id"], situation)
    return build.update_oneself(document, activity_id=activity_id, to=to, published=situation.now)


async def _situation(needs: Needs, tools: Tools, now: datetime) -> Situation | None:
    road = Road(
        now,
        tools.space,
        tools.new_id,
        signers=await signers_of([needs.author], tools),
        rules=tools.rules(),
    )
    return situate(needs, await load([needs], tools.rosters), road, by_us=True, owner="")

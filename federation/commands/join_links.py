"""A link into a group is made, ended, and followed by who has it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from federation.commands.desk import Desk, Made, submit
from federation.commands.once import MaybeOnce
from federation.content.plain import clean_name
from federation.groups import permissions
from federation.groups.permissions import Action
from federation.groups.state import GroupState
from federation.pipeline.item import JoinByLink
from federation.policy.domains import judge_host
from federation.protocol import json_ld, strict_json, uri
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from federation.protocol.vocabulary import PROFILE
from federation.remote.objects import Away, Fetched
from storage import conversations, links
from storage.actors import StoredActor
from storage.database import transaction

TOKEN_BYTES: Final = 16
OPEN_FOR_MAX: Final = timedelta(days=30)
USES_MAX: Final = 1000

NOT_HERE: Final = Refused("Links are made where the group has its home.", 409)
NO_LINK: Final = Refused("That link leads to no group.", 404)
NOT_ALLOWED: Final = Refused("You may not invite people into this group.", 403)
BAD_TERMS: Final = Refused("A link is for 1 to 1000 people, for at most 30 days.", 422)
NO_CONVERSATION: Final = Refused("", 404)


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link as its maker is shown it, this once."""

    id: str
    url: str
    uses_left: int
    ends_at: datetime


async def make_link(
    desk: Desk, author: str, conversation_id: str, *, uses: int, open_for: timedelta
) -> MadeLink | Refused:
    """Make a link into a group whose home is here."""
    if not 1 <= uses <= USES_MAX or not timedelta(0) < open_for <= OPEN_FOR_MAX:
        return BAD_TERMS
    now, token = desk.clock(), desk.entropy.hexadecimal(TOKEN_BYTES)
    link_id = desk.entropy.new_id()
    async with transaction():
        refused = await judge_inviter(author, conversation_id)
        if refused is not None:
            return refused
        await links.add(
            link_id,
            token,
            conversation_id=conversation_id,
            maker=author,
            uses=uses,
            made_at=now,
            ends_at=now + open_for,
        )
    url = f"{desk.space.conversation(conversation_id)}/join/{token}"
    return MadeLink(link_id, url, uses, now + open_for)


async def judge_inviter(author: str, conversation_id: str) -> Refused | None:
    """Why somebody has nothing to do with the links of a group, or None."""
    state = await _state(conversation_id)
    if isinstance(state, Refused):
        return state
    if not state.is_member(author):
        return NO_CONVERSATION
    verdict = permissions.may(author, Action.INVITE, state)
    return None if isinstance(verdict, Allowed) else NOT_ALLOWED


async def _state(conversation_id: str) -> GroupState | Refused:
    rows = await conversations.by_id([conversation_id])
    if not rows or rows[0]["kind"] != "group":
        return NO_CONVERSATION
    if not rows[0]["is_home"] or rows[0]["closed_at"] is not None:
        return NOT_HERE
    return GroupState.from_json(strict_json.loads(rows[0]["state"].encode()))


async def drop_link(author: str, conversation_id: str, link_id: str) -> Allowed | Refused:
    """End a link: its maker, or a moderator."""
    state = await _state(conversation_id)
    if isinstance(state, Refused):
        return state
    maker = await links.find_maker(link_id, conversation_id)
    if maker is None or not state.is_member(author):
        return NO_CONVERSATION
    verdict = permissions.may(author, Action.WITHDRAW, state, subject=maker)
    if isinstance(verdict, Refused):
        return verdict
    await links.drop(link_id, conversation_id)
    return Allowed()


async def join(desk: Desk, author: str, link: str, *, once: MaybeOnce = None) -> Made | Refused:
    """Join by a link; who is not let in at once waits for home."""
    try:
        address = uri.canonical(link.strip(), allow_http=desk.directory.fetcher.allow_http)
    except RemoteProtocolError:
        return NO_LINK
    verdict = judge_host(desk.rules(), uri.host_of(address))
    if isinstance(verdict, Refused):
        return verdict
    place, _, token = address.rpartition("/join/")
    if desk.space.is_ours(address):
        if not token or await links.find(token) is None:
            return NO_LINK
        shown: Mapping[str, Any] | Refused = {"id": place, "name": ""}
    else:
        shown = await _look(desk, address)
    if isinstance(shown, Refused):
        return shown
    name = shown.get("name")
    return await submit(
        desk,
        JoinByLink(
            author=author,
            link=address,
            uri=json_ld.id_of(shown),
            title=clean_name(name) if isinstance(name, str) else "",
            conversation_id=desk.entropy.new_id(),
            once=once,
        ),
    )


async def _look(desk: Desk, address: str) -> Mapping[str, Any] | Refused:
    """What a link shows of its group, whose actor is kept with its keys."""
    found = await desk.directory.fetcher.fetch_document(address)
    if isinstance(found, Away):
        return Refused("The server of that link cannot be reached now.", 503)
    if not isinstance(found, Fetched) or found.document.get("chatProfile") != PROFILE:
        return NO_LINK
    group = json_ld.id_of(found.document)
    # The link lies on the group's own origin, which alone speaks for it.
    if not uri.same_origin(group, address):
        return NO_LINK
    kept = await desk.directory.adopt(replace(found, url=group))
    is_group = isinstance(kept, StoredActor) and kept.kind == "conversation"
    return found.document if is_group else NO_LINK

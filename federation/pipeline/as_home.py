"""What the home of a group knows besides when somebody asks it for something."""

from datetime import datetime

from msgspec.structs import replace

from federation.activities.inviting import REPEAT_AFTER
from federation.activities.known import AskedLately
from federation.activities.situation import Situation
from federation.pipeline import rows
from federation.pipeline.identity import find_identity
from federation.pipeline.item import (
    ChangeGroup,
    DeleteMessage,
    InvitePerson,
    Item,
    JoinByLink,
    Received,
)
from federation.pipeline.needs import Needs
from storage import invitations, links, requests, settings
from storage.times import from_ms

# Verbs by which people ask a group's home for something.
ASKING = frozenset({"Add", "Delete", "Invite", "Join", "Move", "Remove", "Update"})


async def as_home(item: Item, needs: Needs, situation: Situation) -> Situation:
    """The situation of a request, where its home is here."""
    conversation = situation.conversation
    if conversation is None or not conversation.is_home or not _is_request(item):
        return situation
    author, now = needs.author, situation.now
    lately = await requests.asked_lately(conversation.id, author, now)
    link = await links.find(needs.link) if needs.link else None
    turned_down_at = await invitations.find_turned_down(
        conversation.uri, inviter=author, invitees=needs.strangers_to, since=now - REPEAT_AFTER
    )
    return replace(
        situation,
        asked=AskedLately(int(lately["requests"]), int(lately["invitations"])),
        turned_down_at=turned_down_at,
        identity=await find_identity(conversation.uri, conversation.id),
        link=rows.known_link(link) if link is not None else None,
        absence=await _absence() if _is_move(item) else None,
    )


def _is_move(item: Item) -> bool:
    return isinstance(item, Received) and item.activity.type == "Move"


async def _absence() -> tuple[datetime, datetime] | None:
    """What upkeep/absence.py has noted."""
    since, _, until = (await settings.find_setting("absence") or "").partition(" ")
    return (from_ms(int(since)), from_ms(int(until))) if until else None


def _is_request(item: Item) -> bool:
    if isinstance(item, Received):
        return item.activity.type in ASKING
    return isinstance(item, ChangeGroup | DeleteMessage | InvitePerson | JoinByLink)

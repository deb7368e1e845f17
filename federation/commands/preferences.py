"""A person sets a conversation up for themselves: heard or not, pinned, put away, half answered.

Nobody else is told; the person's other devices are.

Source: chat-ux.md 3, "Conversation list", and 8, "Notifications" and "Drafts"
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from federation.pipeline.uploads import ATTACHMENTS_MAX, NO_SUCH_UPLOAD, TWICE
from federation.protocol.verdict import Allowed, Refused
from storage import drafts, events, media, preferences
from storage.conversation_lists import find_standing
from storage.database import transaction, wake
from storage.events import NewEvent

ID_MAX: Final = 26

NO_CONVERSATION: Final = Refused("no such conversation", 404)
ALREADY_OVER: Final = Refused("The time until which it is muted is over.", 422)
NO_IDS: Final = Refused("reply_to and media_ids name what this node has given an id.", 422)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has begun to write; empty text, no answer and no file are no draft."""

    text: str = ""
    reply_to: str = ""
    media_ids: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.text.strip() or self.reply_to or self.media_ids)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes a draft: the person, and the name of their account here."""

    person: str
    account: str


async def mute(
    person: str,
    conversation_id: str,
    *,
    now: datetime,
    until: datetime | None = None,
    mentions_too: bool = False,
) -> Allowed | Refused:
    """Let a conversation make no noise, for a time or for good."""
    if until is not None and until <= now:
        return ALREADY_OVER
    async with transaction():
        if not await preferences.mute(
            conversation_id, person, now, until=until, mentions_too=mentions_too
        ):
            return NO_CONVERSATION
        await _tell(person, conversation_id, now)
    return Allowed()


async def unmute(person: str, conversation_id: str, now: datetime) -> Allowed | Refused:
    """Let a conversation make noise again."""
    async with transaction():
        if not await preferences.mute(conversation_id, person, None):
            return NO_CONVERSATION
        await _tell(person, conversation_id, now)
    return Allowed()


async def end_mutes(now: datetime) -> int:
    """Let everything be heard again that was muted until now; answer how much that was."""
    async with transaction():
        rows = await preferences.end_mutes(now)
        for row in rows:
            await _tell(row["actor_uri"], row["conversation_id"], now)
    return len(rows)


async def arrange(
    person: str, conversation_id: str, wanted: Mapping[str, bool], now: datetime
) -> Allowed | Refused:
    """Pin a conversation, put it away or mark it as unread, or the reverse.

    Args:
        person: For whom.
        conversation_id: Which.
        wanted: By "pinned", "archived" and "marked_unread" what shall be so.
        now: When.
    """
    async with transaction():
        if await find_standing(conversation_id, person) is None:
            return NO_CONVERSATION
        for name, is_on in wanted.items():
            if name == "pinned":
                await preferences.pin(conversation_id, person, now if is_on else None)
            else:
                await preferences.switch(conversation_id, person, name, is_on=is_on)
        await _tell(person, conversation_id, now)
    return Allowed()


async def keep_draft(
    writer: Writer, conversation_id: str, draft: Draft, *, characters_max: int, now: datetime
) -> Allowed | Refused:
    """Keep what somebody has begun to write, instead of what was kept; an empty one is forgotten.

    Files that are sent meanwhile, or were in the draft and are no more, are left out of it.

    Args:
        writer: Who writes.
        conversation_id: Where.
        draft: What they have so far.
        characters_max: The longest message; a draft may be twice as long, and be cut by its author.
        now: When.
    """
    if len(draft.text) > 2 * characters_max:
        return Refused(f"A draft has at most {2 * characters_max} characters.", 422)
    ids = (draft.reply_to, *draft.media_ids)
    if len(draft.media_ids) > ATTACHMENTS_MAX or any(len(each) > ID_MAX for each in ids):
        return NO_IDS
    if len(set(draft.media_ids)) != len(draft.media_ids):
        return TWICE
    async with transaction():
        if await find_standing(conversation_id, writer.person) is None:
            return NO_CONVERSATION
        media_ids = await _files(writer, conversation_id, draft.media_ids)
        if isinstance(media_ids, Refused):
            return media_ids
        if await _put(writer.person, conversation_id, replace(draft, media_ids=media_ids), now):
            await _tell(writer.person, conversation_id, now)
    return Allowed()


async def drop_sent(person: str, conversation_id: str, sent: Draft, now: datetime) -> None:
    """Forget a draft that says what was just sent, whichever device has sent it.

    One that says anything else was begun since, or on another device, and stays.
    """
    if not await _is_kept(person, conversation_id, sent):
        return
    async with transaction():
        if await _is_kept(person, conversation_id, sent):
            await drafts.empty(conversation_id, person, now)
            await _tell(person, conversation_id, now)


async def _is_kept(person: str, conversation_id: str, draft: Draft) -> bool:
    kept = await drafts.find(conversation_id, person)
    said = (draft.text.strip(), draft.reply_to, draft.media_ids)
    return kept is not None and (kept.text.strip(), kept.reply_to, kept.media_ids) == said


async def _put(person: str, conversation_id: str, draft: Draft, now: datetime) -> bool:
    """Whether anything is other than it was.

    A file that leaves a draft is on its way into a message as a rule, perhaps in a browser that has
    lost its connection: it stays for as long as a fresh one.
    """
    left = set(await drafts.files_of(conversation_id, person)) - set(draft.media_ids)
    if left:
        await media.keep_on(sorted(left), now)
    if draft.is_empty:
        return await drafts.empty(conversation_id, person, now)
    await drafts.put(
        conversation_id,
        person,
        draft.text,
        reply_to=draft.reply_to,
        media_ids=draft.media_ids,
        at=now,
    )
    return True


async def _files(
    writer: Writer, conversation_id: str, media_ids: tuple[str, ...]
) -> tuple[str, ...] | Refused:
    """Those of these uploads that a message may show: the writer's own, and unsent.

    SECURITY: somebody else's and none at all answer alike, as when a message is sent;
    test_a_draft_takes_nobody_elses_file_along.
    """
    if not media_ids:
        return ()
    rows = {row["id"]: row for row in await media.by_id(media_ids)}
    own = {each for each, row in rows.items() if row["account"] == writer.account}
    had = set(await drafts.files_of(conversation_id, writer.person))
    if not set(media_ids) <= own | (had - set(rows)):
        return NO_SUCH_UPLOAD
    return tuple(each for each in media_ids if each in own and media.is_free(rows[each]))


async def _tell(person: str, conversation_id: str, now: datetime) -> None:
    await events.append([NewEvent(person, "conversation", now, conversation_id)])
    await wake("event")

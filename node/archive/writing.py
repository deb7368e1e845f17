"""What goes into an archive of an account, page after page, in the order in which it is read."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Final

import msgspec

from federation.content.quiet import write_minute
from federation.protocol.namespace import Namespace
from federation.protocol.timestamps import format_time
from federation.queries.conversations import FILTERS, list_conversations
from federation.queries.own_files import names_of_shown
from federation.queries.people import find_doors, find_habits, find_quiet
from federation.queries.profiles import own_profile
from federation.queries.timeline import LIMIT_MAX, read_on
from federation.queries.views import ConversationView, MessageView
from node.archive.lists import put_lists
from node.archive.uploads import Library, put_uploads
from node.archive.zip_stream import Packed, Sink, ZipStream
from node.covey_api.documents import Document, conversation, encoded, message
from node.identity.appearance import find_appearance
from storage.accounts import Account
from storage.conversation_lists import NO_CURSOR

FORMAT: Final = "covey-archive"
VERSION: Final = 1
PAGE: Final = 50
# Where files are found is a secret, or says nothing away from the node.
ADDRESSES: Final = frozenset({"picture", "icon"})
# Of a conversation what its messages say themselves, or what is over when somebody reads it.
PASSING: Final = frozenset({"last_message", "unread"})


async def write_archive(
    account: Account, library: Library, sink: Sink, *, readme: str, at: datetime
) -> tuple[Packed, ...]:
    """Write everything of one person's to a sink; answers what it was.

    Args:
        account: Whose.
        library: Where it is found.
        sink: Gets the archive, in its order; what it raises ends the work.
        readme: Says to people what is in an archive.
        at: The time that it is of.
    """
    archive = ZipStream(sink, at)
    person, space = account.actor_uri, library.space
    await archive.put("README.txt", readme.encode())
    await _put_json(archive, "profile.json", await _profile(account, space))
    await _put_json(archive, "settings.json", await _settings(account))
    await put_lists(archive, person)
    async for view in _conversations(person):
        folder = f"conversations/{view.id}"
        await _put_json(archive, f"{folder}/conversation.json", _told(view))
        async with archive.file(f"{folder}/messages.jsonl") as file:
            async for page_of in _messages(person, view.id):
                await file.write(await _lines(account.name, page_of, space))
    await put_uploads(archive, account.name, library)
    await _put_json(archive, "manifest.json", _manifest(account, archive, space, at))
    await archive.end()
    return tuple(archive.files)


async def _profile(account: Account, space: Namespace) -> Document:
    profile = await own_profile(account.actor_uri)
    return {
        "acct": f"{account.name}@{space.account_domain}",
        "uri": account.actor_uri,
        "name": profile.name,
        "bio": profile.bio,
        "fields": [{"name": name, "value": value} for name, value in profile.details],
        "role": account.role,
        "created": format_time(account.created_at),
    }


async def _settings(account: Account) -> Document:
    quiet = await find_quiet(account.actor_uri)
    return {
        **asdict(await find_habits(account.actor_uri)),
        **asdict(await find_doors(account.actor_uri)),
        "quiet_hours": {
            "from": write_minute(quiet.start) if quiet.start is not None else None,
            "to": write_minute(quiet.end) if quiet.end is not None else None,
            "zone": quiet.zone or None,
        },
        "appearance": asdict(await find_appearance(account.name)),
    }


async def _conversations(person: str) -> AsyncIterator[ConversationView]:
    before = NO_CURSOR
    while True:
        views = await list_conversations(person, FILTERS[""], before=before, limit=PAGE)
        for view in views:
            yield view
        if len(views) < PAGE:
            return
        before = views[-1].id


async def _messages(person: str, conversation_id: str) -> AsyncIterator[tuple[MessageView, ...]]:
    behind: MessageView | None = None
    while True:
        views = await read_on(person, conversation_id, behind=behind)
        if views:
            yield views
            behind = views[-1]
        if len(views) < LIMIT_MAX:
            return


async def _lines(account: str, views: tuple[MessageView, ...], space: Namespace) -> bytes:
    """Messages a line each, without those that are deleted or removed."""
    kept = [view for view in views if view.deleted_at is None and view.removed_at is None]
    names = await names_of_shown(account, [view.id for view in kept if view.attachments], space)
    return b"".join([encoded(_written(view, names)) + b"\n" for view in kept])


def _written(view: MessageView, names: Mapping[str, str]) -> Document:
    """A message as the API says it; its files are named as far as they are in the archive."""
    document = message(view)
    document["author"] = _bare(document["author"])
    for one in document["attachments"]:
        name = names.get(one.pop("url") or "")
        one["file"] = f"uploads/{name}" if name else None
        for passing in ("thumbnail_url", "problem"):
            del one[passing]
    return document


def _told(view: ConversationView) -> Document:
    document = {name: value for name, value in conversation(view).items() if name not in PASSING}
    if document["draft"] is not None:
        del document["draft"]["media"]
    return {name: _bare(one) for name, one in document.items() if name not in ADDRESSES}


def _bare(value: object) -> object:
    """A document without addresses of pictures, however deep they are."""
    if isinstance(value, dict):
        return {name: _bare(one) for name, one in value.items() if name not in ADDRESSES}
    return [_bare(one) for one in value] if isinstance(value, list) else value


def _manifest(account: Account, archive: ZipStream, space: Namespace, at: datetime) -> Document:
    return {
        "format": FORMAT,
        "version": VERSION,
        "host": space.host,
        "acct": f"{account.name}@{space.account_domain}",
        "made": format_time(at),
        "files": [
            {"name": one.name, "size": one.size_bytes, "sha256": one.digest}
            for one in archive.files
        ],
    }


async def _put_json(archive: ZipStream, name: str, document: Document) -> None:
    await archive.put(name, msgspec.json.format(encoded(document), indent=2))

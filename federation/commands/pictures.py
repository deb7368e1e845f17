"""A person or a group gets a picture: square, made anew, and read by whoever knows its address."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from federation.commands.change_group import Wanted, describe
from federation.commands.desk import Desk, Made
from federation.commands.once import MaybeOnce
from federation.commands.profile import NOBODY
from federation.commands.upload_media import EMPTY, FULL, Intake, Upload, row_of
from federation.content.file_type import sniff
from federation.pipeline import errands, new_keys
from federation.protocol.namespace import Namespace
from federation.protocol.verdict import Allowed, Refused
from storage import media, profiles
from storage.changes import AddMedia, DropPicture
from storage.database import exclusive, transaction, wake
from storage.write import write

NAME: Final = "picture"
NO_PICTURE: Final = Refused("A picture is a JPEG, PNG, GIF, WebP or AVIF file.", 422)


async def set_own_picture(
    intake: Intake, person: str, upload: Upload, space: Namespace
) -> Allowed | Refused:
    """Show a local person by a picture; others are told as soon as the node runs.

    Args:
        intake: Takes the file in.
        person: Whose picture it is.
        upload: The file, by their account; its name says nothing.
        space: Names its address.

    Source: chat-ux.md 3, "Settings"
    """
    row = await _made(intake, upload, subject=person)
    if isinstance(row, Refused):
        return row
    async with transaction():
        if not await _has_room(intake, row):
            return FULL
        await media.drop_pictures(person)
        await write([row])
        return await _show(person, space.media(row.token, row.name), intake.entropy.new_id, row.at)


async def remove_own_picture(
    person: str, *, new_id: Callable[[], str], now: datetime
) -> Allowed | Refused:
    """Show a local person by no picture."""
    async with transaction():
        await media.drop_pictures(person)
        return await _show(person, "", new_id, now)


async def set_group_picture(
    desk: Desk, intake: Intake, author: str, conversation: tuple[str, str], upload: Upload
) -> Made | Refused:
    """Ask a group's home to show the group by a picture that lies here.

    Args:
        desk: Where the wish is handed in.
        intake: Takes the file in.
        author: Who asks.
        conversation: Our id of the group, and its actor.
        upload: The file, by their account; its name says nothing.

    Source: groups-protocol.md 4.5
    """
    conversation_id, uri = conversation
    row = await _made(intake, upload, subject=uri)
    if isinstance(row, Refused):
        return row
    async with transaction():
        if not await _has_room(intake, row):
            return FULL
        await write([row])
    wanted = Wanted(icon=desk.space.media(row.token, row.name))
    done = await describe(desk, author, conversation_id, wanted)
    if isinstance(done, Refused):
        async with transaction():
            await media.drop_picture([DropPicture(uri, row.token)])
    return done


async def remove_group_picture(
    desk: Desk, author: str, conversation_id: str, *, once: MaybeOnce = None
) -> Made | Refused:
    """Ask a group's home to show the group by no picture."""
    return await describe(desk, author, conversation_id, Wanted(icon=""), once=once)


async def _made(intake: Intake, upload: Upload, *, subject: str) -> AddMedia | Refused:
    """The row, not yet written, of a picture that lies where it belongs."""
    kind = sniff(upload.data) if upload.data else None
    if kind is None or not kind.is_image:
        return NO_PICTURE if upload.data else EMPTY
    named = Upload(upload.account, upload.data, NAME)
    row = await row_of(intake, named, kind, derive=intake.square)
    return row if isinstance(row, Refused) else replace(row, subject=subject)


async def _has_room(intake: Intake, row: AddMedia) -> bool:
    # Two uploads at once do not both find the same room.
    await exclusive(f"media {row.account}")
    used = await media.used_bytes(row.account)
    return used + row.size + row.thumbnail_size <= intake.user_max_bytes


async def _show(
    person: str, url: str, new_id: Callable[[], str], now: datetime
) -> Allowed | Refused:
    held = await profiles.find_profile(person)
    if held is None:
        return NOBODY
    if held.icon != url:
        await profiles.set_icon(person, url)
        # As for new keys, the newest document goes to everybody who knows them.
        await errands.ask(new_id, (new_keys.KIND, person), now)
        await wake("repair")
    return Allowed()

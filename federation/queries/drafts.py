"""What a person has begun to write, with the files that are still there to go along."""

from collections.abc import Mapping, Sequence

import msgspec

from federation.protocol.namespace import Namespace
from federation.protocol.uri import host_of, origin_of
from federation.queries.attachments import upload_view
from federation.queries.views import DraftView
from storage import media
from storage.database import Row
from storage.times import from_ms


async def draft_files(rows: Sequence[Row]) -> Mapping[str, Row]:
    """The uploads that go with the drafts in these rows of conversations, by id."""
    ids = {each for row in rows if row["draft_media_ids"] for each in _ids(row)}
    return {row["id"]: row for row in await media.by_id(sorted(ids))} if ids else {}


def draft_view(row: Row, files: Mapping[str, Row]) -> DraftView | None:
    """The draft in a row of a conversation; None for none, and where nothing is left of it.

    A file that was sent, or is gone, is no part of it any more.
    """
    if row["draft_text"] is None:
        return None
    # Whoever has begun to write has their origin from this node, and so have their files.
    space = Namespace(origin_of(row["person"]), host_of(row["person"]), host_of(row["person"]))
    held = [files[each] for each in _ids(row) if each in files]
    view = DraftView(
        text=row["draft_text"],
        reply_to=row["draft_reply_to"],
        media=tuple(upload_view(one, space) for one in held if media.is_free(one)),
        updated_at=from_ms(row["draft_updated_at"]),
    )
    return view if view.text.strip() or view.reply_to or view.media else None


def _ids(row: Row) -> tuple[str, ...]:
    return msgspec.json.decode(row["draft_media_ids"], type=tuple[str, ...])

"""The files of a message as one person is shown them, those from elsewhere by links of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from federation.protocol.media_link import KEY_NAME, SMALL, WHOLE, MediaLink
from federation.protocol.namespace import Namespace
from federation.protocol.uri import origin_of
from federation.queries.views import AttachmentView, CardView, UploadView
from storage import remote_media
from storage.attachments import decode
from storage.changes import Attachment
from storage.database import Row
from storage.settings import find_setting


@dataclass(frozen=True, slots=True)
class Gallery:
    """What some messages show, ready for whoever has accepted their conversations.

    Attributes:
        shown: By message.
        problems: Why a file elsewhere is not to be shown, by its key; "" where it may be.
        key: Signs links; "" before the node has one.
    """

    shown: Mapping[str, tuple[Attachment, ...]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    def views(self, row: Row, viewer: str) -> tuple[AttachmentView, ...]:
        """What a message shows this person: nothing once it is gone."""
        if row["deleted_at"] is not None:
            return ()
        return tuple(
            _own(one) if one.is_ours else self._remote(one, row["id"], position, viewer)
            for position, one in enumerate(self.shown.get(row["id"], ()))
            if not one.title
        )

    def card(self, row: Row) -> CardView | None:
        """What a message says of a page that it links to."""
        if row["deleted_at"] is not None:
            return None
        cards = (one for one in self.shown.get(row["id"], ()) if one.title)
        return next((CardView(one.url, one.title, one.description) for one in cards), None)

    def _remote(
        self, one: Attachment, message_id: str, position: int, viewer: str
    ) -> AttachmentView:
        problem = self.problems.get(remote_media.id_of(one.url, one.digest), "")
        is_shown = bool(self.key) and not problem
        origin, account = origin_of(viewer), viewer.rpartition("/")[2]
        urls = [
            origin + MediaLink(account, message_id, position, part).path(self.key)
            for part in (WHOLE, SMALL)
            if is_shown
        ] or ["", ""]
        is_picture = one.media_type.startswith("image/")
        return _view(one, url=urls[0], thumbnail_url=urls[1] if is_picture else "", problem=problem)


async def gallery(rows: Sequence[Row]) -> Gallery:
    """What the messages of these rows show."""
    shown = {row["id"]: decode(row["attachments"]) for row in rows if row["attachments"]}
    if not shown:
        return Gallery()
    remote = [
        one for several in shown.values() for one in several if not one.is_ours and not one.title
    ]
    asked = [remote_media.id_of(one.url, one.digest) for one in remote]
    return Gallery(
        shown,
        await remote_media.problems(asked),
        await find_setting(KEY_NAME) or "" if remote else "",
    )


def upload_view(row: Row, space: Namespace) -> UploadView:
    """An upload as its owner sees it."""
    return UploadView(
        id=row["id"],
        media_type=row["media_type"],
        width=row["width"],
        height=row["height"],
        blurhash=row["blurhash"],
        description=row["description"],
        url=space.media(row["token"], row["name"]),
        thumbnail_url=space.thumbnail(row["token"]) if row["thumbnail_digest"] else "",
        size=row["size"],
    )


def _own(one: Attachment) -> AttachmentView:
    return _view(one, url=one.url, thumbnail_url=one.thumbnail_url)


def _view(one: Attachment, *, url: str, thumbnail_url: str, problem: str = "") -> AttachmentView:
    return AttachmentView(
        media_type=one.media_type,
        description=one.description,
        width=one.width,
        height=one.height,
        blurhash=one.blurhash,
        size=one.size,
        url=url,
        thumbnail_url=thumbnail_url,
        problem=problem,
    )

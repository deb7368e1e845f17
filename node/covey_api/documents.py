"""PURE: what queries answer, in the words of the JSON API (contract.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import msgspec
from aiohttp import web

from federation.protocol.timestamps import format_time
from federation.queries.travel import NoticeView
from federation.queries.views import (
    AttachmentView,
    ConversationView,
    DeliveryView,
    DepartureView,
    DraftView,
    FollowView,
    GapView,
    MemberView,
    MessageView,
    PersonView,
    PreferencesView,
    UploadView,
)
from federation.queries.warnings import WarningView
from node.covey_api.call import BASE

Document = dict[str, Any]


def person(view: PersonView) -> Document:
    """A person: `acct, uri, name`; `deleted` for whose account is no more, `picture` if any."""
    shown: Document = {"acct": view.acct, "uri": view.uri, "name": view.name}
    if view.is_deleted:
        shown["deleted"] = True
    if view.icon:
        shown["picture"] = _picture(f"people/{quote(view.acct, safe='@')}", view.icon)
    return shown


def _picture(place: str, icon: str) -> str:
    """Where a caller gets the picture behind an icon's URL; another icon is another path."""
    return f"{BASE}/{place}/picture?v={sha256(icon.encode()).hexdigest()[:8]}"


def follow(view: FollowView) -> Document:
    """Somebody who is followed or follows: a person with `state` and `mutual`."""
    return {**person(view.person), "state": view.state, "mutual": view.is_mutual}


def message(view: MessageView) -> Document:
    """A message. `published` is its time in the order all members see."""
    return {
        "id": view.id,
        "uri": view.uri,
        "conversation": view.conversation_id,
        "author": person(view.author),
        "media_type": view.media_type,
        "text": view.text,
        "html": view.html,
        "published": format_time(view.placed_at),
        "edited": _time(view.edited_at),
        "deleted": _time(view.deleted_at),
        "reply_to": view.reply_to or None,
        "reactions": [
            {"emoji": each.emoji, "count": each.count, "mine": each.is_mine}
            for each in view.reactions
        ],
        "removed": _time(view.removed_at),
        "blocked": view.is_blocked,
        "muted": view.is_muted,
        "attachments": [attachment(each) for each in view.attachments],
        "preview": asdict(view.card) if view.card else None,
        "addressed_to": list(view.addressed_to),
        "provenance": view.provenance,
        "notices": [_notice(each) for each in view.notices],
        "delivery": deliveries(view.delivery),
    }


def _notice(view: NoticeView) -> Document:
    return {
        "kind": view.kind,
        "host": view.host or None,
        "people": list(view.people),
        "conversation": view.conversation_id or None,
        "title": view.title or None,
    }


def attachment(view: AttachmentView) -> Document:
    """A file that a message shows; `problem` says why `url` is null."""
    return {**_file(view), "problem": view.problem or None}


def upload(view: UploadView) -> Document:
    """A file that its owner has uploaded."""
    return {"id": view.id, **_file(view)}


def _file(view: AttachmentView | UploadView) -> Document:
    return {
        "media_type": view.media_type,
        "width": view.width,
        "height": view.height,
        "blurhash": view.blurhash or None,
        "description": view.description,
        "url": view.url or None,
        "thumbnail_url": view.thumbnail_url or None,
        "size": view.size,
    }


def deliveries(views: Iterable[DeliveryView]) -> list[Document]:
    """What became of a message, host by host; `next_try` where one does not answer."""
    return [_delivery(view) for view in views]


def _delivery(view: DeliveryView) -> Document:
    next_try = {"next_try": format_time(view.next_try_at)} if view.next_try_at else {}
    return {
        "host": view.host,
        "state": view.state,
        "members": list(view.members),
        "reason": view.reason,
        "since": format_time(view.since),
        **next_try,
    }


def conversation(view: ConversationView) -> Document:
    """A conversation. `inviter` says who asked the person in, while that is open."""
    return {
        "id": view.id,
        "uri": view.uri or None,
        "kind": view.kind,
        "mode": "plain",
        "title": view.title,
        "epoch": view.epoch,
        "role": view.role,
        "state": view.state,
        "unread": view.unread,
        "members": [_member(member) for member in view.members],
        **_preferences(view.preferences),
        "draft": _draft(view.draft) if view.draft is not None else None,
        "draft_updated": _time(view.draft_updated_at),
        "inviter": person(view.inviter) if view.inviter is not None else None,
        "last_message": message(view.last_message) if view.last_message is not None else None,
        "settings": dict(view.settings),
        "icon": view.icon or None,
        "picture": _group_picture(view),
        "successors": list(view.successors),
        "outcasts": [person(one) for one in view.outcasts],
        "waiting_for": view.waiting_for or None,
        "requests": [asdict(one) for one in view.requests],
        "home_gone": _time(view.home_gone_at),
        "moved_to": view.moved_to or None,
        "disputed": view.is_disputed,
        "gaps": [{"person": person(gap.person), **_lacking(gap)} for gap in view.gaps],
        "departures": [_departure(one) for one in view.departures],
        "kept_out": [asdict(one) | {"since": format_time(one.since)} for one in view.kept_out],
    }


def _group_picture(view: ConversationView) -> str | None:
    if not view.icon or view.state in {"invited", "requested"}:
        return None
    return _picture(f"conversations/{view.id}", view.icon)


def _lacking(view: GapView) -> Document:
    return {"count": view.count, "since": format_time(view.since), "hidden": view.is_hidden}


def _departure(view: DepartureView) -> Document:
    return {
        "person": person(view.person),
        "moved_to": person(view.moved_to) if view.moved_to is not None else None,
        "at": format_time(view.at),
    }


def _preferences(view: PreferencesView) -> Document:
    return {
        "muted": view.is_muted,
        "muted_until": _time(view.muted_until),
        "mutes_mentions": view.mutes_mentions,
        "pinned": view.is_pinned,
        "archived": view.is_archived,
        "marked_unread": view.is_unread,
    }


def _draft(view: DraftView) -> Document:
    return {
        "text": view.text,
        "reply_to": view.reply_to or None,
        "media_ids": [one.id for one in view.media],
        "media": [upload(one) for one in view.media],
        "updated": format_time(view.updated_at),
    }


def warning(view: WarningView) -> Document:
    """Something to know before somebody is invited: `kind`, `acct`, `text`."""
    return {"kind": view.kind, "acct": view.acct, "text": view.text}


def _member(view: MemberView) -> Document:
    return {
        **person(view.person),
        "role": view.role,
        "state": view.state,
        "aware": view.aware,
        "software": view.software or None,
        "refusal": view.refusal or None,
    }


def encoded(document: Mapping[str, Any]) -> bytes:
    """A document as JSON on one line."""
    return msgspec.json.encode(document)


def answer(
    document: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """An answer that nobody keeps a copy of."""
    return web.Response(
        body=encoded(document),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def items(documents: Iterable[Document], *, link: str = "") -> web.Response:
    """A list, with the `Link` to its neighbours if there are any."""
    return answer({"items": list(documents)}, headers={"Link": link} if link else None)


def _time(at: datetime | None) -> str | None:
    return format_time(at) if at is not None else None

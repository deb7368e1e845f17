"""Every change of a batch is written by one statement per kind, in one fixed order.

`write(changes)` expects to run inside a transaction. The order of `WRITERS` is the order of the
statements: what refers to something comes after it, and what cancels comes before what sends.
Rows of one kind are written in the order in which the changes came; where two changes of a kind
name the same row, the later one holds.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import msgspec

from storage import (
    asks,
    attachments,
    cancelling,
    conversations,
    departures,
    links,
    logs,
    media,
    message_edits,
    peers,
    reactions,
    receipts,
    relays,
    reports,
    requests,
    successions,
    taking_back,
    tombstones,
)
from storage import changes as c
from storage.database import insert_many, run
from storage.stamps import new_stamp
from storage.times import to_ms

NOTHING = "ON CONFLICT DO NOTHING"
# Later than any moment in milliseconds.
FOR_EVER = 1 << 62


def _last_of(changes: Iterable[Any], key: Callable[[Any], object]) -> list[Any]:
    """The last change for each row, since one statement must not touch a row twice."""
    return list({key(change): change for change in changes}.values())


async def _accounts(changes: Sequence[c.AddAccount]) -> None:
    rows = [
        (a.name, a.actor_uri, a.display_name, a.role, a.password_hash, "active", to_ms(a.at))
        for a in changes
    ]
    columns = ("name", "actor_uri", "display_name", "role", "password_hash", "state", "created_at")
    await insert_many("account", columns, rows)


async def _local_actors(changes: Sequence[c.AddLocalActor]) -> None:
    columns = (
        *("uri", "host", "local", "kind", "type", "username", "domain", "name", "inbox"),
        *("shared_inbox", "followers", "outbox", "aware", "state", "document", "fetched_at"),
        "created_at",
    )
    rows = [
        (
            *(a.uri, a.host, True, a.kind, a.type, a.username, a.domain, a.name, a.inbox),
            *(a.shared_inbox, "", "", True, "active", "", None),
            to_ms(a.at),
        )
        for a in changes
    ]
    await insert_many("actor", columns, rows)


async def _keys(changes: Sequence[c.AddKey]) -> None:
    columns = ("key_id", "actor_uri", "algorithm", "sealed", "public", "created_at")
    rows = [(k.key_id, k.actor_uri, k.algorithm, k.sealed, k.public, to_ms(k.at)) for k in changes]
    await insert_many("actor_key", columns, rows)


async def _idempotency(changes: Sequence[c.RememberKey]) -> None:
    columns = ("account", "key", "request_hash", "resource", "created_at")
    rows = [(k.account, k.key, k.request_hash, k.resource, to_ms(k.at)) for k in changes]
    await insert_many("idempotency", columns, rows)


async def _activities(changes: Sequence[c.KeepActivity]) -> None:
    columns = ("id", "actor_uri", "document", "created_at")
    rows = [(a.id, a.actor, a.document, to_ms(a.at)) for a in changes]
    await insert_many("activity", columns, rows, conflict=NOTHING)


async def _conversations(changes: Sequence[c.AddConversation]) -> None:
    columns = (
        *("id", "uri", "kind", "is_home", "home_host", "title", "epoch", "state_hash", "state"),
        *("context", "thread", "people_hash", "newest_t", "last_message_id", "disputed"),
        *("created_at", "changed_at", "shown_settings"),
    )
    rows = [
        (
            *(a.id, a.uri or None, a.kind, a.is_home, a.home_host, a.title, 0, "", ""),
            *(a.context, a.thread, a.people_hash or None, 0, "", False),
            *(to_ms(a.at), to_ms(a.at), a.shown_settings),
        )
        for a in changes
    ]
    await insert_many("conversation", columns, rows)


SET_STATE = """
UPDATE conversation SET epoch = $2, state_hash = $3, state = $4, title = $5,
  closed_at = CASE WHEN $6::bigint > 0 THEN $6 ELSE closed_at END, changed_at = $7
WHERE id = $1
"""


async def _states(changes: Sequence[c.SetState]) -> None:
    columns = (
        *("conversation_id", "epoch", "hash", "activity_id", "published_at", "history", "title"),
        "icon",
    )
    rows = [
        (
            *(s.conversation_id, s.epoch, s.hash, s.activity_id, to_ms(s.published_at)),
            *(s.history, s.title, s.icon),
        )
        for s in changes
    ]
    await insert_many("state_link", columns, rows, conflict=NOTHING)
    for s in _last_of(changes, lambda s: s.conversation_id):
        closed = to_ms(s.at) if s.closed else 0
        await run(
            SET_STATE,
            *(s.conversation_id, s.epoch, s.hash, s.state, s.title, closed),
            to_ms(s.published_at),
        )


SET_THREAD = """
UPDATE conversation SET context = $2, thread = $3, context_t = $4, thread_t = $5 WHERE id = $1
"""


async def _threads(changes: Sequence[c.SetThread]) -> None:
    for t in changes:
        places = [to_ms(at) if at is not None else 0 for at in (t.context_t, t.thread_t)]
        await run(SET_THREAD, t.conversation_id, t.context, t.thread, *places)


MARK_DISPUTED = "UPDATE conversation SET disputed = TRUE WHERE id = $1"


async def _disputes(changes: Sequence[c.MarkDisputed]) -> None:
    for d in changes:
        await run(MARK_DISPUTED, d.conversation_id)


# A conversation's newest time and last line; an older message moves neither.
TOUCH = (
    "UPDATE conversation SET newest_t = $2, last_message_id = $3 WHERE id = $1 AND newest_t <= $2"
)


async def _touches(changes: Sequence[c.Touch]) -> None:
    newest: dict[str, c.Touch] = {}
    for t in changes:
        held = newest.get(t.conversation_id)
        if held is None or held.newest_t <= t.newest_t:
            newest[t.conversation_id] = t
    for t in newest.values():
        await run(TOUCH, t.conversation_id, to_ms(t.newest_t), t.message_id)


PUT_MEMBERSHIP = """ON CONFLICT (conversation_id, actor_uri) DO UPDATE SET
  role = EXCLUDED.role, state = EXCLUDED.state, invitation_id = EXCLUDED.invitation_id,
  inviter = EXCLUDED.inviter, left_epoch = EXCLUDED.left_epoch, updated_at = EXCLUDED.updated_at,
  stamp = EXCLUDED.stamp"""


async def _memberships(changes: Sequence[c.PutMembership]) -> None:
    columns = (
        *("conversation_id", "actor_uri", "local", "role", "state", "invitation_id", "inviter"),
        *("left_epoch", "read_up_to", "updated_at", "stamp"),
    )
    rows = [
        (
            *(m.conversation_id, m.person, m.local, m.role, m.state, m.invitation_id, m.inviter),
            *(m.left_epoch, 0, to_ms(m.at), new_stamp()),
        )
        for m in _last_of(changes, lambda m: (m.conversation_id, m.person))
    ]
    await insert_many("membership", columns, rows, conflict=PUT_MEMBERSHIP)


CLOSE_SPAN = """
UPDATE member_span SET to_epoch = $3, stamp = $4
WHERE conversation_id = $1 AND actor_uri = $2 AND to_epoch IS NULL
"""


async def _span_ends(changes: Sequence[c.CloseSpan]) -> None:
    for s in changes:
        await run(CLOSE_SPAN, s.conversation_id, s.person, s.to_epoch, new_stamp())


async def _span_starts(changes: Sequence[c.OpenSpan]) -> None:
    columns = ("conversation_id", "actor_uri", "from_epoch", "to_epoch", "stamp")
    rows = [(s.conversation_id, s.person, s.from_epoch, None, new_stamp()) for s in changes]
    await insert_many("member_span", columns, rows)


async def _invitations(changes: Sequence[c.PutInvitation]) -> None:
    columns = (
        *("id", "conversation_uri", "inviter", "invitee", "state"),
        *("published_at", "ends_at", "updated_at"),
    )
    rows = [
        (
            *(i.id, i.conversation_uri, i.inviter, i.invitee, i.state),
            *(to_ms(i.published_at), to_ms(i.ends_at), to_ms(i.at)),
        )
        for i in changes
    ]
    await insert_many("invitation", columns, rows, conflict=NOTHING)


SET_INVITATION = """
UPDATE invitation SET state = $2, updated_at = $3
WHERE id = $1 AND ($4 = '' OR conversation_uri = $4)
"""


async def _invitation_states(changes: Sequence[c.SetInvitation]) -> None:
    for i in _last_of(changes, lambda i: (i.id, i.conversation_uri)):
        await run(SET_INVITATION, i.id, i.state, to_ms(i.at), i.conversation_uri)


async def _logs(changes: Sequence[c.OpenLog]) -> None:
    columns = (
        *("uri", "conversation_id", "author_uri", "local", "head", "last_entry_id"),
        *("moved_at", "stamp"),
    )
    rows = [
        (log.uri, log.conversation_id, log.author, log.local, 0, "", to_ms(log.at), new_stamp())
        for log in changes
    ]
    await insert_many("author_log", columns, rows, conflict=NOTHING)


# A log's head is the highest number known; entries that come late leave it where it is.
MOVE_HEAD = """ON CONFLICT (uri) DO UPDATE SET
  head = EXCLUDED.head, last_entry_id = EXCLUDED.last_entry_id, moved_at = EXCLUDED.moved_at,
  stamp = EXCLUDED.stamp
WHERE author_log.head < EXCLUDED.head AND author_log.author_uri = EXCLUDED.author_uri
  AND author_log.conversation_id = EXCLUDED.conversation_id"""


async def _entries(changes: Sequence[c.NoteEntry]) -> None:
    columns = ("log_uri", "seq", "activity_id")
    rows = [(e.log, e.seq, e.activity_id) for e in changes]
    await insert_many("log_entry", columns, rows, conflict=NOTHING)
    newest = {e.log: e for e in sorted(changes, key=lambda e: e.seq)}
    heads = (
        *("uri", "conversation_id", "author_uri", "local", "head", "last_entry_id"),
        *("moved_at", "stamp"),
    )
    moved = [
        (
            *(e.log, e.conversation_id, e.author, e.local, e.seq, e.activity_id, to_ms(e.at)),
            new_stamp(),
        )
        for e in newest.values()
    ]
    await insert_many("author_log", heads, moved, conflict=MOVE_HEAD)


CLOSE_LOG = """
UPDATE author_log SET final = $4, stamp = $5
WHERE uri = $1 AND conversation_id = $2 AND author_uri = $3 AND final IS NULL
"""


async def _log_ends(changes: Sequence[c.CloseLog]) -> None:
    for log in changes:
        await run(CLOSE_LOG, log.uri, log.conversation_id, log.author, log.final, new_stamp())


async def _messages(changes: Sequence[c.AddMessage]) -> None:
    columns = (
        *("id", "uri", "conversation_id", "author_uri", "activity_id", "type", "published_at"),
        *("t", "arrived_at", "epoch", "in_reply_to", "reply_to", "media_type", "html", "text"),
        *("summary", "provenance", "late", "addressed_to", "attachments", "edited_at", "latest_id"),
        "notices",
    )
    rows = [
        (
            *(m.id, m.uri, m.conversation_id, m.author, m.activity_id, m.type),
            *(to_ms(m.published_at), to_ms(m.t), to_ms(m.arrived_at), m.epoch, m.in_reply_to),
            *(m.reply_to, m.media_type, m.html, m.text, m.summary, m.provenance, m.late),
            *(_text(m.addressed_to), attachments.encode(m.attachments)),
            *(to_ms(m.edited_at) if m.edited_at else None, m.activity_id if m.edited_at else ""),
            m.notices,
        )
        for m in changes
    ]
    await insert_many("message", columns, rows, conflict=NOTHING)


async def _recipients(changes: Sequence[c.AddRecipient]) -> None:
    columns = ("message_id", "actor_uri", "conversation_id", "folder")
    rows = [(r.message_id, r.person, r.conversation_id, r.folder) for r in changes]
    await insert_many("recipient", columns, rows, conflict=NOTHING)


# What was taken back is shown to nobody but its author.
SHOW_EARLIER = """
INSERT INTO recipient (message_id, actor_uri, conversation_id, folder)
SELECT id, $2, conversation_id, 'inbox' FROM message
WHERE conversation_id = $1 AND arrived_at > $3 AND arrived_at <= $4 AND taken_back_at IS NULL
ON CONFLICT DO NOTHING
"""


async def _earlier(changes: Sequence[c.ShowEarlier]) -> None:
    for e in changes:
        until = to_ms(e.until) if e.until is not None else FOR_EVER
        await run(SHOW_EARLIER, e.conversation_id, e.person, to_ms(e.since), until)


MOVE_MESSAGE = "UPDATE message SET t = $2 WHERE id = $1"


async def _moves(changes: Sequence[c.MoveMessage]) -> None:
    for m in changes:
        await run(MOVE_MESSAGE, m.message_id, to_ms(m.t))


PUT_FOLLOW = """ON CONFLICT (follower, followed) DO UPDATE SET
  activity_id = EXCLUDED.activity_id, state = EXCLUDED.state"""


async def _follows(changes: Sequence[c.PutFollow]) -> None:
    columns = ("follower", "followed", "activity_id", "state", "created_at")
    rows = [
        (f.follower, f.followed, f.activity_id, f.state, to_ms(f.at))
        for f in _last_of(changes, lambda f: (f.follower, f.followed))
    ]
    await insert_many("follow", columns, rows, conflict=PUT_FOLLOW)


DROP_FOLLOW = "DELETE FROM follow WHERE follower = $1 AND followed = $2"


async def _unfollows(changes: Sequence[c.DropFollow]) -> None:
    for f in changes:
        await run(DROP_FOLLOW, f.follower, f.followed)


async def _sends(changes: Sequence[c.Send]) -> None:
    columns = (
        *("id", "activity_id", "actor_uri", "host", "target", "recipients", "conversation_id"),
        *("object_uri", "aware", "message_id", "survives", "state", "reason", "settled_at"),
        *("attempts", "due_at", "created_at"),
    )
    rows = [
        (
            *(s.id, s.activity_id, s.actor, s.host, s.target, _text(s.recipients)),
            *(s.conversation_id, s.object_uri, s.aware, s.message_id, s.survives),
            *(("refused", s.refusal, to_ms(s.at)) if s.refusal else ("pending", "", None)),
            *(0, to_ms(s.at), to_ms(s.at)),
        )
        for s in changes
    ]
    await insert_many("delivery", columns, rows, conflict=NOTHING)
    await _make_lanes_due([s for s in changes if not s.refusal])


async def _make_lanes_due(changes: Sequence[c.Send]) -> None:
    first: dict[str, int] = {}
    for s in changes:
        first.setdefault(s.host, to_ms(s.at))
    columns = ("host", "due_at")
    await insert_many("peer", columns, sorted(first.items()), conflict=peers.MAKE_DUE)


async def _repairs(changes: Sequence[c.Ask]) -> None:
    asked = _last_of(changes, lambda a: (a.kind, a.subject))
    for hastens in (False, True):
        rows = [
            asks.NewRepair(a.id, a.kind, a.subject, a.at, a.asked, a.cause)
            for a in asked
            if a.hastens is hastens
        ]
        await asks.insert(rows, hastens=hastens)


Writer = Callable[[Any], Awaitable[None]]

WRITERS: tuple[tuple[type[Any], Writer], ...] = (
    (c.AddLocalActor, _local_actors),
    (c.AddAccount, _accounts),
    (c.AddKey, _keys),
    (c.KeepActivity, _activities),
    (c.AddConversation, _conversations),
    (c.FollowHome, conversations.follow_home),
    (c.SetState, _states),
    (c.SetThread, _threads),
    (c.MarkDisputed, _disputes),
    (c.ReadAnew, conversations.read_anew),
    (c.CloseSpan, _span_ends),
    (c.OpenSpan, _span_starts),
    (c.PutMembership, _memberships),
    (c.PutInvitation, _invitations),
    (c.SetInvitation, _invitation_states),
    (c.OpenLog, _logs),
    (c.NoteEntry, _entries),
    (c.KeepHeld, logs.keep_held),
    (c.CloseLog, _log_ends),
    (c.PutRequest, requests.put),
    (c.SettleRequest, requests.settle),
    (c.HushRequest, requests.hush),
    (c.UseLink, links.use),
    (c.HearSuccessor, successions.hear),
    (c.MoveAway, successions.move_away),
    (c.AbandonGroup, successions.abandon),
    (c.AddMessage, _messages),
    (c.AddRecipient, _recipients),
    (c.ShowEarlier, _earlier),
    (c.AddMedia, media.add),
    (c.AttachMedia, media.attach),
    (c.DropMedia, media.drop),
    (c.DropPicture, media.drop_picture),
    (c.MoveMessage, _moves),
    (c.PutTombstone, tombstones.put),
    (c.AddVersion, message_edits.add_versions),
    (c.ReviseMessage, message_edits.revise),
    (c.PutReaction, reactions.put),
    (c.UndoReaction, reactions.undo),
    (c.HideMessage, message_edits.hide),
    (c.EraseMessage, message_edits.erase),
    (c.PutRelay, relays.put),
    (c.TakeOriginal, relays.take_original),
    (c.PutReceipt, receipts.put),
    (c.TakeBack, taking_back.take_back),
    (c.Touch, _touches),
    (c.AddReport, reports.add),
    (c.PutFollow, _follows),
    (c.DropFollow, _unfollows),
    (c.DeleteActor, departures.delete),
    (c.DeleteOwnActor, departures.delete_own),
    (c.MoveActor, departures.move),
    (c.CancelSends, cancelling.cancel),
    (c.CancelAbout, cancelling.cancel_about),
    (c.Send, _sends),
    (c.HastenRepairs, asks.hasten),
    (c.Ask, _repairs),
    (c.RememberKey, _idempotency),
)


def _text(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()


async def write(changes: Iterable[c.Change]) -> None:
    """Write a batch's changes; inside the caller's transaction.

    `Tell` is not among the writers: events are appended by `storage.events`, last of all, since
    PostgreSQL makes their numbers visible in order only while a lock is held.
    """
    by_type: dict[type[Any], list[Any]] = defaultdict(list)
    for change in changes:
        by_type[type(change)].append(change)
    for kind, writer in WRITERS:
        if kind in by_type:
            await writer(by_type[kind])

"""PURE: the JSON Schemas of what the API takes and answers."""

from collections.abc import Mapping
from typing import Any, Final

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
TIME: Final[Schema] = {"type": "string", "format": "date-time"}
MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
MAYBE_NUMBER: Final[Schema] = {"type": ["integer", "null"]}
MAYBE_TIME: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}


def reference(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(schema: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": schema}


def record(required: dict[str, Schema], **optional: Schema) -> Schema:
    """An object with these properties."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": sorted(required),
    }


def words(*values: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(values)}


# Who may write to somebody or invite them; others wait for a yes, or are not heard.
_DOOR: Final = words("anyone", "requests", "contacts")
_MAYBE_DOOR: Final[Schema] = {"oneOf": [_DOOR, {"type": "null"}]}

# What becomes of a first message or an invitation of the caller's; null is unknown.
_ENTRY: Final[Schema] = {
    "type": ["string", "null"],
    "enum": ["open", "asks", "closed", None],
}
_REACH: Final[dict[str, Schema]] = {
    "writers": _MAYBE_DOOR,
    "inviters": _MAYBE_DOOR,
    "writing": _ENTRY,
    "inviting": _ENTRY,
}

_LIMITED: Final = record(
    {
        "domain": TEXT,
        "how": words("refused", "refused-in", "refused-out", "requests", "held", "slowed"),
        "reason": MAYBE_TEXT,
        "since": MAYBE_TIME,
    }
)
_PERSON: Final = {"acct": TEXT, "uri": TEXT, "name": TEXT}
_SHARED: Final = record({"id": TEXT, "kind": words("group", "direct"), "title": MAYBE_TEXT})
_PATH: Final[Schema] = {
    "type": "string",
    "format": "uri-reference",
    "description": "a path on this node",
}
# Of who has a picture and is no stranger to the caller; and of whose account is no more.
_SEEN: Final[dict[str, Schema]] = {"picture": _PATH}
_MAYBE_ENDED: Final[dict[str, Schema]] = {**_SEEN, "deleted": {"type": "boolean"}}

# What stands in a profile beside the text.
_FIELD: Final = record({"name": TEXT, "value": TEXT})

_FILE: Final = {
    "media_type": TEXT,
    "width": MAYBE_NUMBER,
    "height": MAYBE_NUMBER,
    "blurhash": MAYBE_TEXT,
    "description": TEXT,
    "thumbnail_url": MAYBE_TEXT,
}

NAMED: Final[dict[str, Schema]] = {
    "Preview": record({"url": TEXT, "title": TEXT, "description": TEXT}),
    "Subscription": record(
        {"endpoint": TEXT, "standard": {"type": "boolean"}, "show_text": {"type": "boolean"}}
    ),
    "Account": record(
        {
            "id": TEXT,
            **_PERSON,
            "role": TEXT,
            "receipts": {"type": "boolean"},
            "typing": {"type": "boolean"},
            "presence": {"type": "boolean"},
            "previews": {"type": "boolean"},
            "writers": _DOOR,
            "inviters": _DOOR,
            "trusts_followed": {"type": "boolean"},
            "mates_ask": {"type": "boolean"},
            "approves_followers": {"type": "boolean"},
            "follow_requests": {"type": "integer"},
            "quiet_from": MAYBE_TEXT,
            "quiet_to": MAYBE_TEXT,
            "zone": MAYBE_TEXT,
            "bio": TEXT,
            "fields": listed(_FIELD),
            "language": MAYBE_TEXT,
            "theme": MAYBE_TEXT,
            "text_size": MAYBE_TEXT,
            "density": MAYBE_TEXT,
            "motion": MAYBE_TEXT,
            "send_key": MAYBE_TEXT,
            "protection": {
                "oneOf": [record({"until": TIME, "reason": MAYBE_TEXT}), {"type": "null"}]
            },
            "limits": record(
                {
                    "upload_bytes": {"type": "integer"},
                    "message_characters": {"type": "integer"},
                    "delivery_seconds": {"type": "integer"},
                }
            ),
        },
        **_SEEN,
    ),
    "App": record(
        {
            "id": TEXT,
            "name": TEXT,
            "client_id": TEXT,
            "website": MAYBE_TEXT,
            "scopes": listed(TEXT),
            "since": TIME,
            "last_used": MAYBE_TIME,
        }
    ),
    "Session": record(
        {
            "id": TEXT,
            "device": TEXT,
            "address": TEXT,
            "created": TIME,
            "last_seen": TIME,
            "current": {"type": "boolean"},
        }
    ),
    "Version": record({"written": TIME, "text": MAYBE_TEXT, "html": MAYBE_TEXT}),
    "Presence": record(
        {**_PERSON, "active": {"type": "boolean"}, "read_up_to": MAYBE_TEXT}, **_SEEN
    ),
    "Person": record(_PERSON, **_MAYBE_ENDED),
    "Resolved": record(
        _PERSON,
        aware={"type": "boolean"},
        software=MAYBE_TEXT,
        takes_one={"type": "boolean"},
        people_max=MAYBE_NUMBER,
        warnings=listed(reference("Warning")),
        **_MAYBE_ENDED,
        **_REACH,
    ),
    "Follow": record(
        {**_PERSON, "state": words("pending", "accepted"), "mutual": {"type": "boolean"}},
        **_SEEN,
    ),
    "Profile": record(
        {
            **_PERSON,
            "bio": TEXT,
            "fields": listed(_FIELD),
            "host": TEXT,
            "software": MAYBE_TEXT,
            "aware": {"type": "boolean"},
            "following": {"type": ["string", "null"], "enum": ["pending", "accepted", None]},
            "follows_me": {"type": "boolean"},
            "blocked": {"type": "boolean"},
            "muted": {"type": "boolean"},
            **_REACH,
            "shared": listed(_SHARED),
        },
        **_SEEN,
    ),
    "LostContact": record(
        {
            "person": {"oneOf": [reference("Person"), {"type": "null"}]},
            "host": TEXT,
            "why": words("we_refuse", "they_refuse", "unreachable", "account_ended"),
            "reason": MAYBE_TEXT,
            "since": TIME,
            "conversations": listed(_SHARED),
        }
    ),
    "Stranger": record(
        {
            **_PERSON,
            "host": TEXT,
            "first_seen": MAYBE_TIME,
            "groups": listed(record({"id": TEXT, "title": MAYBE_TEXT})),
            "contacts": listed(reference("Person")),
        }
    ),
    "Member": record(
        {
            **_PERSON,
            "role": words("admin", "moderator", "member", "outcast", ""),
            "state": TEXT,
            "aware": {"type": "boolean"},
            "software": MAYBE_TEXT,
            "refusal": {
                **MAYBE_TEXT,
                "description": "Why their server does not take the caller's invitation",
            },
        },
        **_MAYBE_ENDED,
    ),
    "Delivery": record(
        {
            "host": TEXT,
            "state": words("waiting", "delivered", "sent", "refused", "failed"),
            "members": listed(TEXT),
            "reason": TEXT,
            "since": TIME,
        },
        next_try=TIME,
    ),
    "Attachment": record(
        {
            **_FILE,
            "url": MAYBE_TEXT,
            "size": MAYBE_NUMBER,
            "problem": {
                "type": ["string", "null"],
                "enum": ["digest-mismatch", "not-taken", "unreadable", "too-large", None],
            },
        }
    ),
    "Upload": record({"id": TEXT, **_FILE, "url": TEXT, "size": {"type": "integer"}}),
    "Message": record(
        {
            "id": TEXT,
            "uri": TEXT,
            "conversation": TEXT,
            "author": reference("Person"),
            "media_type": TEXT,
            "text": MAYBE_TEXT,
            "html": MAYBE_TEXT,
            "published": TIME,
            "edited": MAYBE_TIME,
            "deleted": MAYBE_TIME,
            "removed": MAYBE_TIME,
            "blocked": {"type": "boolean"},
            "muted": {"type": "boolean"},
            "reply_to": MAYBE_TEXT,
            "reactions": listed(
                record({"emoji": TEXT, "count": {"type": "integer"}, "mine": {"type": "boolean"}})
            ),
            "attachments": listed(reference("Attachment")),
            "preview": {"oneOf": [reference("Preview"), {"type": "null"}]},
            "addressed_to": listed(TEXT),
            "provenance": words("verified", "fetched", "relayed"),
            "notices": listed(
                record(
                    {
                        "kind": words(
                            *("relayed", "late", "public", "followers", "also-to", "only-to"),
                            *("aside", "unheard-answer"),
                            *("media-kept-back", "links-off", "no-preview"),
                        ),
                        "host": MAYBE_TEXT,
                        "people": listed(TEXT),
                        "conversation": MAYBE_TEXT,
                        "title": MAYBE_TEXT,
                    }
                )
            ),
            "delivery": listed(reference("Delivery")),
        }
    ),
    "Conversation": record(
        {
            "id": TEXT,
            "uri": MAYBE_TEXT,
            "kind": words("group", "direct"),
            "mode": words("plain"),
            "title": TEXT,
            "epoch": {"type": "integer"},
            "role": TEXT,
            "state": words(
                *("invited", "requested", "joining", "joined", "left", "removed", "banned"),
                *("refused", "closed"),
            ),
            "unread": {"type": "integer", "maximum": 100, "description": "100 or more are 100"},
            "members": listed(reference("Member")),
            "muted": {"type": "boolean"},
            "muted_until": MAYBE_TIME,
            "mutes_mentions": {"type": "boolean"},
            "pinned": {"type": "boolean"},
            "archived": {"type": "boolean"},
            "marked_unread": {"type": "boolean"},
            "draft": {
                "oneOf": [
                    record(
                        {
                            "text": TEXT,
                            "reply_to": MAYBE_TEXT,
                            "media_ids": listed(TEXT),
                            "media": listed(reference("Upload")),
                            "updated": TIME,
                        }
                    ),
                    {"type": "null"},
                ]
            },
            "draft_updated": MAYBE_TIME,
            "inviter": {"oneOf": [reference("Person"), {"type": "null"}]},
            "last_message": {"oneOf": [reference("Message"), {"type": "null"}]},
            "settings": {"type": "object"},
            "icon": MAYBE_TEXT,
            "picture": {**_PATH, "type": ["string", "null"]},
            "successors": listed(TEXT),
            "outcasts": listed(reference("Person")),
            "waiting_for": MAYBE_TEXT,
            "requests": listed(
                record(
                    {
                        "wish": TEXT,
                        "subject": TEXT,
                        "state": words("waiting", "refused", "expired"),
                        "notice": TEXT,
                    }
                )
            ),
            "home_gone": MAYBE_TIME,
            "moved_to": MAYBE_TEXT,
            "disputed": {"type": "boolean"},
            "gaps": listed(
                record(
                    {
                        "person": reference("Person"),
                        "count": {"type": "integer"},
                        "since": TIME,
                        "hidden": {"type": "boolean"},
                    }
                )
            ),
            "departures": listed(
                record(
                    {
                        "person": reference("Person"),
                        "moved_to": {"oneOf": [reference("Person"), {"type": "null"}]},
                        "at": TIME,
                    }
                )
            ),
        }
    ),
    "Change": record(
        {
            "epoch": {"type": "integer"},
            "at": TIME,
            "kind": words(
                *("created", "joined", "left", "removed", "banned", "unbanned", "role", "title"),
                *("picture", "settings", "closed", "moved"),
            ),
            "person": {"oneOf": [reference("Person"), {"type": "null"}]},
            "by": {"oneOf": [reference("Person"), {"type": "null"}]},
            "role": MAYBE_TEXT,
            "title": MAYBE_TEXT,
        }
    ),
    "Warning": record({"kind": TEXT, "acct": TEXT, "text": TEXT}),
    "Invited": {
        "allOf": [
            reference("Conversation"),
            record({}, warnings=listed(reference("Warning"))),
        ]
    },
    "Link": record(
        {"id": TEXT, "uses_left": {"type": "integer"}, "expires": TIME},
        url=TEXT,
        maker=TEXT,
        created=TIME,
    ),
    "Peer": record(
        {
            "host": TEXT,
            "state": words("ok", "failing"),
            "step": {"type": "integer"},
            "failing_since": MAYBE_TIME,
            "next_try": MAYBE_TIME,
            "last_ok": MAYBE_TIME,
            "last_heard": MAYBE_TIME,
            "last_error": TEXT,
            "waiting": {"type": "integer"},
            "parked": {"type": "integer"},
            "oldest": MAYBE_TIME,
            "why": TEXT,
            "logs": listed(record({"log": TEXT, "trouble": TEXT})),
        }
    ),
    "Owed": record(
        {
            "id": TEXT,
            "activity": TEXT,
            "host": TEXT,
            "target": TEXT,
            "state": words("pending", "sending", "parked", "refused", "expired"),
            "attempts": {"type": "integer"},
            "last_status": {"type": "integer"},
            "reason": TEXT,
            "created": TIME,
            "due": TIME,
        }
    ),
    "Listed": record(
        {
            **_PERSON,
            "role": words("owner", "admin", "moderator", "member"),
            "state": words("active", "suspended", "deleted"),
            "created": TIME,
        }
    ),
    "Deed": record(
        {
            "number": {"type": "integer"},
            "at": TIME,
            "who": MAYBE_TEXT,
            "face": words("api", "web", "cli", "system"),
            "act": TEXT,
            "about": TEXT,
            "detail": TEXT,
            "hash": TEXT,
            "intact": {"type": "boolean"},
        }
    ),
    "Report": record(
        {
            "id": TEXT,
            "accused": reference("Person"),
            "comment": TEXT,
            "messages": {"type": "integer"},
            "forwarded": {"type": "boolean"},
            "created": TIME,
        }
    ),
    "Case": record(
        {
            "id": TEXT,
            "reporter": reference("Person"),
            "accused": reference("Person"),
            "local": {"type": "boolean"},
            "comment": TEXT,
            "messages": listed(record({"uri": TEXT}, text=MAYBE_TEXT, published=MAYBE_TIME)),
            "forwarded": {"type": "boolean"},
            "created": TIME,
            "closed": MAYBE_TIME,
            "closed_by": {"oneOf": [reference("Person"), {"type": "null"}]},
        }
    ),
    "Problem": record({"type": TEXT, "title": TEXT, "status": {"type": "integer"}}, detail=TEXT),
}

# What a request brings, by method and path below the base.
BODIES: Final[dict[tuple[str, str], Schema]] = {
    ("POST", "/people/resolve"): record({"acct": TEXT}, check={"type": "boolean"}),
    ("POST", "/follows"): record({"acct": TEXT}),
    ("POST", "/blocks"): record({"acct": TEXT}),
    ("POST", "/mutes"): record({"acct": TEXT}),
    ("POST", "/host_blocks"): record({"host": TEXT}),
    ("DELETE", "/blocks"): record({"acct": TEXT}),
    ("POST", "/reports"): record(
        {"acct": TEXT}, message_ids=listed(TEXT), comment=TEXT, forward={"type": "boolean"}
    ),
    ("PUT", "/admin/policy/domains/{domain}"): record({}, reason=TEXT),
    ("PATCH", "/me"): record(
        {},
        receipts={"type": "boolean"},
        typing={"type": "boolean"},
        presence={"type": "boolean"},
        previews={"type": "boolean"},
        writers=_DOOR,
        inviters=_DOOR,
        trusts_followed={"type": "boolean"},
        mates_ask={"type": "boolean"},
        approves_followers={"type": "boolean"},
        quiet_from=TEXT,
        quiet_to=TEXT,
        zone=TEXT,
        name=TEXT,
        bio=TEXT,
        fields=listed(_FIELD),
        language=MAYBE_TEXT,
        theme=MAYBE_TEXT,
        text_size=MAYBE_TEXT,
        density=MAYBE_TEXT,
        motion=MAYBE_TEXT,
        send_key=MAYBE_TEXT,
    ),
    ("PATCH", "/messages/{id}"): record({"text": TEXT}),
    ("PUT", "/media/{id}/description"): record({"description": TEXT}),
    ("POST", "/conversations"): record(
        {"kind": words("group", "direct"), "members": listed(TEXT)},
        title=TEXT,
        text=TEXT,
        settings={"type": "object"},
    ),
    ("POST", "/conversations/join"): record({"link": TEXT}),
    ("PATCH", "/conversations/{id}"): record(
        {}, title=TEXT, settings={"type": "object"}, icon=MAYBE_TEXT, successors=listed(TEXT)
    ),
    ("PATCH", "/conversations/{id}/members/{acct}"): record(
        {"role": words("admin", "moderator", "member")}
    ),
    ("POST", "/conversations/{id}/links"): record(
        {}, uses={"type": "integer"}, expires_in_s={"type": "integer"}
    ),
    ("POST", "/conversations/{id}/mute"): record({}, until=TIME, mentions={"type": "boolean"}),
    ("PATCH", "/conversations/{id}/preferences"): record(
        {},
        pinned={"type": "boolean"},
        archived={"type": "boolean"},
        marked_unread={"type": "boolean"},
    ),
    ("PUT", "/conversations/{id}/draft"): record(
        {}, text=TEXT, reply_to=MAYBE_TEXT, media_ids=listed(TEXT)
    ),
    ("POST", "/conversations/{id}/read"): record({"up_to": TEXT}),
    ("POST", "/conversations/{id}/members"): record({"acct": TEXT}, check={"type": "boolean"}),
    ("POST", "/push/subscriptions"): record(
        {"endpoint": TEXT, "keys": record({"p256dh": TEXT, "auth": TEXT})},
        standard={"type": "boolean"},
        show_text={"type": "boolean"},
    ),
    ("POST", "/conversations/{id}/messages"): record(
        {},
        text=TEXT,
        reply_to=TEXT,
        media_ids=listed(TEXT),
        preview=record({"url": TEXT, "title": TEXT}, description=TEXT),
    ),
    ("POST", "/previews"): record({"url": TEXT}),
}

_BINARY: Final[Schema] = {"type": "string", "format": "binary"}

# What a form brings, likewise.
FORMS: Final[dict[tuple[str, str], Schema]] = {
    ("POST", "/media"): record({"file": _BINARY}, description=TEXT),
    ("PUT", "/me/picture"): record({"file": _BINARY}),
    ("PUT", "/conversations/{id}/picture"): record({"file": _BINARY}),
}

# What answers with a picture and not with a document.
PICTURES: Final = frozenset(
    {("GET", "/people/{acct}/picture"), ("GET", "/conversations/{id}/picture")}
)

# What is answered: a status and the schema of its body, or None where there is none.
ANSWERS: Final[dict[tuple[str, str], tuple[int, Schema | None]]] = {
    ("GET", "/me"): (200, reference("Account")),
    ("GET", "/sessions"): (200, record({"items": listed(reference("Session"))})),
    ("DELETE", "/sessions"): (204, None),
    ("DELETE", "/sessions/{session}"): (204, None),
    ("GET", "/apps"): (200, record({"items": listed(reference("App"))})),
    ("DELETE", "/apps/{app}"): (204, None),
    ("GET", "/people"): (200, record({"items": listed(reference("Person"))})),
    ("POST", "/people/resolve"): (200, reference("Resolved")),
    ("GET", "/people/{acct}"): (200, reference("Profile")),
    ("GET", "/follows"): (200, record({"items": listed(reference("Follow"))})),
    ("GET", "/followers"): (200, record({"items": listed(reference("Follow"))})),
    ("GET", "/followers/requests"): (200, record({"items": listed(reference("Follow"))})),
    ("POST", "/followers/requests/{acct}/accept"): (204, None),
    ("POST", "/followers/requests/{acct}/decline"): (204, None),
    ("POST", "/follows"): (201, reference("Follow")),
    ("DELETE", "/follows/{acct}"): (204, None),
    ("PATCH", "/me"): (200, reference("Account")),
    ("GET", "/blocks"): (200, record({"items": listed(reference("Person"))})),
    ("POST", "/blocks"): (201, reference("Person")),
    ("DELETE", "/blocks"): (204, None),
    ("DELETE", "/blocks/{acct}"): (204, None),
    ("GET", "/host_blocks"): (200, record({"items": listed(record({"host": TEXT}))})),
    ("POST", "/host_blocks"): (201, record({"host": TEXT})),
    ("DELETE", "/host_blocks/{host}"): (204, None),
    ("GET", "/limited_servers"): (
        200,
        record({"items": listed(_LIMITED)}),
    ),
    ("GET", "/lost_contacts"): (200, record({"items": listed(reference("LostContact"))})),
    ("GET", "/conversations/{id}/request"): (200, reference("Stranger")),
    ("DELETE", "/conversations/{id}/request"): (204, None),
    ("GET", "/mutes"): (200, record({"items": listed(reference("Person"))})),
    ("POST", "/mutes"): (201, reference("Person")),
    ("DELETE", "/mutes/{acct}"): (204, None),
    ("POST", "/conversations/{id}/typing"): (204, None),
    ("POST", "/conversations/{id}/mute"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}/mute"): (200, reference("Conversation")),
    ("PATCH", "/conversations/{id}/preferences"): (200, reference("Conversation")),
    ("PUT", "/conversations/{id}/draft"): (204, None),
    ("DELETE", "/conversations/{id}/draft"): (204, None),
    ("POST", "/conversations/{id}/refuse"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}/refuse"): (200, reference("Conversation")),
    ("GET", "/conversations/{id}/presence"): (
        200,
        record({"items": listed(reference("Presence"))}),
    ),
    ("GET", "/messages/{id}"): (200, reference("Message")),
    ("PATCH", "/messages/{id}"): (200, reference("Message")),
    ("DELETE", "/messages/{id}"): (200, reference("Message")),
    ("GET", "/messages/{id}/edits"): (200, record({"items": listed(reference("Version"))})),
    ("PUT", "/messages/{id}/reactions/{emoji}"): (200, reference("Message")),
    ("DELETE", "/messages/{id}/reactions/{emoji}"): (200, reference("Message")),
    ("POST", "/conversations"): (201, reference("Invited")),
    ("GET", "/conversations"): (200, record({"items": listed(reference("Conversation"))})),
    ("GET", "/conversations/{id}"): (200, reference("Conversation")),
    ("PUT", "/me/picture"): (200, reference("Account")),
    ("DELETE", "/me/picture"): (200, reference("Account")),
    ("PUT", "/conversations/{id}/picture"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}/picture"): (200, reference("Conversation")),
    ("POST", "/conversations/join"): (202, reference("Conversation")),
    ("POST", "/conversations/{id}/move"): (202, reference("Conversation")),
    ("POST", "/conversations/{id}/follow_home"): (202, reference("Conversation")),
    ("PATCH", "/conversations/{id}"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}"): (200, reference("Conversation")),
    ("PATCH", "/conversations/{id}/members/{acct}"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}/members/{acct}"): (200, reference("Conversation")),
    ("POST", "/conversations/{id}/links"): (201, reference("Link")),
    ("GET", "/conversations/{id}/links"): (200, record({"items": listed(reference("Link"))})),
    ("DELETE", "/conversations/{id}/links/{link}"): (204, None),
    ("POST", "/conversations/{id}/accept"): (202, reference("Conversation")),
    ("POST", "/conversations/{id}/decline"): (200, reference("Conversation")),
    ("POST", "/conversations/{id}/leave"): (200, reference("Conversation")),
    ("POST", "/conversations/{id}/read"): (200, reference("Conversation")),
    ("POST", "/conversations/{id}/members"): (201, reference("Invited")),
    ("GET", "/conversations/{id}/changes"): (
        200,
        record({"items": listed(reference("Change"))}),
    ),
    ("GET", "/conversations/{id}/messages"): (
        200,
        record({"items": listed(reference("Message"))}),
    ),
    ("POST", "/conversations/{id}/messages"): (201, reference("Message")),
    ("POST", "/previews"): (200, reference("Preview")),
    ("POST", "/media"): (201, reference("Upload")),
    ("PUT", "/media/{id}/description"): (200, reference("Upload")),
    ("GET", "/messages/{id}/delivery"): (200, record({"items": listed(reference("Delivery"))})),
    ("GET", "/search"): (
        200,
        record(
            {
                "items": listed(reference("Message")),
                "people": listed(reference("Person")),
                "conversations": listed(reference("Conversation")),
            }
        ),
    ),
    ("GET", "/push"): (
        200,
        record(
            {
                "public_key": TEXT,
                "subscription": {"oneOf": [reference("Subscription"), {"type": "null"}]},
            }
        ),
    ),
    ("POST", "/push/subscriptions"): (201, reference("Subscription")),
    ("DELETE", "/push/subscriptions"): (204, None),
    ("POST", "/reports"): (201, reference("Report")),
    ("GET", "/admin/reports"): (200, record({"items": listed(reference("Case"))})),
    ("GET", "/admin/reports/{report}"): (200, reference("Case")),
    ("POST", "/admin/reports/{report}/close"): (200, reference("Case")),
    ("GET", "/admin/policy/domains"): (200, record({"items": listed({"type": "object"})})),
    ("GET", "/admin/policy/domains/{domain}"): (200, {"type": "object"}),
    ("PUT", "/admin/policy/domains/{domain}"): (200, {"type": "object"}),
    ("DELETE", "/admin/policy/domains/{domain}"): (204, None),
    ("GET", "/admin/queue"): (
        200,
        record(
            {
                "rows": {"type": "object"},
                "lanes": {"type": "object"},
                "inbox": {"type": "object"},
                "oldest": MAYBE_TIME,
                "items": listed(reference("Owed")),
            }
        ),
    ),
    ("GET", "/admin/audit"): (200, record({"items": listed(reference("Deed"))})),
    ("GET", "/admin/accounts"): (200, record({"items": listed(reference("Listed"))})),
    ("GET", "/admin/peers"): (200, record({"items": listed(reference("Peer"))})),
}

# Where another status is a success as well: what is there already, or waits for another node.
ALSO: Final[dict[tuple[str, str], int]] = {
    ("POST", "/conversations"): 200,
    ("POST", "/conversations/join"): 200,
    ("POST", "/conversations/{id}/move"): 200,
    ("PATCH", "/conversations/{id}"): 202,
    ("DELETE", "/conversations/{id}"): 202,
    ("PUT", "/conversations/{id}/picture"): 202,
    ("DELETE", "/conversations/{id}/picture"): 202,
    ("PATCH", "/conversations/{id}/members/{acct}"): 202,
    ("DELETE", "/conversations/{id}/members/{acct}"): 202,
    ("DELETE", "/messages/{id}"): 202,
}

PAGE: Final = ("limit", "before", "after")

# What a parameter of a query string is; one that is not here is a text.
PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "limit": {"type": "integer"},
    "has": {"type": "array", "items": {"enum": ["file", "link"]}},
}

# What a query string may say.
QUERIES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("GET", "/people"): ("q", "limit"),
    ("GET", "/people/{acct}/picture"): ("v",),
    ("GET", "/conversations/{id}/picture"): ("v",),
    ("GET", "/search"): ("q", "from", "in", "before", "after", "has", "limit"),
    ("GET", "/follows"): ("limit", "before"),
    ("GET", "/followers"): ("limit", "before"),
    ("GET", "/followers/requests"): ("limit", "before"),
    ("GET", "/blocks"): ("limit", "before"),
    ("GET", "/mutes"): ("limit", "before"),
    ("GET", "/host_blocks"): ("limit", "before"),
    ("GET", "/limited_servers"): ("limit", "after"),
    ("GET", "/lost_contacts"): ("limit", "after"),
    ("GET", "/conversations"): ("state", "limit", "before"),
    ("GET", "/conversations/{id}/messages"): (*PAGE, "since"),
    ("DELETE", "/conversations/{id}/members/{acct}"): ("ban",),
    ("GET", "/admin/reports"): ("state", "limit", "before"),
    ("GET", "/admin/queue"): ("limit", "after"),
    ("GET", "/admin/audit"): ("limit", "before"),
    ("GET", "/admin/accounts"): ("limit", "after"),
    ("GET", "/admin/peers"): ("limit", "after"),
}

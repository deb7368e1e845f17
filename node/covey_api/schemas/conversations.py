"""PURE: what the API takes and answers about conversations."""

from typing import Final

from node.covey_api.schemas.shapes import (
    BINARY,
    FLAG,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
    OBJECT,
    PATH,
    TEXT,
    TIME,
    Schema,
    listed,
    maybe,
    page_of,
    record,
    reference,
    words,
)

NAMED: Final[dict[str, Schema]] = {
    "Conversation": record(
        {
            "id": TEXT,
            "uri": MAYBE_TEXT,
            "kind": words("group", "direct"),
            "mode": words("plain"),
            "title": TEXT,
            "epoch": NUMBER,
            "role": TEXT,
            "state": words(
                *("invited", "requested", "joining", "joined", "left", "removed", "banned"),
                *("refused", "closed"),
            ),
            "unread": {"type": "integer", "maximum": 100, "description": "100 or more are 100"},
            "members": listed(reference("Member")),
            "muted": FLAG,
            "muted_until": MAYBE_TIME,
            "mutes_mentions": FLAG,
            "pinned": FLAG,
            "archived": FLAG,
            "marked_unread": FLAG,
            "draft": maybe(
                record(
                    {
                        "text": TEXT,
                        "reply_to": MAYBE_TEXT,
                        "media_ids": listed(TEXT),
                        "media": listed(reference("Upload")),
                        "updated": TIME,
                    }
                )
            ),
            "draft_updated": MAYBE_TIME,
            "inviter": maybe(reference("Person")),
            "last_message": maybe(reference("Message")),
            "settings": OBJECT,
            "icon": MAYBE_TEXT,
            "picture": {**PATH, "type": ["string", "null"]},
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
            "disputed": FLAG,
            "gaps": listed(
                record(
                    {
                        "person": reference("Person"),
                        "count": NUMBER,
                        "since": TIME,
                        "hidden": FLAG,
                    }
                )
            ),
            "departures": listed(
                record(
                    {
                        "person": reference("Person"),
                        "moved_to": maybe(reference("Person")),
                        "at": TIME,
                    }
                )
            ),
            "kept_out": listed(record({"host": TEXT, "since": TIME, "reason": MAYBE_TEXT})),
        }
    ),
    "Change": record(
        {
            "epoch": NUMBER,
            "at": TIME,
            "kind": words(
                *("created", "joined", "left", "removed", "banned", "unbanned", "role", "title"),
                *("picture", "settings", "closed", "moved"),
            ),
            "person": maybe(reference("Person")),
            "by": maybe(reference("Person")),
            "role": MAYBE_TEXT,
            "title": MAYBE_TEXT,
        }
    ),
}

# What a request brings, by method and path below the base.
BODIES: Final[dict[tuple[str, str], Schema]] = {
    ("POST", "/conversations"): record(
        {"kind": words("group", "direct"), "members": listed(TEXT)},
        title=TEXT,
        text=TEXT,
        settings=OBJECT,
    ),
    ("PATCH", "/conversations/{id}"): record(
        {}, title=TEXT, settings=OBJECT, icon=MAYBE_TEXT, successors=listed(TEXT)
    ),
    ("POST", "/conversations/{id}/mute"): record({}, until=TIME, mentions=FLAG),
    ("PATCH", "/conversations/{id}/preferences"): record(
        {},
        pinned=FLAG,
        archived=FLAG,
        marked_unread=FLAG,
    ),
    ("PUT", "/conversations/{id}/draft"): record(
        {}, text=TEXT, reply_to=MAYBE_TEXT, media_ids=listed(TEXT)
    ),
    ("POST", "/conversations/{id}/read"): record({"up_to": TEXT}),
}

# What a form brings, likewise.
FORMS: Final[dict[tuple[str, str], Schema]] = {
    ("PUT", "/conversations/{id}/picture"): record({"file": BINARY}),
}

# What is answered: a status and the schema of its body, or None where there is none.
ANSWERS: Final[dict[tuple[str, str], tuple[int, Schema | None]]] = {
    ("POST", "/conversations/{id}/mute"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}/mute"): (200, reference("Conversation")),
    ("PATCH", "/conversations/{id}/preferences"): (200, reference("Conversation")),
    ("PUT", "/conversations/{id}/draft"): (204, None),
    ("DELETE", "/conversations/{id}/draft"): (204, None),
    ("POST", "/conversations"): (201, reference("Invited")),
    ("GET", "/conversations"): (200, page_of("Conversation")),
    ("GET", "/conversations/{id}"): (200, reference("Conversation")),
    ("PUT", "/conversations/{id}/picture"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}/picture"): (200, reference("Conversation")),
    ("PATCH", "/conversations/{id}"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}"): (200, reference("Conversation")),
    ("POST", "/conversations/{id}/read"): (200, reference("Conversation")),
    ("GET", "/conversations/{id}/changes"): (
        200,
        page_of("Change"),
    ),
}

# Where another status is a success as well: what is there already, or waits for another node.
ALSO: Final[dict[tuple[str, str], int]] = {
    ("POST", "/conversations"): 200,
    ("PATCH", "/conversations/{id}"): 202,
    ("DELETE", "/conversations/{id}"): 202,
    ("PUT", "/conversations/{id}/picture"): 202,
    ("DELETE", "/conversations/{id}/picture"): 202,
}

# What a query string may say.
QUERIES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("GET", "/conversations/{id}/picture"): ("v",),
    ("GET", "/conversations"): ("state", "limit", "before"),
}

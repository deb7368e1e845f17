"""PURE: what the API takes and answers about messages, and what hangs on them."""

from typing import Final

from node.covey_api.schemas.shapes import (
    BINARY,
    FLAG,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
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
    "Version": record({"written": TIME, "text": MAYBE_TEXT, "html": MAYBE_TEXT}),
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
    "Upload": record({"id": TEXT, **_FILE, "url": TEXT, "size": NUMBER}),
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
            "blocked": FLAG,
            "muted": FLAG,
            "reply_to": MAYBE_TEXT,
            "reactions": listed(record({"emoji": TEXT, "count": NUMBER, "mine": FLAG})),
            "attachments": listed(reference("Attachment")),
            "preview": maybe(reference("Preview")),
            "addressed_to": listed(TEXT),
            "provenance": words("verified", "fetched", "relayed"),
            "notices": listed(
                record(
                    {
                        "kind": words(
                            *("relayed", "late", "public", "followers", "also-to", "only-to"),
                            *("aside", "unheard-answer"),
                            *("media-kept-back", "links-off", "no-preview", "marked"),
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
}

# What a request brings, by method and path below the base.
BODIES: Final[dict[tuple[str, str], Schema]] = {
    ("PATCH", "/messages/{id}"): record({"text": TEXT}),
    ("PUT", "/media/{id}/description"): record({"description": TEXT}),
    ("POST", "/conversations/{id}/messages"): record(
        {},
        text=TEXT,
        reply_to=TEXT,
        media_ids=listed(TEXT),
        preview=record({"url": TEXT, "title": TEXT}, description=TEXT),
    ),
    ("POST", "/previews"): record({"url": TEXT}),
}

# What a form brings, likewise.
FORMS: Final[dict[tuple[str, str], Schema]] = {
    ("POST", "/media"): record({"file": BINARY}, description=TEXT),
}

# What is answered: a status and the schema of its body, or None where there is none.
ANSWERS: Final[dict[tuple[str, str], tuple[int, Schema | None]]] = {
    ("GET", "/messages/{id}"): (200, reference("Message")),
    ("PATCH", "/messages/{id}"): (200, reference("Message")),
    ("DELETE", "/messages/{id}"): (200, reference("Message")),
    ("GET", "/messages/{id}/edits"): (200, page_of("Version")),
    ("PUT", "/messages/{id}/reactions/{emoji}"): (200, reference("Message")),
    ("DELETE", "/messages/{id}/reactions/{emoji}"): (200, reference("Message")),
    ("GET", "/conversations/{id}/messages"): (
        200,
        page_of("Message"),
    ),
    ("POST", "/conversations/{id}/messages"): (201, reference("Message")),
    ("POST", "/previews"): (200, reference("Preview")),
    ("POST", "/media"): (201, reference("Upload")),
    ("PUT", "/media/{id}/description"): (200, reference("Upload")),
    ("GET", "/messages/{id}/delivery"): (200, page_of("Delivery")),
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
}

# Where another status is a success as well: what is there already, or waits for another node.
ALSO: Final[dict[tuple[str, str], int]] = {
    ("DELETE", "/messages/{id}"): 202,
}

# What a query string may say.
QUERIES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("GET", "/search"): ("q", "from", "in", "before", "after", "has", "limit"),
    ("GET", "/conversations/{id}/messages"): ("limit", "before", "after", "since"),
}

"""PURE: what the API takes and answers about the caller: account, sessions, apps, pushes."""

from typing import Final

from node.covey_api.schemas.shapes import (
    BINARY,
    DOOR,
    FIELD,
    FLAG,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
    PERSON,
    SEEN,
    TEXT,
    TIME,
    Schema,
    listed,
    maybe,
    page_of,
    record,
    reference,
)

NAMED: Final[dict[str, Schema]] = {
    "Subscription": record({"endpoint": TEXT, "standard": FLAG, "show_text": FLAG}),
    "Account": record(
        {
            "id": TEXT,
            **PERSON,
            "role": TEXT,
            "receipts": FLAG,
            "typing": FLAG,
            "presence": FLAG,
            "previews": FLAG,
            "writers": DOOR,
            "inviters": DOOR,
            "trusts_followed": FLAG,
            "mates_ask": FLAG,
            "approves_followers": FLAG,
            "follow_requests": NUMBER,
            "quiet_from": MAYBE_TEXT,
            "quiet_to": MAYBE_TEXT,
            "zone": MAYBE_TEXT,
            "bio": TEXT,
            "fields": listed(FIELD),
            "language": MAYBE_TEXT,
            "theme": MAYBE_TEXT,
            "text_size": MAYBE_TEXT,
            "density": MAYBE_TEXT,
            "motion": MAYBE_TEXT,
            "send_key": MAYBE_TEXT,
            "protection": maybe(record({"until": TIME, "reason": MAYBE_TEXT})),
            "limits": record(
                {
                    "upload_bytes": NUMBER,
                    "message_characters": NUMBER,
                    "delivery_seconds": NUMBER,
                }
            ),
        },
        **SEEN,
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
            "current": FLAG,
        }
    ),
}

# What a request brings, by method and path below the base.
BODIES: Final[dict[tuple[str, str], Schema]] = {
    ("PATCH", "/me"): record(
        {},
        receipts=FLAG,
        typing=FLAG,
        presence=FLAG,
        previews=FLAG,
        writers=DOOR,
        inviters=DOOR,
        trusts_followed=FLAG,
        mates_ask=FLAG,
        approves_followers=FLAG,
        quiet_from=TEXT,
        quiet_to=TEXT,
        zone=TEXT,
        name=TEXT,
        bio=TEXT,
        fields=listed(FIELD),
        language=MAYBE_TEXT,
        theme=MAYBE_TEXT,
        text_size=MAYBE_TEXT,
        density=MAYBE_TEXT,
        motion=MAYBE_TEXT,
        send_key=MAYBE_TEXT,
    ),
    ("POST", "/push/subscriptions"): record(
        {"endpoint": TEXT, "keys": record({"p256dh": TEXT, "auth": TEXT})},
        standard=FLAG,
        show_text=FLAG,
    ),
}

# What a form brings, likewise.
FORMS: Final[dict[tuple[str, str], Schema]] = {
    ("PUT", "/me/picture"): record({"file": BINARY}),
}

# What is answered: a status and the schema of its body, or None where there is none.
ANSWERS: Final[dict[tuple[str, str], tuple[int, Schema | None]]] = {
    ("GET", "/me"): (200, reference("Account")),
    ("GET", "/sessions"): (200, page_of("Session")),
    ("DELETE", "/sessions"): (204, None),
    ("DELETE", "/sessions/{session}"): (204, None),
    ("GET", "/apps"): (200, page_of("App")),
    ("DELETE", "/apps/{app}"): (204, None),
    ("PATCH", "/me"): (200, reference("Account")),
    ("PUT", "/me/picture"): (200, reference("Account")),
    ("DELETE", "/me/picture"): (200, reference("Account")),
    ("GET", "/push"): (
        200,
        record(
            {
                "public_key": TEXT,
                "subscription": maybe(reference("Subscription")),
            }
        ),
    ),
    ("POST", "/push/subscriptions"): (201, reference("Subscription")),
    ("DELETE", "/push/subscriptions"): (204, None),
}

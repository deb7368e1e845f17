"""PURE: what the API takes and answers about who is in a conversation, and how one comes in."""

from typing import Final

from node.covey_api.schemas.shapes import (
    FLAG,
    MAYBE_ENDED,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
    PERSON,
    SEEN,
    TEXT,
    TIME,
    Schema,
    listed,
    page_of,
    record,
    reference,
    words,
)

NAMED: Final[dict[str, Schema]] = {
    "Presence": record({**PERSON, "active": FLAG, "read_up_to": MAYBE_TEXT}, **SEEN),
    "Stranger": record(
        {
            **PERSON,
            "host": TEXT,
            "first_seen": MAYBE_TIME,
            "groups": listed(record({"id": TEXT, "title": MAYBE_TEXT})),
            "contacts": listed(reference("Person")),
        }
    ),
    "Member": record(
        {
            **PERSON,
            "role": words("admin", "moderator", "member", "outcast", ""),
            "state": TEXT,
            "aware": FLAG,
            "software": MAYBE_TEXT,
            "refusal": {
                **MAYBE_TEXT,
                "description": "Why their server does not take the caller's invitation",
            },
        },
        **MAYBE_ENDED,
    ),
    "Invited": {
        "allOf": [
            reference("Conversation"),
            record({}, warnings=listed(reference("Warning"))),
        ]
    },
    "Link": record(
        {"id": TEXT, "uses_left": NUMBER, "expires": TIME},
        url=TEXT,
        maker=TEXT,
        created=TIME,
    ),
}

# What a request brings, by method and path below the base.
BODIES: Final[dict[tuple[str, str], Schema]] = {
    ("POST", "/conversations/join"): record({"link": TEXT}),
    ("PATCH", "/conversations/{id}/members/{acct}"): record(
        {"role": words("admin", "moderator", "member")}
    ),
    ("POST", "/conversations/{id}/links"): record({}, uses=NUMBER, expires_in_s=NUMBER),
    ("POST", "/conversations/{id}/members"): record({"acct": TEXT}, check=FLAG),
}

# What is answered: a status and the schema of its body, or None where there is none.
ANSWERS: Final[dict[tuple[str, str], tuple[int, Schema | None]]] = {
    ("GET", "/conversations/{id}/request"): (200, reference("Stranger")),
    ("DELETE", "/conversations/{id}/request"): (204, None),
    ("POST", "/conversations/{id}/typing"): (204, None),
    ("POST", "/conversations/{id}/refuse"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}/refuse"): (200, reference("Conversation")),
    ("GET", "/conversations/{id}/presence"): (
        200,
        page_of("Presence"),
    ),
    ("POST", "/conversations/join"): (202, reference("Conversation")),
    ("POST", "/conversations/{id}/move"): (202, reference("Conversation")),
    ("POST", "/conversations/{id}/follow_home"): (202, reference("Conversation")),
    ("PATCH", "/conversations/{id}/members/{acct}"): (200, reference("Conversation")),
    ("DELETE", "/conversations/{id}/members/{acct}"): (200, reference("Conversation")),
    ("POST", "/conversations/{id}/links"): (201, reference("Link")),
    ("GET", "/conversations/{id}/links"): (200, page_of("Link")),
    ("DELETE", "/conversations/{id}/links/{link}"): (204, None),
    ("POST", "/conversations/{id}/accept"): (202, reference("Conversation")),
    ("POST", "/conversations/{id}/decline"): (200, reference("Conversation")),
    ("POST", "/conversations/{id}/leave"): (200, reference("Conversation")),
    ("POST", "/conversations/{id}/members"): (201, reference("Invited")),
}

# Where another status is a success as well: what is there already, or waits for another node.
ALSO: Final[dict[tuple[str, str], int]] = {
    ("POST", "/conversations/join"): 200,
    ("POST", "/conversations/{id}/move"): 200,
    ("PATCH", "/conversations/{id}/members/{acct}"): 202,
    ("DELETE", "/conversations/{id}/members/{acct}"): 202,
}

# What a query string may say.
QUERIES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("DELETE", "/conversations/{id}/members/{acct}"): ("ban",),
}

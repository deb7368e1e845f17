"""PURE: what the API takes and answers about people and servers."""

from typing import Final

from node.covey_api.schemas.shapes import (
    DOOR,
    FIELD,
    FLAG,
    MAYBE_ENDED,
    MAYBE_NUMBER,
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
    words,
)

# What becomes of a first message or an invitation of the caller's; null is unknown.
_ENTRY: Final[Schema] = {
    "type": ["string", "null"],
    "enum": ["open", "asks", "closed", None],
}
_REACH: Final[dict[str, Schema]] = {
    "writers": maybe(DOOR),
    "inviters": maybe(DOOR),
    "writing": _ENTRY,
    "inviting": _ENTRY,
}
_SHARED: Final = record({"id": TEXT, "kind": words("group", "direct"), "title": MAYBE_TEXT})
_LIMITED: Final = record(
    {
        "domain": TEXT,
        "how": words("refused", "refused-in", "refused-out", "requests", "held", "slowed"),
        "reason": MAYBE_TEXT,
        "since": MAYBE_TIME,
    }
)

NAMED: Final[dict[str, Schema]] = {
    "Person": record(PERSON, **MAYBE_ENDED),
    "Resolved": record(
        PERSON,
        aware=FLAG,
        software=MAYBE_TEXT,
        takes_one=FLAG,
        people_max=MAYBE_NUMBER,
        warnings=listed(reference("Warning")),
        **MAYBE_ENDED,
        **_REACH,
    ),
    "Follow": record(
        {**PERSON, "state": words("pending", "accepted"), "mutual": FLAG},
        **SEEN,
    ),
    "Profile": record(
        {
            **PERSON,
            "bio": TEXT,
            "fields": listed(FIELD),
            "host": TEXT,
            "software": MAYBE_TEXT,
            "aware": FLAG,
            "following": {"type": ["string", "null"], "enum": ["pending", "accepted", None]},
            "follows_me": FLAG,
            "blocked": FLAG,
            "muted": FLAG,
            **_REACH,
            "shared": listed(_SHARED),
        },
        **SEEN,
    ),
    "LostContact": record(
        {
            "person": maybe(reference("Person")),
            "host": TEXT,
            "why": words("we_refuse", "they_refuse", "unreachable", "account_ended"),
            "reason": MAYBE_TEXT,
            "since": TIME,
            "conversations": listed(_SHARED),
        }
    ),
    "Warning": record({"kind": TEXT, "acct": TEXT, "text": TEXT}),
    "Report": record(
        {
            "id": TEXT,
            "accused": reference("Person"),
            "comment": TEXT,
            "messages": NUMBER,
            "forwarded": FLAG,
            "created": TIME,
        }
    ),
}

# What a request brings, by method and path below the base.
BODIES: Final[dict[tuple[str, str], Schema]] = {
    ("POST", "/people/resolve"): record({"acct": TEXT}, check=FLAG),
    ("POST", "/follows"): record({"acct": TEXT}),
    ("POST", "/blocks"): record({"acct": TEXT}),
    ("POST", "/mutes"): record({"acct": TEXT}),
    ("POST", "/host_blocks"): record({"host": TEXT}),
    ("DELETE", "/blocks"): record({"acct": TEXT}),
    ("POST", "/reports"): record(
        {"acct": TEXT}, message_ids=listed(TEXT), comment=TEXT, forward=FLAG
    ),
}

# What is answered: a status and the schema of its body, or None where there is none.
ANSWERS: Final[dict[tuple[str, str], tuple[int, Schema | None]]] = {
    ("GET", "/people"): (200, page_of("Person")),
    ("POST", "/people/resolve"): (200, reference("Resolved")),
    ("GET", "/people/{acct}"): (200, reference("Profile")),
    ("GET", "/follows"): (200, page_of("Follow")),
    ("GET", "/followers"): (200, page_of("Follow")),
    ("GET", "/followers/requests"): (200, page_of("Follow")),
    ("POST", "/followers/requests/{acct}/accept"): (204, None),
    ("POST", "/followers/requests/{acct}/decline"): (204, None),
    ("POST", "/follows"): (201, reference("Follow")),
    ("DELETE", "/follows/{acct}"): (204, None),
    ("GET", "/blocks"): (200, page_of("Person")),
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
    ("GET", "/lost_contacts"): (200, page_of("LostContact")),
    ("GET", "/mutes"): (200, page_of("Person")),
    ("POST", "/mutes"): (201, reference("Person")),
    ("DELETE", "/mutes/{acct}"): (204, None),
    ("POST", "/reports"): (201, reference("Report")),
}

# What a query string may say.
QUERIES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("GET", "/people"): ("q", "limit"),
    ("GET", "/people/{acct}/picture"): ("v",),
    ("GET", "/follows"): ("limit", "before"),
    ("GET", "/followers"): ("limit", "before"),
    ("GET", "/followers/requests"): ("limit", "before"),
    ("GET", "/blocks"): ("limit", "before"),
    ("GET", "/mutes"): ("limit", "before"),
    ("GET", "/host_blocks"): ("limit", "before"),
    ("GET", "/limited_servers"): ("limit", "after"),
    ("GET", "/lost_contacts"): ("limit", "after"),
}

"""PURE: what the API takes and answers to who runs the node."""

from typing import Final

from node.covey_api.schemas.shapes import (
    FLAG,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
    OBJECT,
    PERSON,
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
    "Peer": record(
        {
            "host": TEXT,
            "state": words("ok", "failing"),
            "step": NUMBER,
            "failing_since": MAYBE_TIME,
            "next_try": MAYBE_TIME,
            "last_ok": MAYBE_TIME,
            "last_heard": MAYBE_TIME,
            "last_error": TEXT,
            "waiting": NUMBER,
            "parked": NUMBER,
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
            "attempts": NUMBER,
            "last_status": NUMBER,
            "reason": TEXT,
            "created": TIME,
            "due": TIME,
        }
    ),
    "Listed": record(
        {
            **PERSON,
            "role": words("owner", "admin", "moderator", "member"),
            "state": words("active", "suspended", "deleted"),
            "created": TIME,
        }
    ),
    "Deed": record(
        {
            "number": NUMBER,
            "at": TIME,
            "who": MAYBE_TEXT,
            "face": words("api", "web", "cli", "system"),
            "act": TEXT,
            "about": TEXT,
            "detail": TEXT,
            "hash": TEXT,
            "intact": FLAG,
        }
    ),
    "Case": record(
        {
            "id": TEXT,
            "reporter": reference("Person"),
            "accused": reference("Person"),
            "local": FLAG,
            "comment": TEXT,
            "messages": listed(record({"uri": TEXT}, text=MAYBE_TEXT, published=MAYBE_TIME)),
            "forwarded": FLAG,
            "created": TIME,
            "closed": MAYBE_TIME,
            "closed_by": maybe(reference("Person")),
        }
    ),
}

# What a request brings, by method and path below the base.
BODIES: Final[dict[tuple[str, str], Schema]] = {
    ("PUT", "/admin/policy/domains/{domain}"): record({}, reason=TEXT),
}

# What is answered: a status and the schema of its body, or None where there is none.
ANSWERS: Final[dict[tuple[str, str], tuple[int, Schema | None]]] = {
    ("GET", "/admin/reports"): (200, page_of("Case")),
    ("GET", "/admin/reports/{report}"): (200, reference("Case")),
    ("POST", "/admin/reports/{report}/close"): (200, reference("Case")),
    ("GET", "/admin/policy/domains"): (200, record({"items": listed(OBJECT)})),
    ("GET", "/admin/policy/domains/{domain}"): (200, OBJECT),
    ("PUT", "/admin/policy/domains/{domain}"): (200, OBJECT),
    ("DELETE", "/admin/policy/domains/{domain}"): (204, None),
    ("GET", "/admin/queue"): (
        200,
        record(
            {
                "rows": OBJECT,
                "lanes": OBJECT,
                "inbox": OBJECT,
                "oldest": MAYBE_TIME,
                "items": listed(reference("Owed")),
            }
        ),
    ),
    ("GET", "/admin/audit"): (200, page_of("Deed")),
    ("GET", "/admin/accounts"): (200, page_of("Listed")),
    ("GET", "/admin/peers"): (200, page_of("Peer")),
}

# What a query string may say.
QUERIES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("GET", "/admin/reports"): ("state", "limit", "before"),
    ("GET", "/admin/queue"): ("limit", "after"),
    ("GET", "/admin/audit"): ("limit", "before"),
    ("GET", "/admin/accounts"): ("limit", "after"),
    ("GET", "/admin/peers"): ("limit", "after"),
}

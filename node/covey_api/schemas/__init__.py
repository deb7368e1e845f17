"""PURE: the JSON Schemas of what the API takes and answers, each where its resource is."""

from collections.abc import Mapping
from typing import Any, Final

from node.covey_api.schemas import admin, conversations, me, membership, messages, people
from node.covey_api.schemas.shapes import NUMBER, TEXT, Schema, record

NAMED: Final[dict[str, Schema]] = {
    **me.NAMED,
    **people.NAMED,
    **conversations.NAMED,
    **membership.NAMED,
    **messages.NAMED,
    **admin.NAMED,
    "Problem": record({"type": TEXT, "title": TEXT, "status": NUMBER}, detail=TEXT),
}

# What a request brings, by method and path below the base.
BODIES: Final[dict[tuple[str, str], Schema]] = {
    **me.BODIES,
    **people.BODIES,
    **conversations.BODIES,
    **membership.BODIES,
    **messages.BODIES,
    **admin.BODIES,
}

# What a form brings, likewise.
FORMS: Final[dict[tuple[str, str], Schema]] = {
    **me.FORMS,
    **conversations.FORMS,
    **messages.FORMS,
}

# What answers with a picture and not with a document.
PICTURES: Final = frozenset(
    {("GET", "/people/{acct}/picture"), ("GET", "/conversations/{id}/picture")}
)

# What is answered: a status and the schema of its body, or None where there is none.
ANSWERS: Final[dict[tuple[str, str], tuple[int, Schema | None]]] = {
    **me.ANSWERS,
    **people.ANSWERS,
    **conversations.ANSWERS,
    **membership.ANSWERS,
    **messages.ANSWERS,
    **admin.ANSWERS,
}

# Where another status is a success as well: what is there already, or waits for another node.
ALSO: Final[dict[tuple[str, str], int]] = {
    **conversations.ALSO,
    **membership.ALSO,
    **messages.ALSO,
}

# What a query string may say.
QUERIES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    **people.QUERIES,
    **conversations.QUERIES,
    **membership.QUERIES,
    **messages.QUERIES,
    **admin.QUERIES,
}

# What a parameter of a query string is; one that is not here is a text.
PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "limit": NUMBER,
    "has": {"type": "array", "items": {"enum": ["file", "link"]}},
}

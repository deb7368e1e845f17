"""PURE: the words in which the JSON Schemas of the API are written."""

from typing import Any, Final

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
TIME: Final[Schema] = {"type": "string", "format": "date-time"}
FLAG: Final[Schema] = {"type": "boolean"}
NUMBER: Final[Schema] = {"type": "integer"}
OBJECT: Final[Schema] = {"type": "object"}
BINARY: Final[Schema] = {"type": "string", "format": "binary"}
MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
MAYBE_NUMBER: Final[Schema] = {"type": ["integer", "null"]}
MAYBE_TIME: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
PATH: Final[Schema] = {
    "type": "string",
    "format": "uri-reference",
    "description": "a path on this node",
}


def reference(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    """This, or null."""
    return {"oneOf": [schema, {"type": "null"}]}


def listed(schema: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": schema}


def page_of(name: str) -> Schema:
    """What a list answers: a page of what has this name."""
    return record({"items": listed(reference(name))})


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
DOOR: Final = words("anyone", "requests", "contacts")

PERSON: Final = {"acct": TEXT, "uri": TEXT, "name": TEXT}
# Of who has a picture and is no stranger to the caller; and of whose account is no more.
SEEN: Final[dict[str, Schema]] = {"picture": PATH}
MAYBE_ENDED: Final[dict[str, Schema]] = {**SEEN, "deleted": FLAG}

# What stands in a profile beside the text.
FIELD: Final = record({"name": TEXT, "value": TEXT})

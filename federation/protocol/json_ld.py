"""What JSON-LD lets a peer write in several shapes is read as one, without a JSON-LD processor."""

from typing import Any

from federation.protocol.vocabulary import PUBLIC_SPELLINGS


def as_list(value: object) -> list[Any]:
    """Answer the values of a property: none, one, or many."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def id_of(value: object) -> str:
    """Answer the id of a link or an embedded object, as it stands there; "" if it has none."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def type_of(value: object) -> str:
    """Answer the one type of an embedded object; "" for a bare link, no type or several."""
    found = value.get("type") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def ids_of(value: object) -> tuple[str, ...]:
    """Answer the ids of a property's values in their order; values without id are left out."""
    return tuple(found for item in as_list(value) if (found := id_of(item)))


def is_public(uri: str) -> bool:
    """Say whether it is one of the three spellings of Public."""
    return uri in PUBLIC_SPELLINGS

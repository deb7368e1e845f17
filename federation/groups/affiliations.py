"""The member list of a document is read into a map from actor to role, or refused as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation.groups.state import ROLES
from federation.protocol import json_ld, uri
from federation.protocol.errors import RemoteProtocolError


@dataclass(frozen=True, slots=True)
class Relationship:
    """One person's role in one conversation."""

    subject: str
    role: str


def read_relationship(document: object, conversation: str) -> Relationship:
    """Read the Relationship of a person to a conversation.

    Raises:
        RemoteProtocolError: It is none, is about another conversation, or has no role of ours.

    Source: groups-protocol.md 3.3
    """
    if not isinstance(document, Mapping) or json_ld.type_of(document) != "Relationship":
        raise RemoteProtocolError("a member is not given by a Relationship")
    if json_ld.id_of(document.get("object")) != conversation:
        raise RemoteProtocolError("a Relationship is about another conversation")
    role = document.get("relationship")
    if not isinstance(role, str) or role not in ROLES:
        raise RemoteProtocolError("a Relationship has no known role", repr(role)[:80])
    return Relationship(read_actor_id(document.get("subject")), role)


def read_members(document: object, conversation: str) -> dict[str, str]:
    """Read affiliations, whole or embedded in epoch 1, into actor id and role.

    Raises:
        RemoteProtocolError: It is no list of Relationships, or names somebody twice.

    Source: groups-protocol.md 3.3
    """
    if not isinstance(document, Mapping):
        raise RemoteProtocolError("affiliations are not a collection")
    members: dict[str, str] = {}
    for item in _items(document):
        found = read_relationship(item, conversation)
        if found.subject in members:
            raise RemoteProtocolError("affiliations name somebody twice", found.subject)
        members[found.subject] = found.role
    return members


def read_actor_id(value: object) -> str:
    """Read an id that enters the state hash, so that it must come in its one spelling.

    Raises:
        RemoteProtocolError: It is no such id.
    """
    text = json_ld.id_of(value)
    # Plain http passes: whether this node lets it in was asked when the activity came in.
    if uri.canonical(text, allow_http=True) != text:
        raise RemoteProtocolError("an actor id is not in its canonical spelling", text[:80])
    return text


def _items(document: Mapping[str, Any]) -> list[Any]:
    if "orderedItems" in document:
        return json_ld.as_list(document["orderedItems"])
    if "items" in document:
        return json_ld.as_list(document["items"])
    raise RemoteProtocolError("affiliations have no items")

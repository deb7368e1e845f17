"""What a state change says, verb by verb, is read into one value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from federation.groups.affiliations import Relationship, read_members, read_relationship
from federation.groups.description import Description, read_description
from federation.protocol import json_ld, uri
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError


@dataclass(frozen=True, slots=True)
class Basis:
    """One activity that a change answers; for display, audit and consent, verified by nobody."""

    id: str
    type: str
    actor: str


@dataclass(frozen=True, slots=True)
class Founded:
    """Epoch 1: everything there is to know."""

    description: Description
    members: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """Somebody gets a role: joins, is promoted, demoted or banned."""

    subject: str
    role: str


@dataclass(frozen=True, slots=True)
class RoleTaken:
    """Somebody has no role any more; `role` is what the document says it was."""

    subject: str
    role: str


@dataclass(frozen=True, slots=True)
class Redescribed:
    """Name, icon, settings or successors are others."""

    description: Description


@dataclass(frozen=True, slots=True)
class Ended:
    """The group is closed, or goes on as another conversation."""


Effect = Founded | RoleGiven | RoleTaken | Redescribed | Ended


def read_effect(activity: Activity) -> Effect:
    """Read the object of a state change.

    Raises:
        RemoteProtocolError: No state change has this type, or the object has another shape.

    Source: groups-protocol.md 4.1
    """
    read = _READERS.get(activity.type)
    if read is None:
        raise RemoteProtocolError("no state change has this type", activity.type[:80])
    return read(activity)


def read_basis(document: Mapping[str, Any]) -> tuple[Basis, ...]:
    """Read `chatBasis`; what has no id is left out."""
    return tuple(
        Basis(found, json_ld.type_of(item), json_ld.id_of(item.get("actor")))
        for item in json_ld.as_list(document.get("chatBasis"))
        if isinstance(item, Mapping) and (found := json_ld.id_of(item))
    )


def read_heads(activity: Activity) -> dict[str, int]:
    """Read `chatHeads`, log to number, whose form the parser has checked."""
    heads = activity.document.get("chatHeads") or {}
    return {uri.canonical(log, allow_http=True): number for log, number in heads.items()}


def _founded(activity: Activity) -> Founded:
    _require_own(activity)
    description = read_description(activity.object)
    # It is a mapping, or the line above had refused it.
    members = read_members(activity.object.get("affiliations"), activity.actor)
    return Founded(description, members)


def _role_given(activity: Activity) -> RoleGiven:
    found = _relationship(activity)
    return RoleGiven(found.subject, found.role)


def _role_taken(activity: Activity) -> RoleTaken:
    found = _relationship(activity)
    return RoleTaken(found.subject, found.role)


def _redescribed(activity: Activity) -> Redescribed:
    _require_own(activity)
    return Redescribed(read_description(activity.object))


def _ended(activity: Activity) -> Ended:
    _require_own(activity)
    return Ended()


def _relationship(activity: Activity) -> Relationship:
    # The affiliations' URL stands in the actor's document, not in the state; the object's type
    # already tells a change of members from a removal of a message.
    if not uri.same_origin(activity.target, activity.actor):
        raise RemoteProtocolError("a state change has a target of another origin", status=422)
    return read_relationship(activity.object, activity.actor)


def _require_own(activity: Activity) -> None:
    if activity.object_id != activity.actor:
        raise RemoteProtocolError("a state change is about another conversation")


_READERS: Final[Mapping[str, Callable[[Activity], Effect]]] = {
    "Create": _founded,
    "Add": _role_given,
    "Remove": _role_taken,
    "Update": _redescribed,
    "Delete": _ended,
    "Move": _ended,
}

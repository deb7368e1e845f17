"""What a conversation actor's document says about its group, as far as the state hash covers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from federation.groups.affiliations import read_actor_id
from federation.protocol import json_ld
from federation.protocol.errors import RemoteProtocolError

MAX_SUCCESSORS: Final = 5


@dataclass(frozen=True, slots=True)
class Description:
    """Everything in a state but its members and its place in the chain."""

    name: str
    icon: str | None
    settings: Mapping[str, Any]
    successors: tuple[str, ...]
    predecessor: str | None


def read_description(document: object) -> Description:
    """Read it from the actor, or from the object of a Create or Update.

    Raises:
        RemoteProtocolError: A property has the wrong shape, or name or settings are absent.

    Source: groups-protocol.md 4.1 and 4.2
    """
    if not isinstance(document, Mapping):
        raise RemoteProtocolError("a group is described by no object")
    name = document.get("name")
    if not isinstance(name, str):
        raise RemoteProtocolError("a group has no name")
    settings = document.get("chatSettings")
    if not isinstance(settings, Mapping):
        raise RemoteProtocolError("a group has no settings")
    predecessor = document.get("chatPredecessor")
    return Description(
        name=name,
        icon=_icon(document.get("icon")),
        settings=settings,
        successors=_successors(document.get("chatSuccessors")),
        predecessor=None if predecessor is None else read_actor_id(predecessor),
    )


def _icon(value: object) -> str | None:
    if value is None:
        return None
    url = value.get("url") if isinstance(value, Mapping) else None
    if not isinstance(url, str):
        raise RemoteProtocolError("a group's icon has no url")
    return url


def _successors(value: object) -> tuple[str, ...]:
    found = tuple(read_actor_id(item) for item in json_ld.as_list(value))
    if len(found) > MAX_SUCCESSORS:
        raise RemoteProtocolError("a group names too many successors")
    return found

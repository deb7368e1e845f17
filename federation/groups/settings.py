"""What a group's settings mean; a value that nobody knows means the tightest one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from federation.groups.state import ADMIN, MEMBER_ROLES

# What a group is made with. Keys beyond these stay in the state as they were sent.
DEFAULTS: Final[Mapping[str, Any]] = {"history": "invited", "invite": "moderator", "relay": True}

_HISTORY: Final = ("invited", "joined", "shared")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings this profile knows.

    Attributes:
        history: How far back a member may read at home: "invited", "joined" or "shared".
        invite: The lowest role that may invite.
        relay: Whether home relays partial legacy messages.
    """

    history: str
    invite: str
    relay: bool


def read_settings(sent: Mapping[str, Any]) -> Settings:
    """Read `chatSettings`; an absent key has its default.

    Source: groups-protocol.md 3.2
    """
    known = {**DEFAULTS, **sent}
    return Settings(
        history=known["history"] if known["history"] in _HISTORY else "joined",
        invite=known["invite"] if known["invite"] in MEMBER_ROLES else ADMIN,
        relay=known["relay"] is True,
    )


DEFAULT: Final = read_settings({})


def is_known_value(key: str, value: object) -> bool:
    """Say whether a setting may be given this value; of keys that nobody knows, any."""
    if key == "history":
        return value in _HISTORY
    if key == "invite":
        return value in MEMBER_ROLES
    return key != "relay" or isinstance(value, bool)

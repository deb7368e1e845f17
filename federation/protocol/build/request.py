"""A member's wish goes to the conversation actor alone, as an activity of their own.

Source: groups-protocol.md 4.5, 5.2 and 5.3
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from federation.protocol.build.state_change import affiliations_of
from federation.protocol.json_ld import id_of
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks which conversation, under which id and when."""

    id: str
    actor: str
    conversation: str
    published: datetime


def take_role(asking: Asking, subject: str) -> dict[str, Any]:
    """Build the Remove that asks for somebody's removal or unban, without proof."""
    return {
        **_opening(asking, "Remove"),
        "object": subject,
        "target": affiliations_of(asking.conversation),
        **_closing(asking),
    }


def give_role(asking: Asking, subject: str, role: str) -> dict[str, Any]:
    """Build the Add that asks for a role or a ban, without proof."""
    return {
        **_opening(asking, "Add"),
        "object": {
            "type": "Relationship",
            "subject": subject,
            "relationship": role,
            "object": asking.conversation,
        },
        "target": affiliations_of(asking.conversation),
        **_closing(asking),
    }


def describe(asking: Asking, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Build the Update that asks for these properties of the conversation actor, without proof."""
    return {
        **_opening(asking, "Update"),
        "object": {"id": asking.conversation, "type": "Group", **changed},
        **_closing(asking),
    }


def close(asking: Asking) -> dict[str, Any]:
    """Build the Delete that asks for the end of the group, without proof."""
    return {**_opening(asking, "Delete"), "object": asking.conversation, **_closing(asking)}


def move(asking: Asking, target: str) -> dict[str, Any]:
    """Build the Move that asks home to go on elsewhere, or says that a successor does (12.2)."""
    return {
        **_opening(asking, "Move"),
        "object": asking.conversation,
        "target": target,
        **_closing(asking),
    }


def withdraw(asking: Asking, invite: Mapping[str, Any]) -> dict[str, Any]:
    """Build the Undo that takes an invitation back, without proof; it embeds the Invite whole."""
    return {
        **_opening(asking, "Undo"),
        "object": dict(invite),
        "to": [id_of(invite["target"]), asking.conversation],
        "published": format_time(asking.published),
    }


def join(asking: Asking, *, link: str, chat_log: str) -> dict[str, Any]:
    """Build the Join by a link, without proof; it names the log the person will write."""
    return {
        **_opening(asking, "Join"),
        "object": asking.conversation,
        "instrument": link,
        **_closing(asking),
        "chatLog": chat_log,
    }


def _opening(asking: Asking, verb: str) -> dict[str, Any]:
    return {"@context": CONTEXT, "id": asking.id, "type": verb, "actor": asking.actor}


def _closing(asking: Asking) -> dict[str, Any]:
    return {"to": [asking.conversation], "published": format_time(asking.published)}

"""A group's moderators remove a message: what a member asks, and what home tells everybody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from federation.protocol.build.state_change import Answered
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT


def ask_removal(
    actor: str,
    *,
    request_id: str,
    message: str,
    context: str,
    conversation: str,
    published: datetime,
) -> dict[str, Any]:
    """Build a member's request, without proof.

    Source: groups-protocol.md 4.5
    """
    return {
        "@context": CONTEXT,
        "id": request_id,
        "type": "Remove",
        "actor": actor,
        "object": message,
        "target": context,
        "to": [conversation],
        "published": format_time(published),
    }


def removal(
    conversation: str,
    *,
    notice_id: str,
    message: str,
    context: str,
    basis: Sequence[Answered],
    published: datetime,
) -> dict[str, Any]:
    """Build a removal notice, without proof; its target tells it from a state change.

    Source: groups-protocol.md 7
    """
    return {
        "@context": CONTEXT,
        "id": notice_id,
        "type": "Remove",
        "actor": conversation,
        "object": message,
        "target": context,
        "to": [f"{conversation}/affiliations"],
        "chatBasis": [{"id": one.id, "type": one.type, "actor": one.actor} for one in basis],
        "published": format_time(published),
    }

"""A person leaves a group by the last entry of their log."""

from datetime import datetime
from typing import Any

from federation.protocol.build.note import GroupPlace, LogPlace, log_terms
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT


def leave(
    actor: str, *, activity_id: str, place: GroupPlace, log: LogPlace, published: datetime
) -> dict[str, Any]:
    """Build the Leave, without proof. It also goes to all aware members, whom `to` does not name.

    Source: groups-protocol.md 4.6
    """
    return {
        "@context": CONTEXT,
        "id": activity_id,
        "type": "Leave",
        "actor": actor,
        "object": place.actor.uri,
        "to": [place.actor.uri],
        "context": place.context,
        "published": format_time(published),
        "chatEpoch": place.epoch,
        "chatState": place.state,
        **log_terms(log),
    }

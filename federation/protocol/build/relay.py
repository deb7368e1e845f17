"""Home passes on what an unaware member wrote, whole and as it came, in a wrapper of its own.

Source: groups-protocol.md 10
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from federation.protocol.build.conversation import history_of
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT


def wrap(
    conversation: str,
    activity: Mapping[str, Any],
    *,
    relay_id: str,
    to: Sequence[str],
    signed_by: str,
    received_at: datetime,
) -> dict[str, Any]:
    """Build the wrapper, without proof.

    Args:
        conversation: The conversation actor.
        activity: What the member's server sent, with every property that it had.
        relay_id: The wrapper's own id.
        to: Whom it is passed on to; the member list for what everybody may read.
        signed_by: The key of the request that brought it, "" if it was fetched.
        received_at: When it came.
    """
    history = history_of(conversation)
    return {
        "@context": CONTEXT,
        "id": relay_id,
        "type": "Add",
        "actor": conversation,
        "object": activity,
        "target": {"id": history, "type": "OrderedCollection", "attributedTo": conversation},
        "chatRelay": {
            "receivedAt": format_time(received_at),
            **({"signedBy": signed_by} if signed_by else {}),
        },
        "to": list(to),
        "published": format_time(received_at),
    }

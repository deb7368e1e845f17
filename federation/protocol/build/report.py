"""A report goes to another server in the node's own name, with ids and nobody's words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT


def flag(
    instance: str,
    accused: str,
    messages: Sequence[str],
    *,
    activity_id: str,
    published: datetime,
) -> dict[str, Any]:
    """Build the Flag of the node's actor, without proof.

    Who reported is not in it, and neither is what they wrote. The account stands first in the list,
    which is where it is looked for.

    Source: https://docs.joinmastodon.org/spec/activitypub/#Flag
    """
    return {
        "@context": CONTEXT,
        "id": activity_id,
        "type": "Flag",
        "actor": instance,
        "object": [accused, *messages],
        "to": [accused],
        "published": format_time(published),
    }

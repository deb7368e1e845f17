"""A message that somebody answers and nobody here has seen is asked for at its own origin.

Source: groups-protocol.md 9.3.4; delivery.md 6.8; security.md 6.7
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from federation.inbound.home_reader import NotNow
from federation.inbound.taking import Taker
from federation.pipeline.item import Received
from federation.protocol.json_ld import id_of
from federation.protocol.vocabulary import CONTEXT
from federation.remote.objects import Away, Fetched
from storage import memberships, messages
from storage.actors import StoredActor

ORIGIN: Final = "origin"
NOTE: Final = "Note"


@dataclass(frozen=True, slots=True)
class Asked:
    """A message that is asked for, after so many others that led to it."""

    uri: str
    steps: int


class ParentReader:
    """Fetches messages, signed by somebody who is addressed."""

    def __init__(self, taker: Taker) -> None:
        self._taker = taker

    async def find(
        self, conversation_id: str, uri: str, steps: int, now: datetime
    ) -> NotNow | None:
        """Take in the message with this id, if its author is not aware.

        What an aware author wrote is an entry of their log, which is read there with its proof.
        """
        signer = await self._signer(conversation_id)
        if not signer or await messages.by_uri([uri]):
            return None
        found = await self._taker.directory.fetcher.fetch_object(uri, as_signer=signer)
        if isinstance(found, Away):
            return NotNow(found.reason)
        if not isinstance(found, Fetched) or found.document.get("type") != NOTE:
            return None
        return await self._take(found, Asked(uri, steps), now)

    async def _take(self, found: Fetched, asked: Asked, now: datetime) -> NotNow | None:
        author = id_of(found.document.get("attributedTo"))
        speaker = await self._taker.directory.get(author) if author else None
        if isinstance(speaker, Away):
            return NotNow(speaker.reason)
        if not isinstance(speaker, StoredActor) or speaker.aware:
            return None
        activity = self._taker.read(_create(found.document, author))
        if activity is not None and activity.object_id == asked.uri:
            item = Received(activity, "", "", now, source=ORIGIN, steps=asked.steps)
            await self._taker.perform([item], now)
        return None

    async def _signer(self, conversation_id: str) -> str:
        """Somebody here who is in the conversation, "" if nobody is."""
        rows = await memberships.of_conversations([conversation_id])
        local = [row["actor_uri"] for row in rows if row["local"] and row["state"] == "joined"]
        return local[0] if local else ""


def _create(note: Mapping[str, Any], author: str) -> dict[str, Any]:
    """The Create that a fetched Note came with, as far as the Note tells it."""
    return {
        "@context": CONTEXT,
        "id": f"{id_of(note)}#create",
        "type": "Create",
        "actor": author,
        **{key: note[key] for key in ("to", "cc", "published") if key in note},
        "object": {key: value for key, value in note.items() if key != "@context"},
    }

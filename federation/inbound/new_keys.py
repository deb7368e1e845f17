"""That keys of ours are new is told as soon as this node may say anything."""

from datetime import datetime

from federation.inbound.departures import of_another_copy
from federation.inbound.home_reader import NotNow
from federation.pipeline import new_keys
from federation.pipeline.prepare import Tools
from storage.database import transaction


class NewKeys:
    """Tells those who know an actor of ours; what it does is done once it was handed over."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def tell(self, uri: str, now: datetime) -> NotNow | None:
        """An actor here signs with other keys than before."""
        if not self._tools.may_send():
            return of_another_copy(now)
        async with transaction():
            await new_keys.tell(uri, self._tools, now)
        return None

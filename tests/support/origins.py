"""Other servers' documents, without servers: what a repair fetches, and who is believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from federation.protocol.ownership import ProofStanding
from federation.remote.actors import Lookup
from federation.remote.objects import Away, Fetched, Found, NotThere
from storage import actors


@dataclass(slots=True)
class Origins:
    """A directory and its fetcher in one; what is not served is not there.

    Attributes:
        served: Documents by URL.
        away: Whether nobody can be reached.
        asked: Every URL fetched.
        met: Every actor asked for.
    """

    served: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    away: bool = False
    asked: list[str] = field(default_factory=list)
    met: list[str] = field(default_factory=list)

    @property
    def fetcher(self) -> "Origins":
        return self

    async def fetch_object(self, url: str) -> Found:
        self.asked.append(url)
        if self.away:
            return Away("away")
        document = self.served.get(url)
        return Fetched(url, document, "") if document is not None else NotThere(is_gone=False)

    async def fetch_page(self, url: str) -> Found:
        return await self.fetch_object(url)

    async def get(self, uri: str) -> Lookup:
        self.met.append(uri)
        if self.away:
            return Away("away")
        return await actors.find_actor(uri) or NotThere(is_gone=False)

    async def adopt(self, found: Fetched) -> Lookup:
        return await actors.find_actor(found.url) or NotThere(is_gone=False)


class Believing:
    """Holds every proof that is there to be one."""

    async def proof_standing(
        self, document: Mapping[str, Any], _actor: str, _now: datetime
    ) -> ProofStanding:
        return ProofStanding.HELD if document.get("proof") == "held" else ProofStanding.BROKEN

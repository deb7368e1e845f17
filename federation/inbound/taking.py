"""What was read elsewhere is believed by its own proofs, and takes the road like what arrived."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from federation.activities.kind import MESSAGE, Waiting
from federation.activities.situation import json_text
from federation.inbound.authenticate import Authenticator
from federation.inbound.status import NotKnownNow
from federation.keyring import public_half
from federation.pipeline import batch
from federation.pipeline.item import Received
from federation.pipeline.outcome import Outcome, PutOff
from federation.pipeline.prepare import Tools
from federation.protocol import proof, strict_json
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.ownership import ProofStanding
from federation.protocol.parse import parse_activity
from federation.remote.actors import Directory
from storage import activities, actor_keys, inbox_queue
from storage.database import transaction, wake
from storage.inbox_queue import NewEntry
from storage.tally import Tally

# Each of a page's items may rest on the one before.
ROUNDS_MAX: Final = 128


class Taker:
    """Reads documents that came in pages, and performs those that count."""

    def __init__(
        self,
        tools: Tools,
        authenticator: Authenticator,
        directory: Directory,
        *,
        allow_http: bool,
        tally: Tally | None = None,
    ) -> None:
        self.tally = tally or Tally()
        self.directory = directory
        self.tools = tools
        self.allow_http = allow_http
        self._authenticator = authenticator

    def read(self, item: object) -> Activity | None:
        """The activity that an item is, or None."""
        if not isinstance(item, dict):
            return None
        try:
            found = parse_activity(item, allow_http=self.allow_http)
        except RemoteProtocolError:
            return None
        return None if found.is_void else found

    def read_body(self, body: bytes) -> Activity | None:
        """The activity in the body of a request, or None."""
        try:
            return self.read(strict_json.loads(body))
        except RemoteProtocolError:
            return None

    async def holds(self, activity: Activity, now: datetime) -> bool | NotKnownNow:
        """Whether its actor stands behind an activity by a proof; one of ours by our own key."""
        space = self.tools.space
        if space.is_ours(activity.actor):
            return await _is_our_word(activity, now)
        await self.directory.get(activity.actor)
        standing = await self._authenticator.proof_standing(activity.document, activity.actor, now)
        return standing if isinstance(standing, NotKnownNow) else standing is ProofStanding.HELD

    async def perform(
        self, items: Sequence[Received], now: datetime
    ) -> list[tuple[Received, Outcome]]:
        """Take items down the road, in their order; what of ours is held already is left out.

        So is what is about a message that is not here: it waits for that in the inbox. The message
        may never come to those who may not read it, and keeps nothing else from being read.
        """
        wanted = await self._lacking(items)
        done: list[tuple[Received, Outcome]] = []
        for _ in range(ROUNDS_MAX):
            if not wanted:
                break
            async with transaction():
                report = await batch.run(wanted, self.tools, now)
                await inbox_queue.release(report.arrived, now)
                pairs = list(zip(wanted, report.outcomes, strict=True))
                early = [item.activity for item, outcome in pairs if self._is_early(item, outcome)]
                await self._set_aside(early, now)
            done += [
                (item, outcome)
                for item, outcome in pairs
                if not isinstance(outcome, PutOff) and not self._is_early(item, outcome)
            ]
            wanted = [item for item, outcome in pairs if isinstance(outcome, PutOff)]
        return done

    def _is_early(self, item: Received, outcome: Outcome) -> bool:
        waits = isinstance(outcome, Waiting) and outcome.kind == MESSAGE
        return waits and not self.tools.space.is_ours(item.activity.actor)

    async def _set_aside(self, early: Iterable[Activity], now: datetime) -> None:
        """Let entries wait in the inbox, as if they had come by themselves."""
        entries = [
            NewEntry(
                id=self.tools.new_id(),
                actor_uri=activity.actor,
                activity_id=activity.id,
                inbox="",
                body=json_text(activity.document).encode(),
                key_id="",
                signer="",
                proven=True,
                subject=activity.object_id,
                received_at=now,
            )
            for activity in early
        ]
        if entries:
            await inbox_queue.accept(entries)
            await wake("inbox")

    async def _lacking(self, items: Iterable[Received]) -> list[Received]:
        """What we made ourselves was never claimed as seen: its bytes say that it is here."""
        held, space = list(items), self.tools.space
        ours = [one.activity.id for one in held if space.is_ours(one.activity.actor)]
        kept = {row["id"] for row in await activities.by_id(ours)} if ours else set()
        return [one for one in held if one.activity.id not in kept]


async def _is_our_word(activity: Activity, now: datetime) -> bool:
    """Whether a key that our actor lists has made its proof, be it in use or retired."""
    method = proof.verification_method(activity.document)
    spki = await actor_keys.find_listed(method, activity.actor) if method is not None else None
    if spki is None:
        return False
    return proof.check_proof(activity.document, key=public_half(spki), now=now) is None

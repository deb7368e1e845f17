"""One signed request becomes a committed entry or a reason, by the steps of security.md 2.1.

The HTTP side (node/fediverse/inbox.py) has done step 0: one Host, media type, size, time.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from federation.activities.kind import Shape
from federation.activities.registry import BY_SHAPE, object_type_of
from federation.inbound.admission import Admission
from federation.inbound.authenticate import Authenticator, Speaker, lane_of
from federation.inbound.early import Early, Turned
from federation.inbound.form import fault_of_form
from federation.inbound.press import Press
from federation.inbound.questions import is_about_oneself, is_farewell, question_of
from federation.inbound.standing import Standings
from federation.inbound.status import (
    COMMITTED,
    Fault,
    Reply,
    dropped,
    reply_to,
)
from federation.inbound.typing import TypingNotices
from federation.outbound.typists import Typists
from federation.pipeline.item import Received
from federation.pipeline.needs import Needs, needs_of
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.ownership import Authenticated, Hearsay
from federation.protocol.signature.parsed import Request
from federation.protocol.signature.verify import Verified
from federation.protocol.verdict import Refused
from federation.remote.keys import Refusal
from storage import actors, conversations
from storage.group_commit import GroupCommit
from storage.inbox_queue import NewEntry

log = logging.getLogger(__name__)

# What only a member says: refused before the answer. A deletion counts from whoever made it.
STANDING_NEEDED: Final = frozenset({"Create", "Like", "Undo", "Update"})
# What home decides, and does not decide while it may have forgotten what it has signed.
DECIDED: Final = frozenset(
    {
        *("Accept", "Add", "Delete", "Invite", "Join", "Leave", "Move", "Reject", "Remove"),
        *("Undo", "Update"),
    }
)
RECOVERY_RETRY_S: Final = 60


@dataclass(frozen=True, slots=True)
class Arrived:
    """A body as it came, and the inbox it came to."""

    body: bytes
    inbox_owner: str


@dataclass(frozen=True, slots=True)
class Checks:
    """What else is asked before the answer: who is a member, and what rules say of who sends."""

    standings: Standings = field(default_factory=Standings)
    early: Early | None = None


class Receiver:
    """Takes requests to the inboxes of this node."""

    def __init__(
        self,
        authenticator: Authenticator,
        committer: GroupCommit[Admission, bool],
        new_id: Callable[[], str],
        clock: Callable[[], datetime],
        typists: Typists,
        checks: Checks | None = None,
    ) -> None:
        self._authenticator = authenticator
        self._committer = committer
        self._new_id = new_id
        self._clock = clock
        self._checks = checks or Checks()
        self._typing = TypingNotices(typists)
        self._press = Press()

    async def receive(self, request: Request, *, inbox_owner: str) -> Reply:
        """Answer one POST to an inbox.

        Args:
            request: As it was on the wire.
            inbox_owner: The owner of a personal or conversation inbox; "" for the shared one.

        Raises:
            StorageUnavailable: It cannot be committed now: 503.
        """
        body, now = request.body or b"", self._clock()
        if b'"Delete"' in body and await self._is_farewell_of_a_stranger(body):
            return dropped("a Delete of an actor that was never here")
        signer = await self._authenticator.signer_of(request, now)  # 2 to 8
        if not isinstance(signer, Verified):
            return await self._farewell(body, signer, now) or reply_to(signer)
        about = ""
        try:
            activity = self._authenticator.read(body)
            about = f"{activity.type} {activity.id}"
            arrived = Arrived(body, inbox_owner)
            judged: Admission | Reply | Turned = await self._judged(  # 9, 10
                activity, arrived, signer, now
            )
        except RemoteProtocolError as error:
            judged = reply_to(error)
        if isinstance(judged, Turned):
            await self._committed(Admission(None, None, "", now, decided=judged.decided))
            judged = judged.reply
        if isinstance(judged, Reply):
            return replace(judged, signer=signer.actor, about=about)
        return await self._committed(judged)  # 11

    async def _judged(
        self, activity: Activity, arrived: Arrived, signer: Verified, now: datetime
    ) -> Admission | Reply | Turned:
        """Whose word the body is, and what is to be committed of it."""
        if activity.is_void:
            return dropped("an inline context redefines a name")
        word = await self._authenticator.judge(activity, signer, now)
        if isinstance(word, Hearsay):
            question = question_of(activity)
            if question is None:
                return dropped("not the word of its actor")
            return Admission(None, question, lane_of(signer), now)
        if not isinstance(word, Authenticated):
            return reply_to(word)
        return await self._heard(word, arrived, signer, now)

    async def _heard(
        self, word: Authenticated, arrived: Arrived, signer: Verified, now: datetime
    ) -> Admission | Reply | Turned:
        """What is to be committed of the word of an actor."""
        activity = word.activity
        if activity.type == "ChatTyping":
            return await self._typing.hear(activity, now)
        if is_about_oneself(activity):
            return Admission(None, question_of(activity), lane_of(signer), now)
        needs = await self._needs_in(activity, arrived.inbox_owner, now)
        if isinstance(needs, Reply):
            return needs
        early = self._checks.early
        turned = await early.judge(activity, now) if early is not None else None
        if turned is not None:
            return turned
        self._authenticator.reader.note(arrived.body, needs.said)
        return self._admission(word, signer, arrived, needs.subject)

    async def _is_farewell_of_a_stranger(self, body: bytes) -> bool:
        """Whether an actor we have no row for deletes itself: nothing is fetched for that."""
        activity = self._farewell_in(body)
        return activity is not None and await actors.find_actor(activity.actor) is None

    def _farewell_in(self, body: bytes) -> Activity | None:
        """The activity by which an actor deletes itself, whoever has sent it."""
        try:
            activity = self._authenticator.read(body)
        except RemoteProtocolError:
            return None
        return activity if is_farewell(activity) else None

    async def _farewell(self, body: bytes, fault: Fault, now: datetime) -> Reply | None:
        """A self-Delete whose key is gone is true if the actor is: its own server is asked.

        Source: security.md 3
        """
        ending = {Refusal.GONE.value, Refusal.NOT_FOUND.value}
        if not isinstance(fault, Refused) or fault.reason not in ending:
            return None
        activity = self._farewell_in(body)
        if activity is None:
            return None
        if fault.reason == Refusal.NOT_FOUND.value:
            return dropped("a Delete whose key is not there")
        question = ("gone", activity.actor)
        return await self._committed(Admission(None, question, "", now))

    async def _needs_in(self, activity: Activity, inbox_owner: str, now: datetime) -> Needs | Reply:
        """Step 10, as far as it goes before the answer: what the document and our state show."""
        speaker = await self._authenticator.speaker(activity.actor, now)
        if speaker is None:
            return dropped("nothing is known of the actor")
        fault = fault_of_form(activity, speaker, now)
        if fault is not None:
            return fault
        needs = _read(activity, speaker, inbox_owner, now)
        if speaker.aware and activity.type in STANDING_NEEDED:
            verdict = await self._checks.standings.judge(activity, now)
            if isinstance(verdict, Refused):
                return reply_to(verdict)
        if activity.type in DECIDED and await conversations.is_recovering(needs.conversation_uris):
            return Reply(503, "home looks for what it has lost", retry_after_s=RECOVERY_RETRY_S)
        return await self._press.judge(activity, needs, now) or needs

    def _admission(
        self, word: Authenticated, signer: Verified, arrived: Arrived, subject: str
    ) -> Admission:
        activity, now = word.activity, self._clock()
        entry = NewEntry(
            id=self._new_id(),
            actor_uri=activity.actor,
            activity_id=activity.id,
            inbox=arrived.inbox_owner,
            body=arrived.body,
            key_id=signer.key_id,
            signer=signer.actor,
            proven=word.proven,
            subject=subject,
            received_at=now,
        )
        return Admission(entry, None, lane_of(signer), now)

    async def _committed(self, admission: Admission) -> Reply:
        await self._committer.submit(admission)
        return COMMITTED


def _read(activity: Activity, speaker: Speaker, inbox_owner: str, now: datetime) -> Needs:
    """What the activity names.

    Raises:
        RemoteProtocolError: Its meaning cannot be read.
    """
    needs = needs_of(Received(activity, inbox_owner, "", now))
    kind = BY_SHAPE.get(Shape(activity.type, object_type_of(activity), speaker.kind))
    if kind is not None and needs.said is None:
        kind.read(activity)
    return needs

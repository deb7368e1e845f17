"""Everything a handler may know besides the activity itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.activities.known import (
    AskedLately,
    KnownConversation,
    KnownFollow,
    KnownInvitation,
    KnownLink,
    KnownMessage,
    KnownReaction,
    KnownRelay,
    KnownTombstone,
    KnownUpload,
    ReadMessage,
    Relaying,
    Shared,
)
from federation.activities.roster import KnownActor
from federation.groups.order import Held
from federation.groups.reading import Window
from federation.policy.domains import NO_RULES, Rules
from federation.protocol import proof
from federation.protocol.build.conversation import Identity
from federation.protocol.namespace import Namespace


@dataclass(frozen=True, slots=True)
class Signer:
    """The proof key of one of our own actors."""

    actor: str
    method: str
    key: Ed25519PrivateKey

    def sign(self, document: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        """The document with this actor's proof (FEP-8b32)."""
        return proof.add_proof(document, key=self.key, method=self.method, created=at)


# PERF: a struct, since each message replaces some of its 46 values four times, which took 65 µs of
# a dataclass and takes 2 of this.
class Situation(msgspec.Struct, frozen=True):
    """What was loaded for one activity; its handler knows nothing else.

    Attributes:
        by_us: Whether a person of this node made the activity, so that deliveries are owed.
        speaker: The activity's actor.
        actors: Every actor that may be written to or named, by id.
        fresh: Local people whom the activity has not reached yet; "" stands for the node itself.
        inbox_owner: The owner of the personal inbox it came to, or "".
        known_to: Local people whom the speaker may write to or invite without asking first.
        approves_followers: Whether a follow of the local person it is for waits for their yes.
        open_follows: How many follows wait for it.
        closed_to: Local people who take no first message or no invitation of the speaker.
        answered: JSON texts of stored activities that it answers, by id.
        replies: Messages held here that answer the message this activity brings, and their own.
        readers: Local people who see a message, by its id on the wire.
        reactions: What stands below a message, by its id; undone ones too.
        tombstones: What is not to be shown, by its id, and on whose word.
        blocked_by: Local people who hide whoever said it, also if a home passes it on.
        receipts_to: Local people who show others how far they have read.
        newest: For a message of ours: the newest ones of its conversation, newest first.
        open_requests: How many strangers wait for the answer of the local person it is for.
        uploads: For a message of ours: what it is to show.
        signers: Proof keys of our actors that may have to answer.
        asked: How much the speaker has asked of the conversation's home, which is here, lately.
        turned_down_at: When the person invited has declined or left what the speaker had invited
            them to, if that was within `inviting.REPEAT_AFTER`.
        identity: What the document of a conversation of ours says at every epoch.
        link: The join link that is used, if there is one.
        absence: From when to when nothing passed between this node and any other, lately.
        held_hash: The hash kept of the epoch that the activity names, "" if there is none.
        source: "" for what arrived by itself, "home" for what was read in a group's history,
            "origin" for what its author's server was asked for and nobody has proven.
        invited_at: For what was read in a history: when members here were invited.
        home_epoch: For what was read in a history: the epoch when it came there.
        home_history: How far back the group let people read what came in that epoch.
        earlier: For somebody here who comes into a group of ours: what of before they may read.
        is_restored: Whether this node may have forgotten what its people have agreed to.
        shares: For what ends or moves an account: the conversations in which it is.
        read_of: Likewise, who sees the newest of its messages.
        moved_at: Likewise, when it moved last.
        aside: The group beside which a legacy message answers, reaching some of its members alone.
        unheard_answer: The invitation that somebody answers by writing to its inviter alone.
        software: What the hosts of unaware people run, by host; "" for who does not say.
        rules: What the operator keeps out.
        signed_by: The key of the request that brought it, "" if it was fetched.
        reports_lately: How many reports the speaker has made within a day, where it makes one.
        relay_of: At home, how the message that it is about was passed on.
        relaying: Of what a home has passed on: how.
    """

    now: datetime
    space: Namespace
    new_id: Callable[[], str]
    by_us: bool
    speaker: KnownActor
    actors: Mapping[str, KnownActor]
    fresh: frozenset[str]
    inbox_owner: str = ""
    conversation: KnownConversation | None = None
    invitation: KnownInvitation | None = None
    follow: KnownFollow | None = None
    answered: Mapping[str, str] = msgspec.field(default_factory=dict)
    messages: Mapping[str, KnownMessage] = msgspec.field(default_factory=dict)
    replies: tuple[Held, ...] = ()
    known_to: frozenset[str] = frozenset()
    closed_to: frozenset[str] = frozenset()
    approves_followers: bool = False
    open_follows: int = 0
    readers: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    reactions: Mapping[str, tuple[KnownReaction, ...]] = msgspec.field(default_factory=dict)
    tombstones: Mapping[str, tuple[KnownTombstone, ...]] = msgspec.field(default_factory=dict)
    blocked_by: frozenset[str] = frozenset()
    receipts_to: frozenset[str] = frozenset()
    newest: Sequence[KnownMessage] = ()
    open_requests: int = 0
    signers: Mapping[str, Signer] = msgspec.field(default_factory=dict)
    uploads: tuple[KnownUpload, ...] = ()
    asked: AskedLately = msgspec.field(default_factory=AskedLately)
    turned_down_at: datetime | None = None
    identity: Identity | None = None
    link: KnownLink | None = None
    absence: tuple[datetime, datetime] | None = None
    held_hash: str = ""
    source: str = ""
    invited_at: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    home_epoch: int = 0
    home_history: str = ""
    earlier: tuple[Window, ...] = ()
    is_restored: bool = False
    shares: tuple[Shared, ...] = ()
    read_of: tuple[ReadMessage, ...] = ()
    moved_at: datetime | None = None
    aside: KnownConversation | None = None
    unheard_answer: KnownInvitation | None = None
    software: Mapping[str, str] = msgspec.field(default_factory=dict)
    rules: Rules = NO_RULES
    signed_by: str = ""
    reports_lately: int = 0
    relay_of: KnownRelay | None = None
    relaying: Relaying | None = None

    def is_local(self, uri: str) -> bool:
        """Whether an actor belongs to this node."""
        return self.space.is_ours(uri)


def json_text(document: Mapping[str, Any]) -> str:
    """An activity's JSON text as it is stored and sent."""
    return msgspec.json.encode(document).decode()

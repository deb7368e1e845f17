"""What a conversation of ours shows to those who may see it: its actor and its collections.

`state` is the object that state_change.py describes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from federation.protocol.build.keys import ActorKeys, key_terms
from federation.protocol.build.state_change import (
    affiliations_of,
    description_terms,
    relationship,
    state_hash,
)
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT, PROFILE

_SUMMARY = "<p>Private group conversation. Reply to all to take part. Write LEAVE to leave.</p>"


@dataclass(frozen=True, slots=True)
class Identity:
    """What of a conversation actor stays the same at every epoch.

    Attributes:
        username: Its local name, of at least 80 random bits.
        domain: The account domain of its WebFinger name.
        founder: Who made it; this grants nothing.
    """

    username: str
    domain: str
    founder: str
    shared_inbox: str
    keys: ActorKeys
    created_at: datetime


def actor(state: Mapping[str, Any], *, identity: Identity, updated_at: datetime) -> dict[str, Any]:
    """Build the actor document at an epoch.

    It has neither followers nor following, which Mastodon and Pleroma would make use of.

    Source: groups-protocol.md 3.1
    """
    conversation = state["conversation"]
    return {
        "@context": CONTEXT,
        "id": conversation,
        "type": "Group",
        "chatProfile": PROFILE,
        "preferredUsername": identity.username,
        "webfinger": f"{identity.username}@{identity.domain}",
        "summary": _SUMMARY,
        **description_terms(state),
        "url": conversation,
        "inbox": f"{conversation}/inbox",
        "outbox": state_log_of(conversation),
        "endpoints": {"sharedInbox": identity.shared_inbox},
        "manuallyApprovesFollowers": True,
        "discoverable": False,
        "indexable": False,
        "attributedTo": identity.founder,
        "affiliations": affiliations_of(conversation),
        "context": context_of(conversation),
        "contextHistory": history_of(conversation),
        "chatEpoch": state["epoch"],
        "chatState": state_hash(state),
        **key_terms(conversation, identity.keys),
        "published": format_time(identity.created_at),
        "updated": format_time(updated_at),
    }


def preview(state: Mapping[str, Any], *, identity: Identity) -> dict[str, Any]:
    """Build what a join link shows: enough to ask home for entry, and how many are in there.

    Source: groups-protocol.md 5.3
    """
    conversation = state["conversation"]
    icon = {"icon": {"type": "Image", "url": state["icon"]}} if state["icon"] else {}
    return {
        "@context": CONTEXT,
        "id": conversation,
        "type": "Group",
        "chatProfile": PROFILE,
        "name": state["name"],
        **icon,
        "inbox": f"{conversation}/inbox",
        "endpoints": {"sharedInbox": identity.shared_inbox},
        **key_terms(conversation, identity.keys),
        "totalItems": sum(role != "outcast" for role in state["members"].values()),
    }


def affiliations(state: Mapping[str, Any]) -> dict[str, Any]:
    """Build the member list, outcasts included, on one page.

    Source: groups-protocol.md 3.3
    """
    conversation = state["conversation"]
    return {
        **_opening(affiliations_of(conversation), "OrderedCollection", conversation),
        "totalItems": len(state["members"]),
        "chatEpoch": state["epoch"],
        "chatState": state_hash(state),
        "orderedItems": [
            {**relationship(conversation, subject, role), "attributedTo": conversation}
            for subject, role in state["members"].items()
        ],
    }


def context(conversation: str, *, total: int) -> dict[str, Any]:
    """Build the head of the collection of message ids.

    Source: groups-protocol.md 3.4
    """
    address = context_of(conversation)
    return {
        **_opening(address, "OrderedCollection", conversation),
        "contextHistory": history_of(conversation),
        "totalItems": total,
        "first": f"{address}?after=0",
    }


def history(conversation: str, *, total: int) -> dict[str, Any]:
    """Build the head of the collection of whole activities."""
    return _head(history_of(conversation), conversation, total)


def state_log(conversation: str, *, total: int) -> dict[str, Any]:
    """Build the head of the state log, which is the actor's outbox."""
    return _head(state_log_of(conversation), conversation, total)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a collection.

    Attributes:
        after: The cursor it was asked by.
        items: At most 100, in ascending order.
        next_after: The cursor that follows, "" for no further page.
    """

    after: str
    items: Sequence[Any]
    next_after: str


def context_page(conversation: str, part: Slice) -> dict[str, Any]:
    """Build a page of message ids; every page has a `next`, the last too."""
    return _page(context_of(conversation), conversation, part)


def history_page(conversation: str, part: Slice) -> dict[str, Any]:
    """Build a page of whole activities as received; every page has a `next`, the last too."""
    return _page(history_of(conversation), conversation, part)


def state_log_page(conversation: str, part: Slice) -> dict[str, Any]:
    """Build a page of state changes after an epoch; the last has no `next`.

    Source: groups-protocol.md 4.3 and 9.2
    """
    return _page(state_log_of(conversation), conversation, part)


def context_of(conversation: str) -> str:
    """Answer the address of the message ids, by which messages name their group."""
    return f"{conversation}/context"


def history_of(conversation: str) -> str:
    """Answer the address of the whole activities."""
    return f"{conversation}/history"


def state_log_of(conversation: str) -> str:
    """Answer the address of the state changes."""
    return f"{conversation}/state"


def _opening(address: str, kind: str, conversation: str) -> dict[str, Any]:
    return {"@context": CONTEXT, "id": address, "type": kind, "attributedTo": conversation}


def _head(address: str, conversation: str, total: int) -> dict[str, Any]:
    return {
        **_opening(address, "OrderedCollection", conversation),
        "totalItems": total,
        "first": f"{address}?after=0",
    }


def _page(address: str, conversation: str, part: Slice) -> dict[str, Any]:
    following = {"next": f"{address}?after={part.next_after}"} if part.next_after else {}
    return {
        **_opening(f"{address}?after={part.after}", "OrderedCollectionPage", conversation),
        "partOf": address,
        "orderedItems": list(part.items),
        **following,
    }

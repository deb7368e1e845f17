"""An activity is one frozen record: whatever a handler reads stands here, checked for its form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

# Of a group: the tables hold no higher epoch.
EPOCH_MAX: Final = 2**31 - 1


# PERF: structs, since each message makes one of each (docs/decisions/0022).
class LogTerms(msgspec.Struct, frozen=True):
    """Where an entry stands in its author's log, and what its author knows of the others.

    Attributes:
        log: The log's id, on the author's origin.
        seq: The entry's number, from 1; 0 in an Accept or Join, which only names the log.
        prev: Id of the entry before; "" at the first.
        heads: Log id to the highest number known there.

    Source: groups-protocol.md 9.1
    """

    log: str
    seq: int
    prev: str
    heads: Mapping[str, int]


class Activity(msgspec.Struct, frozen=True):
    """What a document says, believed only for its form. Ids are canonical; "" means not there.

    Attributes:
        id: On the actor's origin; "" for ChatTyping, which has none.
        object: The raw value, a link or a whole document; None if absent.
        object_type: "" for a bare link.
        target: An id.
        to: Ids in their order, Public in its full spelling; what is no id is left out.
        published: None if absent or impossible, which an aware author's may not be.
        context: An id, or as it stood if it is no URL of ours (`tag:…`).
        log: None without `chatLog`; a state change has heads alone, and they stay in the document.
        epoch: `chatEpoch`.
        state: `chatState`.
        prev_state: `chatPrevState`.
        has_proof: Whether there is one; not that it holds.
        document: The whole document as received.
        is_void: An inline context gives a name that we read another meaning: 202, no effect.
    """

    id: str
    type: str
    actor: str
    object: Any
    object_id: str
    object_type: str
    target: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    published: datetime | None
    context: str
    log: LogTerms | None
    epoch: int | None
    state: str
    prev_state: str
    has_proof: bool
    document: Mapping[str, Any]
    is_void: bool = False

"""PURE: what a message answers and nobody here has seen is asked for.

Source: groups-protocol.md 9.3.4; security.md 6.8
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from federation.pipeline.accounts import cause_of
from federation.pipeline.item import Received
from federation.pipeline.outcome import Applied, Outcome
from federation.pipeline.prepare import Prepared
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import canonical
from storage.changes import AddMessage, Ask

# It may be on its way.
WAIT: Final = timedelta(seconds=10)
STEPS_MAX: Final = 10


def wanted(prepared: Sequence[Prepared], outcomes: Sequence[Outcome]) -> list[Ask]:
    """Questions for the messages that those of a batch answer, each once."""
    came = [
        (one, change)
        for one, outcome in zip(prepared, outcomes, strict=True)
        if isinstance(outcome, Applied)
        for change in outcome.changes
        if isinstance(change, AddMessage)
    ]
    brought = {change.uri for _, change in came}
    asks: dict[str, Ask] = {}
    for one, change in came:
        for ask in _of(one, change, brought):
            asks.setdefault(ask.subject, ask)
    return list(asks.values())


def _of(one: Prepared, change: AddMessage, brought: set[str]) -> Iterator[Ask]:
    item, situation = one.item, one.situation
    if not isinstance(item, Received) or situation is None or item.steps >= STEPS_MAX:
        return
    for uri in dict.fromkeys((change.in_reply_to, change.reply_to)):
        is_here = uri in situation.messages or uri in brought or situation.is_local(uri)
        if not is_here and _may_be_asked_for(uri):
            subject = f"{change.conversation_id} {item.steps + 1} {uri}"
            cause = cause_of(item.activity.actor, situation)
            yield Ask(situation.new_id(), "parent", subject, situation.now + WAIT, cause=cause)


def _may_be_asked_for(uri: str) -> bool:
    try:
        return bool(uri) and canonical(uri, allow_http=True) == uri
    except RemoteProtocolError:
        return False

"""An entry of a log that came, and what it shows of its conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from federation.activities.kind import MESSAGE, Waiting
from federation.activities.situation import Situation
from federation.pipeline.outcome import Applied, Ignored, KeptOut, Outcome
from federation.protocol.activity import Activity, LogTerms
from federation.protocol.uri import same_origin
from storage.changes import AddConversation, Change, PutMembership


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry that came, and what became of it."""

    activity: Activity
    terms: LogTerms
    situation: Situation
    outcome: Applied | Ignored | KeptOut | Waiting


def taken(activity: Activity, situation: Situation | None, outcome: Outcome) -> Taken | None:
    """The entry, if it is one and nobody will ask for it again.

    What is about a message that is not here waits for it in the inbox, and need not be asked for:
    whoever came later may never get that message.
    """
    terms = activity.log
    if terms is None or not terms.seq or situation is None:
        return None
    if isinstance(outcome, Waiting) and outcome.kind != MESSAGE:
        return None
    if not isinstance(outcome, Applied | Ignored | KeptOut | Waiting):
        return None
    return Taken(activity, terms, situation, outcome)


def place_of(entry: Taken) -> str:
    """Our id of the conversation that the entry belongs to, "" for none."""
    if entry.situation.conversation is not None:
        return entry.situation.conversation.id
    changes: Sequence[Change] = entry.outcome.changes if isinstance(entry.outcome, Applied) else ()
    return next((one.id for one in changes if isinstance(one, AddConversation)), "")


def may_be_a_members(uri: str, entry: Taken) -> bool:
    """Whether a log that nobody here has seen is on the origin of a member elsewhere."""
    if entry.situation.is_local(uri):
        return False
    return any(same_origin(uri, person) for person in _present(entry))


def _present(entry: Taken) -> Sequence[str]:
    """The people of the entry's conversation, which it may have opened itself."""
    if entry.situation.conversation is not None:
        return entry.situation.conversation.present()
    changes: Sequence[Change] = entry.outcome.changes if isinstance(entry.outcome, Applied) else ()
    return [one.person for one in changes if isinstance(one, PutMembership)]

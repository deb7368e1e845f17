"""What this node has decided about an activity, with the rules as they were then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.protocol import strict_json
from storage import policy_decisions


@dataclass(frozen=True, slots=True)
class DecidedView:
    """A decision.

    Attributes:
        person: For whom; "" for all.
        rule: By which it came, "" for none.
        tried: Each rule that was tried, with what came of it and its mode.
        facts: In words, never what people wrote.
    """

    at: datetime
    action: str
    person: str
    stage: str
    rule: str
    because: str
    tried: Sequence[Sequence[str]]
    facts: Mapping[str, object]


async def list_decided(activity: str) -> list[DecidedView]:
    """Every decision about an activity, the newest first."""
    return [
        DecidedView(
            *(one.at, one.action, one.person, one.stage, one.rule_id, one.because),
            _list(one.tried),
            strict_json.loads(one.facts.encode()),
        )
        for one in await policy_decisions.of_activity(activity)
    ]


def _list(written: str) -> Sequence[Sequence[str]]:
    found = strict_json.loads(f'{{"tried": {written}}}'.encode())["tried"]
    return found if isinstance(found, list) else []

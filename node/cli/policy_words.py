"""What `covey policy explain` prints: a decision, and each rule with what it asked for."""

from collections.abc import Iterator, Mapping, Sequence

from federation.policy.decision import Decision
from federation.policy.explain import Explained, in_words
from federation.policy.facts import Facts
from federation.protocol.timestamps import format_time


def document(
    decision: Decision, would: Decision, tried: Sequence[Explained], facts: Facts
) -> Mapping[str, object]:
    """As JSON: `result`, `if_enforced`, `facts` and `rules`.

    `if_enforced` is the result if what only observes were enforced; `rules` come in the order in
    which they count, for each host that answers for the activity.
    """
    return {
        "as_of": format_time(facts.now),
        "direction": facts.direction,
        "result": _result(decision),
        "if_enforced": _result(would),
        "facts": {key: in_words(key, value) for key, value in sorted(facts.known.items())},
        "rules": [
            {
                "id": each.rule.id,
                "file": each.rule.place.file,
                "line": each.rule.place.line or None,
                "stage": each.rule.stage.word,
                "mode": each.rule.mode.value,
                "host": each.host,
                "outcome": each.outcome,
                "reason": each.reason,
                "facts": each.facts,
            }
            for each in tried
        ],
    }


def lines(
    decision: Decision, would: Decision, tried: Sequence[Explained], facts: Facts
) -> Iterator[str]:
    """The same for people to read."""
    yield f"result: {_in_short(decision)}"
    if decision.rule is not None and decision.rule.public_reason:
        yield f"reason: {decision.rule.public_reason}"
    if _in_short(would) != _in_short(decision):
        yield f"if what observes were enforced: {_in_short(would)}"
    if decision.show:
        yield f"shown otherwise: {', '.join(sorted(decision.show))}"
    yield f"as of {format_time(facts.now)}, going {facts.direction}"
    yield from (f"fact {key}: {in_words(key, value)}" for key, value in sorted(facts.known.items()))
    yield "rules, in the order in which they count:"
    for each in tried:
        asked = ", ".join(f"{key} = {value}" for key, value in each.facts.items())
        mode = "" if each.rule.mode.value == "enforce" else f" ({each.rule.mode.value})"
        because = f": {each.reason}" if each.reason else ""
        host = f" [{each.host}]" if each.host else ""
        yield (
            f"  {each.rule.stage.word:<10} {each.rule.id}{mode}{host}  {each.outcome}{because}"
            f"{f'  ({asked})' if asked else ''}"
        )
    if not tried:
        yield "  none"


def _in_short(decision: Decision) -> str:
    if decision.rule is None:
        return f"{decision.action}: {decision.because}"
    return f"{decision.action}: {decision.because}, {decision.rule.id} ({decision.rule.place})"


def _result(decision: Decision) -> Mapping[str, object]:
    return {
        "action": decision.action,
        "because": decision.because,
        "rule": decision.rule.id if decision.rule else None,
        "host": decision.host,
        "show": sorted(decision.show),
        "failed": list(decision.failed),
        "skipped": [stage.word for stage in decision.skipped],
    }

"""What came before a campaign was seen is held as well, where nobody has opened it yet.

What somebody has accepted or read is never touched.

Source: policy.md 10
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from federation.pipeline.ruling import Means
from federation.policy.near_duplicates import Trace
from federation.policy.rule import Rule
from federation.protocol.uri import host_of
from storage import events, held, policy_decisions, pulling_back
from storage.database import Row, wake
from storage.events import NewEvent
from storage.held import HeldItem
from storage.policy_decisions import Decided

BECAUSE: Final = "what came later is like it"
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Pull:
    """Earlier messages of a campaign, and the rule that holds it."""

    rule: Rule
    traces: tuple[Trace, ...]


async def pull_back(pulls: Iterable[Pull], means: Means) -> int:
    """Hold what waits as a request nobody has opened; how many items. Inside a transaction."""
    count = 0
    for pull in pulls:
        wanted = {(one.activity_id, one.person) for one in pull.traces[-AT_ONCE:]}
        found = await pulling_back.places({one for one, _ in wanted}, {one for _, one in wanted})
        places = {
            (row["conversation_id"], row["actor_uri"])
            for row in found
            if (row["activity_id"], row["actor_uri"]) in wanted
        }
        for conversation_id, person in sorted(places):
            rows = await pulling_back.take_back(conversation_id, person)
            await held.add([_item(row, person, pull.rule, means) for row in rows])
            await policy_decisions.add([_decided(row, person, pull.rule, means) for row in rows])
            await events.append([NewEvent(person, "conversation", means.now, conversation_id)])
            await wake("event")
            count += len(rows)
    return count


def _item(row: Row, person: str, rule: Rule, means: Means) -> HeldItem:
    hold = rule.hold
    release: timedelta | None = hold.auto_release if hold is not None else None
    return HeldItem(
        id=means.new_id(),
        actor_uri=row["author_uri"],
        activity_id=row["activity_id"],
        person=person,
        host=host_of(row["author_uri"]),
        rule_id=rule.id,
        type="Create",
        facts="{}",
        inbox="",
        body=row["document"].encode(),
        key_id="",
        subject="",
        reports_max=hold.if_reports if hold is not None else None,
        due_at=means.now + release if release is not None else None,
        held_at=means.now,
    )


def _decided(row: Row, person: str, rule: Rule, means: Means) -> Decided:
    return Decided(
        id=means.new_id(),
        at=means.now,
        activity_id=row["activity_id"],
        actor_uri=row["author_uri"],
        host=host_of(row["author_uri"]),
        person=person,
        stage=rule.stage.word,
        action="hold",
        rule_id=rule.id,
        because=BECAUSE,
        tried="[]",
        facts="{}",
        version=means.version,
    )

"""What is asked for each message is found by an index, however much is stored."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.dialect import for_sqlite
from tests.storage.conftest import Templates
from tests.storage.test_prepared import PLACE, statements

# Tables that grow with what people say, and with whom.
LARGE = (
    *("activity", "author_log", "block", "conversation", "delivery", "event", "host_block"),
    *("inbox_entry", "log_entry", "mute"),
    *("member_span", "membership", "message", "recipient", "seen", "state_link"),
)
WALKS = re.compile(rf"SCAN (?:{'|'.join(LARGE)}|c|m|me|owed|r)\b(?! USING COVERING INDEX)")

# What walks through a whole table is asked by an operator, at a start, or a few times a day.
RARE = {
    "storage.conversations.UNREAD": "what a home is asked for every six hours",
    "storage.conversations.RECOVERING": "at the start of a restored copy",
    "storage.conversations.RECOVER_ALL": "when a restored copy goes on",
    "storage.inbox_aside.BY_STATE": "what an operator is told of the queue",
    "storage.gauges.GAPS": "what a scrape of the metrics is told",
    "storage.homes.SILENT": "which homes have been silent for days",
    "storage.invitations.FORGET_INVITED": "when a restored copy goes on",
    "storage.logs.GIVE_UP_OWN": "when a restored copy goes on",
    "storage.policy_preview.ATTACHED": "the preview of a rule, which stops after 20,000",
    "storage.policy_rules.GUESTS_LIKE": "the preview of a rule",
    "storage.policy_rules.MEMBERS_LIKE": "the preview of a rule",
    "storage.relays.REAP": "closed groups, by the upkeep",
    "storage.software.UNKNOWN_SINCE": "which servers to ask what they run, by the upkeep",
}


async def test_no_statement_walks_through_a_large_table(
    templates: Templates, tmp_path: Path
) -> None:
    url = await templates.copy("sqlite", tmp_path)
    found = dict(statements())

    with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
        walking = {name for name, text in found.items() if walks(connection, text)}

    assert walking == set(RARE)


def walks(connection: sqlite3.Connection, text: str) -> bool:
    values = dict.fromkeys(PLACE.findall(text))
    plan = connection.execute(f"EXPLAIN QUERY PLAN {for_sqlite(text).sql}", list(values))
    return any(WALKS.match(step[3]) for step in plan)


async def test_a_walk_is_noticed(templates: Templates, tmp_path: Path) -> None:
    url = await templates.copy("sqlite", tmp_path)

    with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
        assert walks(connection, "SELECT id FROM message WHERE html = $1")
        assert not walks(connection, "SELECT id FROM message WHERE uri = $1")

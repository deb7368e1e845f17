"""At the machine of a node one says yes or no to people who ask for an account."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from federation.commands import sign_ups
from federation.protocol import strict_json
from storage import database
from tests.cli.conftest import Covey

AT = datetime(2026, 9, 3, 12, tzinfo=UTC)


def wait(node: Path, *names: str) -> None:
    async def ask() -> None:
        async with database.opened(f"sqlite://{node.parent / 'covey.db'}"):
            for name in names:
                await sign_ups.ask(name, password_hash="x", reason="I read.", now=AT)

    asyncio.run(ask())


def test_people_wait_and_are_let_in_or_not(covey: Covey, node: Path) -> None:
    wait(node, "bo", "cy")

    listed = covey("user", "waiting", "--json", "--config", node).out
    approved = covey("user", "approve", "bo", "--config", node)
    rejected = covey("user", "reject", "cy", "--word", "We are full.", "--config", node)
    again = covey("user", "reject", "cy", "--config", node)

    found = strict_json.loads(b'{"items": %s}' % listed.encode())["items"]
    assert [(one["name"], one["reason"]) for one in found] == [("bo", "I read."), ("cy", "I read.")]
    assert (approved.status, approved.out) == (0, "bo has an account now\n")
    assert (rejected.status, rejected.out) == (0, "cy is refused\n")
    assert (again.status, len(again.err.splitlines())) == (1, 1)
    assert covey("user", "waiting", "--config", node).out == ""
    assert "bo" in covey("user", "list", "--config", node).out

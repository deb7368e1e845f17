"""What is done to run a node is written down with it, and cannot be rewritten unnoticed."""

from typing import Any

import pytest

from federation.commands import end_account
from federation.commands.deeds import MACHINE
from storage.database import run, transaction
from tests.support.api_node import START, ApiNode, Person

DOMAIN = "/admin/policy/domains/bad.example"


@pytest.fixture
async def owner(node: ApiNode) -> Person:
    token = await node.token("ana", "read", "write", "admin:read", "admin:write")
    return Person("ana", token, node.client)


async def log(owner: Person) -> list[Any]:
    return (await owner.get("/admin/audit")).items


async def block(owner: Person) -> None:
    assert (await owner.call("PUT", DOMAIN, {"reason": "spam"})).status == 200


async def fail_after_suspending(name: str) -> None:
    async with transaction():
        await end_account.suspend(name, START, MACHINE)
        raise RuntimeError


async def test_each_deed_is_written_with_who_did_it(owner: Person) -> None:
    await block(owner)
    assert (await owner.call("DELETE", DOMAIN)).status == 204
    await end_account.suspend("bo", START, MACHINE)

    newest = await log(owner)

    assert [(one["act"], one["about"], one["who"], one["face"]) for one in newest[:4]] == [
        ("account.suspended", "bo", None, "cli"),
        ("rule.ended", "bad.example", owner.uri, "api"),
        ("rule.set", "bad.example", owner.uri, "api"),
        ("account.added", "cy", None, "system"),
    ]
    assert newest[2]["detail"] == "spam"
    assert all(one["intact"] for one in newest)


async def test_what_is_refused_or_undone_is_not_written(owner: Person) -> None:
    await block(owner)
    before = await log(owner)

    assert (await owner.call("PUT", DOMAIN, {})).status == 409
    with pytest.raises(RuntimeError):
        await fail_after_suspending("bo")

    assert await log(owner) == before


async def test_who_looks_at_reported_messages_is_written_down(
    node: ApiNode, owner: Person, bo: Person, cy: Person
) -> None:
    made = await cy.post("/reports", acct=bo.acct)
    path = f"/admin/reports/{made.body['id']}"

    await owner.get("/admin/reports")
    await owner.get(path)
    await owner.post(f"{path}/close")

    acts = [(one["act"], one["about"]) for one in (await log(owner))[:3]]
    assert acts == [
        ("report.closed", made.body["id"]),
        ("report.shown", made.body["id"]),
        ("account.added", "cy"),
    ]


@pytest.mark.parametrize(
    ("tampering", "noticed"),
    [
        ("UPDATE audit SET about = 'good.example' WHERE n = 2", [2]),
        ("UPDATE audit SET at = at + 1 WHERE n = 4", [4]),
        ("DELETE FROM audit WHERE n = 2", [3]),
        ("UPDATE audit SET hash = prev_hash WHERE n = 3", [3, 4]),
        ("UPDATE audit SET n = 9 WHERE n = 4", [9]),
    ],
)
async def test_a_changed_row_is_noticed(owner: Person, tampering: str, noticed: list[int]) -> None:
    await block(owner)
    assert len(await log(owner)) == 4

    await run(tampering)

    found = await log(owner)
    assert sorted(one["number"] for one in found if not one["intact"]) == noticed


async def test_pages_follow_one_another(owner: Person, bo: Person) -> None:
    await block(owner)

    first = await owner.get("/admin/audit", limit="3")

    assert [one["number"] for one in first.items] == [4, 3, 2]
    assert all(one["intact"] for one in first.items)
    assert 'rel="next"' in first.headers["Link"]
    assert (await owner.get("/admin/audit", before="x")).status == 400
    assert (await bo.get("/admin/audit")).status == 403

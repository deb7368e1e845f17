"""Who runs the node reads who did what, and takes the log along."""

import json
import re

from storage.database import run
from tests.support.console import Console, at_console
from tests.support.live_node import LiveNode


async def test_deeds_are_told_newest_first_and_found(
    node: LiveNode, owner: Console, admin: Console
) -> None:
    await at_console(node, "cy")
    await owner.post("/admin/accounts/cy/role", role="moderator")
    await admin.post("/admin/invites", uses="3", days="2")

    page = await owner.get("/admin/audit")
    by_act = await owner.get("/admin/audit?act=invite")
    by_who = await owner.get("/admin/audit?who=olga@alpha.test")
    nobody = await owner.get("/admin/audit?who=%25&act=nothing")

    words = page.words
    assert words.index("Invitation made") < words.index("Role changed: cy")
    assert page.says("for 3 ada@alpha.test")
    assert by_act.says("Invitation made")
    assert not by_act.says("Role changed")
    assert by_who.says("Role changed")
    assert not by_who.says("Invitation made")
    assert nobody.says("Nothing is written down here.")
    assert not page.says("altered")


async def test_a_row_that_was_tampered_with_is_marked(node: LiveNode, owner: Console) -> None:
    await owner.post("/admin/invites", uses="3", days="2")
    await owner.post("/admin/invites", uses="4", days="2")
    await node.inside(run("UPDATE audit SET detail = '9' WHERE detail = '3'"))

    page = await owner.get("/admin/audit?act=invite")

    assert page.words.count("altered") == 1
    assert page.says("A row here is not as it was written")


async def test_the_whole_log_is_taken_along_and_that_is_written_down(owner: Console) -> None:
    for _ in range(3):
        await owner.post("/admin/invites", uses="3", days="2")

    page = await owner.post("/admin/audit/export")

    rows = [json.loads(line) for line in page.text.splitlines()]
    assert page.headers["Content-Type"] == "application/jsonl"
    assert "attachment" in page.headers["Content-Disposition"]
    assert rows[0]["act"] == "audit.exported"
    assert [row["act"] for row in rows].count("invite.created") == 3
    assert {row["intact"] for row in rows} == {True}
    assert [row["number"] for row in rows] == list(range(rows[0]["number"], 0, -1))


async def test_a_long_log_comes_in_pages(owner: Console) -> None:
    for _ in range(52):
        await owner.post("/admin/invites", uses="1", days="1")

    first = await owner.get("/admin/audit?act=invite")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    rest = await owner.get(following.replace("&amp;", "&"))
    odd = await owner.get("/admin/audit?before=x")

    assert first.words.count("Invitation made") == 50
    assert rest.words.count("Invitation made") == 2
    assert odd.words.count("Invitation made") > 2

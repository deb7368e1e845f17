"""Who runs the node invites people by links that end."""

import re

import pytest

from tests.support.console import Console
from tests.support.live_node import LiveNode

LINK = re.compile(r'value="(https://alpha\.test/sign-up/[^"]+)"')


async def test_a_link_is_made_shown_once_and_leads_in(owner: Console) -> None:
    page = await owner.post("/admin/invites", uses="5", days="14")
    (url,) = LINK.findall(page.text)

    again = await owner.get("/admin/invites")
    opened = await Console(owner.node, "nobody").get(url.removeprefix("https://alpha.test"))

    assert page.says("5 of 5 uses are left")
    assert LINK.findall(again.text) == []
    assert opened.status == 200
    (deed,) = await owner.deeds()
    assert (deed[0], deed[2], deed[3]) == ("invite.created", "5", "web")


@pytest.mark.parametrize(
    ("uses", "days"),
    [
        ("0", "7"),
        ("1001", "7"),
        ("1", "91"),
        ("1", "0"),
        ("-1", "7"),
        ("x", "7"),
        ("", ""),
        ("1", "9" * 9),
        ("\u0661", "7"),
    ],
)
async def test_numbers_that_cannot_be_make_no_link(owner: Console, uses: str, days: str) -> None:
    page = await owner.post("/admin/invites", uses=uses, days=days)

    assert page.status == 422
    assert page.says("A link is for 1 to 1000 people and for 1 to 90 days.")
    assert await owner.node.rows("SELECT * FROM sign_up_link") == []
    assert await owner.deeds() == []


async def test_a_link_is_withdrawn_once(node: LiveNode, owner: Console) -> None:
    page = await owner.post("/admin/invites", uses="1", days="7")
    (url,) = LINK.findall(page.text)
    (row,) = await node.rows("SELECT id FROM sign_up_link")

    done = await owner.post(f"/admin/invites/{row['id']}/revoke")
    again = await owner.post(f"/admin/invites/{row['id']}/revoke")

    assert (done.status, done.to) == (303, "/admin/invites")
    assert (again.status, again.says("That link has ended already.")) == (422, True)
    path = url.removeprefix("https://alpha.test")
    assert (await Console(node, "nobody").get(path)).status == 404
    assert [deed[0] for deed in await owner.deeds()] == ["invite.created", "invite.revoked"]


async def test_many_links_come_in_pages(node: LiveNode, owner: Console) -> None:
    for _ in range(52):
        await owner.post("/admin/invites", uses="1", days="7")

    first = await owner.get("/admin/invites")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    rest = await owner.get(following)

    assert first.text.count("/revoke") == 50
    assert rest.text.count("/revoke") == 2
    assert 'rel="next"' not in rest.text

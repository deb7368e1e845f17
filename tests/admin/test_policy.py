"""Who runs the node sees every rule, and what one would end before it holds."""

import json
import re
from urllib.parse import quote

import pytest

from federation.policy.domains import find_rule
from tests.admin.test_held import HOLD
from tests.support.console import Console, Page
from tests.support.live_node import LiveNode
from tests.support.network import Network

FILE = """
[[rule]]
id = "of-a-file"
stage = "actor"
when.actor_name = "(?i)casino"
action = "hold"
mode = "observe"
"""
PASTED = {
    "type": "Like",
    "actor": "https://bad.example/u/e",
    "id": "https://bad.example/1",
    "object": "https://alpha.test/m/1",
}
FORM = {
    "id": "bad",
    "domains": "bad.example\nworse.example",
    "action": "reject",
    "public_reason": "Harassment",
    "expires": "2099-01-01",
}


def seen(page: Page) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page.text)
    assert found is not None, page.words
    return found[1]


async def is_out(node: LiveNode, host: str) -> bool:
    await node.inside(node.node.parts.policy.refresh())
    return find_rule(node.node.parts.policy.rules(), host) is not None


async def make(owner: Console, **fields: str) -> Page:
    preview = await owner.post("/admin/policy/new", **fields)
    return await owner.post("/admin/policy/new", **fields, seen=seen(preview))


async def test_a_rule_is_looked_at_and_then_made(node: LiveNode, owner: Console) -> None:
    preview = await owner.post("/admin/policy/new", **FORM)
    before = await is_out(node, "bad.example")
    made = await owner.post("/admin/policy/new", **FORM, seen=seen(preview))

    assert preview.status == 200
    assert preview.says("This would end")
    assert not before
    assert (made.status, made.to) == (303, "/admin/policy/rules/bad")
    assert await is_out(node, "sub.worse.example")
    (deed,) = await owner.deeds()
    assert (deed[0], deed[1], deed[3]) == ("rule.added", "bad", "web")
    page = await owner.get(made.to)
    assert page.says('when.domain = ["bad.example", "worse.example"]')
    assert page.says('direction = "both"')


async def test_what_was_changed_since_it_was_looked_at_is_looked_at_again(
    node: LiveNode, owner: Console
) -> None:
    preview = await owner.post("/admin/policy/new", **FORM)

    other = {**FORM, "domains": "other.example"}
    again = await owner.post("/admin/policy/new", **other, seen=seen(preview))

    assert again.says("This would end")
    assert not await is_out(node, "other.example")


async def test_who_parts_people_types_the_domain(
    network: Network, node: LiveNode, owner: Console
) -> None:
    (there,) = await network.start("beta.test")
    al, bo = node.person("al"), there.person("bo")
    room = await al.start_conversation("tea", bo.acct)
    await network.settle()
    await bo.accept(room)
    await network.settle()
    fields = {"id": "beta", "domains": "beta.test", "action": "reject"}

    preview = await owner.post("/admin/policy/new", **fields)
    unsure = await owner.post("/admin/policy/new", **fields, seen=seen(preview))
    was_out = await is_out(node, "beta.test")
    made = await owner.post("/admin/policy/new", **fields, seen=seen(unsure), sure="beta.test")

    assert preview.says("1 person there is removed from groups here.")
    assert unsure.status == 422
    assert not was_out
    assert made.status == 303
    assert await is_out(node, "beta.test")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"domains": "alpha.test"}, "would reject this node"),
        ({"domains": ""}, "would reject everything"),
        ({"domains": "no/domain"}, "no domain like"),
        ({"id": "a b"}, "is no id"),
        ({"expires": "soon"}, "expires is no day like"),
        ({"more": "colour = 3"}, "colour is no key here"),
        ({"more": "= ="}, "That is no TOML"),
        ({"more": "notify_members = 3"}, "notify_members is true or false"),
        ({"action": "x"}, "action"),
    ],
)
async def test_what_is_no_rule_is_told_and_nothing_is_made(
    node: LiveNode, owner: Console, fields: dict[str, str], why: str
) -> None:
    page = await owner.post("/admin/policy/new", **FORM | fields)

    assert page.status == 422
    assert why in page.words
    assert 'name="seen"' not in page.text
    assert await node.rows("SELECT id FROM stored_rule") == []


async def test_a_rule_is_changed_ended_and_taken_back(node: LiveNode, owner: Console) -> None:
    await make(owner, **FORM, more='when.type = "Flag"\nstage = "behaviour"')
    path = "/admin/policy/rules/bad"
    text = '[[rule]]\nid = "bad"\nstage = "domain"\nwhen.domain = "x.example"\naction = "hold"\n'

    preview = await owner.post(path, text=text)
    saved = await owner.post(path, text=text, seen=seen(preview))
    two = await owner.post(path, text=text + text)
    ended = await owner.post(f"{path}/expire", at="2098-01-01")
    late = await owner.post(f"{path}/expire", at="soon")
    gone = await owner.post(f"{path}/revert", reason="They have moderators now")
    nothing = await owner.post(f"{path}/revert")

    assert saved.says("The rule holds.")
    assert "Write one rule" in two.words
    assert (ended.status, ended.says("2098-01-01")) == (200, True)
    assert late.status == 422
    assert (gone.status, gone.to, nothing.status) == (303, "/admin/policy", 404)
    assert [deed[0] for deed in await owner.deeds()] == [
        *("rule.added", "rule.changed", "rule.expired", "rule.reverted"),
    ]
    assert json.loads((await owner.deeds())[-1][2])["reason"] == "They have moderators now"
    assert await node.rows("SELECT id FROM stored_rule") == []


async def test_rules_are_listed_with_where_they_stand(node: LiveNode, owner: Console) -> None:
    await node.rules(FILE)
    await make(owner, **FORM)
    await node.block("blocked.example", "spam")

    page = await owner.get("/admin/policy")
    filed = await owner.get("/admin/policy?kind=file")
    observing = await owner.get("/admin/policy?kind=observing")
    found = await owner.get("/admin/policy?q=WORSE")
    none = await owner.get("/admin/policy?q=never&from=%00&kind=x")

    for words in ("of-a-file", "bad.example, worse.example", "Made here", "blocked.example"):
        assert page.says(words), page.words
    assert (filed.says("of-a-file"), filed.says("Harassment")) == (True, False)
    assert (observing.says("of-a-file"), observing.says("Harassment")) == (True, False)
    assert (found.says("of-a-file"), found.says("Harassment")) == (False, True)
    assert none.says("No rule is like that.")


async def test_a_decision_is_explained_from_what_is_pasted_or_was_recorded(
    network: Network, node: LiveNode, owner: Console
) -> None:
    al, dana = node.person("al"), network.legacy_peer()
    await al.arrive()
    await node.rules(HOLD)
    await dana.write_to(al.uri, "private words")
    await network.settle()
    (row,) = await node.rows("SELECT activity_id FROM policy_held")
    await make(owner, **FORM)
    await node.inside(node.node.parts.policy.refresh())

    recorded = await owner.get(f"/admin/policy/explain?recorded={quote(row['activity_id'])}")
    about = await owner.post("/admin/policy/explain", about="@eve@sub.bad.example")
    pasted = await owner.post(
        "/admin/policy/explain",
        activity=json.dumps(PASTED),
        facts="relation=stranger",
    )
    wrong = await owner.post("/admin/policy/explain", activity="{")
    odd = await owner.post("/admin/policy/explain", about="x.example", facts="colour=3")
    nothing = await owner.get("/admin/policy/explain?recorded=x")

    assert recorded.says("by the rule strangers")
    assert not recorded.says("private words")
    assert about.says("reject: ")
    assert pasted.says("reject: ")
    assert pasted.says("stranger")
    assert (wrong.status, odd.status) == (422, 422)
    assert nothing.says("Nothing is recorded of it")
    assert await node.rows("SELECT id FROM activity WHERE document LIKE '%Like%'") == []


async def test_a_server_is_limited_from_a_report(
    network: Network, node: LiveNode, owner: Console
) -> None:
    (there,) = await network.start("beta.test")
    al, bo = node.person("al"), there.person("bo")
    await bo.arrive()
    await al.start_conversation("tea", bo.acct)
    await network.settle()
    await al.must("POST", "/reports", {"acct": bo.acct, "comment": "rude"})
    (report,) = await node.rows("SELECT id FROM report")

    page = await owner.get(f"/admin/reports/{report['id']}")
    form = await owner.get("/admin/policy/new?domains=beta.test&action=request")
    made = await make(owner, id="limit-beta", domains="beta.test", action="request")

    assert "/admin/policy/new?domains=beta.test&amp;action=request" in page.text
    assert '<option value="request" selected>' in form.text
    assert made.status == 303

"""Who runs the node sees how it is with another server, tries it again, and keeps one out."""

import pytest

from tests.support.console import Console
from tests.support.live_node import LiveNode
from tests.support.network import Network


@pytest.fixture
async def beta(network: Network, node: LiveNode) -> LiveNode:
    """Another node, where bo is in a group of al's; it cannot be reached, and one message waits."""
    (there,) = await network.start("beta.test")
    al, bo = node.person("al"), there.person("bo")
    room = await al.start_conversation("tea", bo.acct)
    await network.settle()
    await bo.accept(room)
    await network.settle()
    network.cut("beta.test")
    await al.say(room, "private words")
    await network.settle()
    return there


async def test_servers_are_listed_and_found(beta: LiveNode, owner: Console) -> None:
    listed = await owner.get("/admin/peers")
    failing = await owner.get("/admin/peers?state=failing")
    found = await owner.get("/admin/peers?q=BETA")
    none = await owner.get("/admin/peers?q=gamma.test")
    odd = await owner.get("/admin/peers?q=%25%00&state=x&after=~")

    for page in (listed, failing, found):
        assert page.says("beta.test it ends connections early · since"), page.words
        assert page.says("Cannot be reached")
        assert page.says("1 delivery waits")
    assert none.says("No server is like that.")
    assert "/admin/peers/gamma.test?block=1" in none.text
    assert odd.status == 200
    assert beta.name == "beta.test"


async def test_one_server_is_told_all_about(beta: LiveNode, owner: Console) -> None:
    page = await owner.get("/admin/peers/beta.test")

    assert page.status == 200
    for words in ("Cannot be reached", "Last error", "Next try", "Known since", "1 delivery waits"):
        assert page.says(words), words
    assert not page.says("private words")
    assert beta.is_running


@pytest.mark.parametrize("host", ["10.0.0.1", "no domain", "a..b", "x%2Fy"])
async def test_what_is_no_server_is_not_there(owner: Console, host: str) -> None:
    assert (await owner.get(f"/admin/peers/{host.replace(' ', '%20')}")).status == 404


async def test_a_server_that_is_back_is_tried_at_once(
    network: Network, node: LiveNode, beta: LiveNode, owner: Console
) -> None:
    network.heal("beta.test")
    await network.settle()
    waiting = await node.rows("SELECT id FROM delivery WHERE state = 'pending'")

    page = await owner.post("/admin/peers/beta.test/retry")
    await network.settle()

    assert len(waiting) == 1
    assert page.says("1 delivery is due now.")
    assert await node.rows("SELECT id FROM delivery WHERE state = 'pending'") == []
    assert await owner.deeds() == [("queue.retried", "beta.test", "1 0", "web")]
    assert beta.is_running


async def test_a_block_is_previewed_confirmed_and_lifted(
    node: LiveNode, beta: LiveNode, owner: Console
) -> None:
    preview = await owner.get("/admin/peers/beta.test?block=1")
    unsure = await owner.post("/admin/peers/beta.test/block", public="spam")
    rules = await node.rows("SELECT * FROM policy_rule")
    done = await owner.post(
        "/admin/peers/beta.test/block", public="spam", private="case 7", domain=" Beta.test "
    )
    twice = await owner.post("/admin/peers/beta.test/block", domain="beta.test")
    listed = await owner.get("/admin/peers?state=blocked")
    lifted = await owner.post("/admin/peers/beta.test/unblock")
    again = await owner.post("/admin/peers/beta.test/unblock")

    assert preview.says("1 person there is removed from groups here. (1 group)")
    assert preview.says("1 delivery ends unsent.")
    assert (unsure.status, rules) == (422, [])
    assert unsure.says("Type the domain to block it all the same.")
    assert done.says("The domain is blocked.")
    assert done.says("Reason for ourselves: case 7")
    assert (twice.status, again.status) == (409, 404)
    assert listed.says("beta.test Blocked since")
    assert listed.says("spam")
    assert not listed.says("case 7")
    assert lifted.says("The domain is no longer blocked.")
    assert [deed[:3] for deed in await owner.deeds()] == [
        ("rule.set", "beta.test", "spam"),
        ("rule.noted", "beta.test", "case 7"),
        ("rule.ended", "beta.test", ""),
    ]
    assert beta.is_running


async def test_a_server_that_nobody_knows_is_blocked_without_more(owner: Console) -> None:
    page = await owner.post("/admin/peers/never.test/block", public="")
    own = await owner.post("/admin/peers/alpha.test/block", domain="alpha.test")

    assert page.says("The domain is blocked.")
    assert (own.status, own.says("That is this server's own domain.")) == (422, True)


async def test_reasons_that_are_too_long_change_nothing(node: LiveNode, owner: Console) -> None:
    public = await owner.post("/admin/peers/never.test/block", public="x" * 501)
    private = await owner.post("/admin/peers/never.test/block", private="x" * 1001)

    assert (public.status, private.status) == (422, 422)
    assert await node.rows("SELECT * FROM policy_rule") == []
    assert await owner.deeds() == []

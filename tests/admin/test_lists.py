"""Who runs the node sees what lists say, and adopts it, all or a part."""

from tests.network.test_subscribed_lists import AUTO, LIST, is_out, named, read
from tests.support.console import Console
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.shelf import shelf


async def test_a_list_is_shown_and_adopted(
    network: Network, node: LiveNode, owner: Console
) -> None:
    server = shelf(network)
    server.files["/list.txt"] = named(3, "com")
    await node.rules(LIST)

    before = await owner.get("/admin/lists/partner")
    await read(node)
    listed = await owner.get("/admin/lists")
    page = await owner.get("/admin/lists/partner")
    one = await owner.post("/admin/lists/partner/adopt", only="bad1.example")
    nothing = await owner.post("/admin/lists/partner/adopt", only="never.example")
    await node.inside(node.node.parts.policy.refresh())

    assert before.says("Not read yet")
    assert listed.says("4 entries, 0 hold")
    assert listed.says("4 wait")
    for words in ("bad0.example", "needs a look com", "https://gts.test/list.txt", "waits for you"):
        assert page.says(words), page.words
    assert one.says("1 entry differs from before.")
    assert nothing.status == 404
    assert (is_out(node, "bad0.example"), is_out(node, "bad1.example")) == (False, True)

    every = await owner.post("/admin/lists/partner/adopt")
    await node.inside(node.node.parts.policy.refresh())
    assert every.says("2 entries differ from before.")
    assert is_out(node, "bad2.example")
    rules = await owner.get("/admin/policy?kind=list")
    assert rules.says("From the list partner")
    assert [deed[:2] for deed in await owner.deeds()] == [("list.adopted", "partner")] * 2


async def test_trouble_of_a_list_is_a_warning(
    network: Network, node: LiveNode, owner: Console
) -> None:
    server = shelf(network)
    server.files["/list.txt"] = named(20)
    await node.rules(AUTO)
    await read(node)
    server.files["/list.txt"] = b""
    soon = await owner.post("/admin/lists/partner/read")
    await read(node)

    page = await owner.get("/admin/lists/partner")
    listed = await owner.get("/admin/lists")
    overview = await owner.get("/admin")

    assert soon.says("It is read within seconds.")
    assert page.says("it takes back 20 of 20 entries at once")
    assert page.says("What it said before holds on.")
    assert listed.says("Needs a look")
    assert overview.says("1 list needs a look")
    assert is_out(node, "bad3.example")


async def test_what_is_no_list_is_not_there(node: LiveNode, owner: Console) -> None:
    assert (await owner.get("/admin/lists/x")).status == 404
    assert (await owner.post("/admin/lists/x/adopt")).status == 404
    assert (await owner.get("/admin/lists")).says("There are no lists in the configuration.")
    assert node.is_running

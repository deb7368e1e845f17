"""Who runs the node sees at once whether it needs them."""

from datetime import timedelta

from federation.commands.deeds import MACHINE
from node.identity.sign_up_link import create_sign_up_link
from node.restoration import RESTORED
from storage import shields
from storage.database import run
from storage.settings import put_setting
from tests.support.console import Console
from tests.support.live_node import LiveNode
from tests.support.network import Network


async def test_a_quiet_node_says_so(owner: Console) -> None:
    page = await owner.get("/admin")

    assert page.status == 200
    assert page.says("Nothing needs you.")
    assert page.says("0 deliveries wait")
    assert 'aria-current="page"' in page.text


async def test_raised_protection_is_told_until_it_ends(node: LiveNode, owner: Console) -> None:
    now = node.clock.now()
    await node.inside(shields.put(now, now + timedelta(hours=6), "a wave of spam", "v"))
    page = await owner.get("/admin")

    assert page.says("Protection is raised until")
    assert page.says("a wave of spam")
    await node.inside(shields.put(now, now, "", "w"))
    assert not (await owner.get("/admin")).says("Protection is raised until")


async def test_what_needs_somebody_is_counted(
    network: Network, node: LiveNode, owner: Console
) -> None:
    (beta,) = await network.start("beta.test")
    al, bo = node.person("al"), beta.person("bo")
    room = await al.start_conversation("tea", bo.acct)
    await network.settle()
    await bo.accept(room)
    await network.settle()
    network.cut("beta.test")
    await al.say(room, "private words")
    await network.settle()
    await al.must("POST", "/reports", {"acct": bo.acct, "comment": "rude"})
    await node.person("cy").arrive()
    await node.inside(run("UPDATE account SET state = 'suspended' WHERE name = 'cy'"))
    await node.inside(
        create_sign_up_link(
            node.base_url,
            uses=1,
            lifetime=timedelta(days=1),
            entropy=node.node.parts.entropy,
            by=MACHINE,
            now=node.clock.now(),
        )
    )

    page = await owner.get("/admin")

    for words in (
        *("1 open report", "1 server cannot be reached", "1 delivery waits"),
        *("The oldest waits since", "1 account is suspended", "1 open link"),
    ):
        assert page.says(words), words
    assert not page.says("Nothing needs you.")
    assert not page.says("private words")


async def test_a_node_from_a_backup_says_that_it_is_silent(node: LiveNode, owner: Console) -> None:
    await node.inside(put_setting(RESTORED, "1"))
    await node.beat()

    page = await owner.get("/admin")

    assert page.says("The database came from a backup")


async def test_the_page_speaks_german(owner: Console) -> None:
    owner.language = "de"

    page = await owner.get("/admin")

    assert page.says("Nichts braucht dich.")
    assert '<html lang="de"' in page.text

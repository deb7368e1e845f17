"""Who runs the node sees what waits and why, sets it going again or ends it."""

import re

import pytest

from storage.database import run
from tests.support.console import Console
from tests.support.live_node import LiveNode
from tests.support.network import Network


@pytest.fixture
async def waiting(network: Network, node: LiveNode) -> str:
    """The id of a delivery that waits for a server that cannot be reached."""
    (there,) = await network.start("beta.test")
    al, bo = node.person("al"), there.person("bo")
    room = await al.start_conversation("tea", bo.acct)
    await network.settle()
    await bo.accept(room)
    await network.settle()
    network.cut("beta.test")
    await al.say(room, "private words")
    await network.settle()
    (row,) = await node.rows("SELECT id FROM delivery WHERE state = 'pending'")
    return str(row["id"])


async def state_of(node: LiveNode, delivery: str) -> str:
    (row,) = await node.rows("SELECT state FROM delivery WHERE id = $1", delivery)
    return str(row["state"])


async def test_what_waits_is_told_with_its_reason(owner: Console, waiting: str) -> None:
    page = await owner.get("/admin/queue")
    of_it = await owner.get("/admin/queue?host=beta.test")
    of_another = await owner.get("/admin/queue?host=gamma.test")

    for shown in (page, of_it):
        assert shown.says("beta.test Waits"), shown.words
        assert not shown.says("private words")
        assert waiting in shown.text
    assert of_another.says("Nothing waits, and nothing was refused lately.")


async def test_a_row_is_dropped_and_written_down(
    node: LiveNode, owner: Console, waiting: str
) -> None:
    page = await owner.post("/admin/queue/drop", id=waiting)
    again = await owner.post("/admin/queue/drop", id=waiting)

    assert page.says("1 thing is dropped.")
    assert (again.status, again.says("nothing was done")) == (409, True)
    assert await state_of(node, waiting) == "refused"
    assert await owner.deeds() == [("queue.dropped", waiting, "1 0", "web")]


async def test_what_is_set_aside_is_tried_again(
    node: LiveNode, owner: Console, waiting: str
) -> None:
    sql = "UPDATE delivery SET state = 'parked', reason = 'stuck' WHERE id = $1"
    await node.inside(run(sql, waiting))
    before = await owner.get("/admin/queue")

    page = await owner.post("/admin/queue/retry", parked="1")

    assert before.says("1 delivery is set aside")
    assert page.says("1 thing is tried again.")
    assert await state_of(node, waiting) == "pending"
    assert await owner.deeds() == [("queue.retried", "parked", "1 0", "web")]


async def test_all_of_a_server_is_tried_or_ended(
    node: LiveNode, owner: Console, waiting: str
) -> None:
    tried = await owner.post("/admin/queue/retry", host="beta.test")
    ended = await owner.post("/admin/queue/drop", host="beta.test")

    assert tried.says("1 thing is tried again.")
    assert ended.says("1 thing is dropped.")
    assert await state_of(node, waiting) == "refused"


@pytest.mark.parametrize("act", ["retry", "drop"])
async def test_a_form_that_names_nothing_does_nothing(
    node: LiveNode, owner: Console, waiting: str, act: str
) -> None:
    page = await owner.post(f"/admin/queue/{act}")

    assert page.status == 409
    assert await state_of(node, waiting) == "pending"
    assert await owner.deeds() == []


async def test_much_comes_in_pages(node: LiveNode, owner: Console, waiting: str) -> None:
    copy = (
        "INSERT INTO delivery (id, activity_id, actor_uri, host, target, state, recipients,"
        " aware, created_at, due_at, message_id, conversation_id)"
        " SELECT $1, activity_id, actor_uri, host, target || $1, state, recipients, aware,"
        " created_at, due_at, message_id, conversation_id FROM delivery WHERE id = $2"
    )
    for number in range(55):
        await node.inside(run(copy, f"zz{number:03}", waiting))

    first = await owner.get("/admin/queue")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    rest = await owner.get(following)

    assert first.says("56 deliveries wait")
    assert 'value="zz054"' in rest.text
    assert 'value="zz054"' not in first.text

"""Who runs the node says yes or no to people who ask for an account."""

from federation.commands import sign_ups
from federation.protocol.verdict import Allowed
from tests.support.console import Console
from tests.support.live_node import LiveNode


async def wait(node: LiveNode, name: str, reason: str = "I read.") -> None:
    asked = await node.inside(
        sign_ups.ask(name, password_hash="x", reason=reason, now=node.clock.now())
    )
    assert asked == Allowed()


async def test_who_is_approved_has_an_account(node: LiveNode, owner: Console) -> None:
    await wait(node, "bo", "I read with <b>Olga</b>.")

    page = await owner.get("/admin/sign-ups")
    overview = await owner.get("/admin")
    done = await owner.post("/admin/sign-ups/bo/approve")
    again = await owner.post("/admin/sign-ups/bo/approve")

    assert page.says("I read with <b>Olga</b>.")
    assert overview.says("1 person asks for an account.")
    assert (done.status, done.says("bo has an account now.")) == (200, True)
    assert (again.status, again.says("Nobody of that name waits")) == (404, True)
    (row,) = await node.rows("SELECT role, password_hash FROM account WHERE name = 'bo'")
    assert (row["role"], row["password_hash"]) == ("member", "x")
    assert await node.rows("SELECT * FROM sign_up") == []
    assert [deed[0] for deed in await owner.deeds()] == ["account.added"]


async def test_who_is_declined_has_none_and_the_word_is_kept(
    node: LiveNode, owner: Console
) -> None:
    await wait(node, "bo")

    long = await owner.post("/admin/sign-ups/bo/reject", word="x" * 501)
    done = await owner.post("/admin/sign-ups/bo/reject", word="We are full.")

    assert (long.status, long.says("A word has at most 500 characters.")) == (422, True)
    assert (done.status, done.says("bo was declined.")) == (200, True)
    (row,) = await node.rows("SELECT state, word FROM sign_up")
    assert (row["state"], row["word"]) == ("rejected", "We are full.")
    assert await node.rows("SELECT * FROM account WHERE name = 'bo'") == []
    (deed,) = await owner.deeds()
    assert (deed[0], deed[2], deed[3]) == ("account.refused", "We are full.", "web")


async def test_a_name_that_somebody_took_meanwhile_stays_theirs(
    node: LiveNode, owner: Console
) -> None:
    await wait(node, "bo")
    await node.person("bo").arrive()

    done = await owner.post("/admin/sign-ups/bo/approve")

    assert (done.status, done.says("This name is taken.")) == (409, True)
    assert len(await node.rows("SELECT * FROM sign_up")) == 1

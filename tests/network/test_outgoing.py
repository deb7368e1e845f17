"""Rules stop what people here send, and who wrote it reads why."""

import pytest

from tests.network.stories import together
from tests.support.network import Network

pytestmark = pytest.mark.network

NEW = (
    '[[rule]]\nid = "new"\nstage = "behaviour"\ndirection = "out"\n'
    'when.local_account_age = "<7d"\nwhen.relation = "stranger"\n'
)
REASON = 'public_reason = "New accounts can start few conversations."\n'
SAID = "Our server does not let this go out. Reason: New accounts can start few conversations."
LIMIT = 'action = "limit"\nlimit = { key = "actor", rate = "1/hour", burst = 2, over = "reject" }\n'


async def test_5_a_new_account_begins_so_many_conversations_and_no_more(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al = alpha.person("al")
    others = [beta.person(name) for name in ("bo", "bea", "bim", "bob")]
    for other in others:
        await other.arrive()
    await al.arrive()
    await alpha.rules(NEW + LIMIT + REASON)

    rooms = [await al.write_to(other.acct, "hello") for other in others[:2]]
    await network.settle()
    third = await al.must("POST", "/conversations", {"kind": "direct", "members": [others[2].acct]})
    path = f"/conversations/{third['id']}/messages"
    status, answer = await al.ask("POST", path, {"text": "hello"})
    await network.settle()

    assert (status, answer["detail"]) == (422, SAID)
    assert [len(await other.rooms("requests")) for other in others[:3]] == [1, 1, 0]
    await al.say(rooms[0], "to whom I have written already")
    (decided,) = await alpha.rows("SELECT action, rule_id FROM policy_decision")
    assert (decided["action"], decided["rule_id"]) == ("reject", "new")

    network.advance(hours=1)
    await al.must("POST", path, {"text": "an hour later"})
    network.advance(days=7)
    for other in others[3:]:
        await al.write_to(other.acct, "no new account any more")
    await network.settle()
    assert [len(await other.rooms("requests")) for other in others] == [1, 1, 1, 1]


async def test_what_a_rule_finds_in_a_text_does_not_go_out_and_other_words_do(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await alpha.rules(
        '[[rule]]\nid = "r"\nstage = "content"\ndirection = "out"\nwhen.text = "casino"\n'
        'action = "drop"\n'
    )

    status, answer = await al.ask(
        "POST", f"{await al._path(room)}/messages", {"text": "the casino"}
    )
    await al.say(room, "the weather")
    await bo.say(room, "a casino elsewhere")
    await network.settle()

    assert (status, answer["detail"]) == (422, "Our server does not let this go out.")
    assert await bo.texts(room) == ["the weather", "a casino elsewhere"]
    assert await al.texts(room) == ["the weather", "a casino elsewhere"]

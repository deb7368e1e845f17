"""Reports cross servers as ids alone, in the name of a server and not of whoever reported."""

import pytest

from federation.protocol.timestamps import format_time
from tests.network.stories import join, sent
from tests.support.network import Network
from tests.support.person import Person

pytestmark = pytest.mark.network

REPORTS = "SELECT reporter_uri, accused_uri, local, comment, messages FROM report"


async def accuse(network: Network, who: Person, *named: str, number: int = 0) -> int:
    """What a person's server is answered that sends a Flag."""
    signer = await network.signer(who)
    flag = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{who.uri}/flags/{number}",
        "type": "Flag",
        "actor": who.uri,
        "content": "words that nobody here is to read",
        "object": list(named),
        "published": format_time(network.clock.now()),
    }
    status = await signer.post("https://alpha.test/inbox", signer.proven(flag))
    await network.settle()
    return status


async def test_a_report_is_passed_on_without_a_word_or_a_name(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await join(network, al, bo, room)
    await bo.say(room, "rude words")
    await network.settle()
    (said,) = await al.messages(room)

    made = await al.must(
        "POST",
        "/reports",
        {"acct": bo.acct, "message_ids": [said["id"]], "comment": "rude", "forward": True},
    )
    await network.settle()

    assert made["forwarded"] is True
    (flag,) = [one.document for one in sent(network.tape, "Flag")]
    assert flag["actor"] == "https://alpha.test/actor"
    assert flag["object"] == [bo.uri, said["uri"]]
    assert "content" not in flag
    assert not [word for word in ("rude", al.uri) if word in str(flag)]
    (there,) = await beta.rows(REPORTS)
    assert (there["reporter_uri"], there["accused_uri"]) == ("https://alpha.test/actor", bo.uri)
    assert said["uri"] in there["messages"]
    assert "rude words" not in there["messages"]
    assert not there["local"]


async def test_nothing_is_passed_on_unasked(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await join(network, al, bo, room)

    made = await al.must("POST", "/reports", {"acct": bo.acct})
    await network.settle()

    assert made["forwarded"] is False
    assert sent(network.tape, "Flag") == []
    assert await beta.rows(REPORTS) == []


async def test_of_what_another_server_reports_ids_are_kept_and_no_text(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await al.arrive()
    note = f"{al.uri}/n/1"

    assert await accuse(network, bo, al.uri, note, f"{bo.uri}/n/2") == 202

    (kept,) = await alpha.rows(REPORTS)
    assert (kept["reporter_uri"], kept["accused_uri"], kept["comment"]) == (bo.uri, al.uri, "")
    assert note in kept["messages"]
    assert f"{bo.uri}/n/2" not in kept["messages"]
    assert "words" not in kept["messages"]


async def test_a_flag_about_nobody_here_is_kept_nowhere(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await al.arrive()

    await accuse(network, bo, bo.uri, number=1)
    await accuse(network, bo, "https://alpha.test/u/nobody", number=2)
    await accuse(network, bo, "no id at all", number=3)

    assert await alpha.rows(REPORTS) == []


async def test_ten_flags_a_day_are_enough(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await al.arrive()

    for number in range(12):
        await accuse(network, bo, al.uri, number=number)

    assert len(await alpha.rows(REPORTS)) == 10

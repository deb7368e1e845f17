"""Scenarios 3 and 5 of the policy: floods of invitations, and an account here that was taken."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import trustme

from tests.network.test_judging import waiting
from tests.network.test_shields import up
from tests.support.many_servers import many_servers
from tests.support.network import Network
from tests.support.person import Person

pytestmark = pytest.mark.network

# A part of 500 invitations from 80 accounts.
ACCOUNTS, EACH = 4, 6
# More wait for nobody; who sends them is told to come later.
OPEN = 20
ABUSE = "You are a terrible person"
SHIELDS = '[policy.shields]\nstrangers = { message = "hold", group_invite = "reject" }\n'


async def flood(network: Network, senders: list[Person], victim: Person) -> None:
    """Everybody invites somebody to several groups with pictures and abusive names."""
    for sender in senders:
        for number in range(EACH):
            room = await sender.start_conversation(f"{ABUSE} {number}")
            await sender.change(room, icon=f"https://{sender.node.name}/media/{number}.png")
            await sender.invite(victim, room)
        await network.settle()


async def requests_of(person: Person) -> list[Mapping[str, Any]]:
    found = await person.must("GET", "/conversations?state=requests&limit=50")
    items: list[Mapping[str, Any]] = found["items"]
    return items


async def test_03_a_flood_of_invitations_fetches_nothing_and_tells_a_number(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, am = alpha.person("al"), alpha.person("am")
    await al.arrive()
    await am.arrive()
    await alpha.rules(SHIELDS)
    nodes = (beta, gamma)
    senders = [nodes[number % 2].person(f"s{number}") for number in range(ACCOUNTS)]

    await flood(network, senders, al)

    asked = await requests_of(al)
    assert len(asked) == OPEN < ACCOUNTS * EACH
    # Only those wait whom a browser shows by their number until somebody asks for more.
    assert {one["state"] for one in asked} == {"requested"}
    assert all(one["last_message"] is None and one["picture"] is None for one in asked)
    assert await al.rooms("joined") == await al.rooms("invited") == []
    fetched = [one.target for one in network.tape if one.sender == "alpha.test"]
    assert [target for target in fetched if "/media/" in target] == []

    await up(alpha, timedelta(hours=6))
    network.tape.clear()
    await flood(network, senders[:2], am)
    assert await am.rooms("requests") == []
    assert await waiting(alpha) == []
    decided = await alpha.rows("SELECT action, person FROM policy_decision")
    assert [tuple(one.values()) for one in decided] == [("reject", am.uri)] * 2 * EACH
    assert await requests_of(al) == asked


PEOPLE, HOURS = 100, 4
OWN_NEW_ACCOUNTS = """
[[rule]]
id = "own-new-accounts"
stage = "behaviour"
direction = "out"
when.local_account_age = "<7d"
when.relation = "stranger"
action = "limit"
limit = { key = "actor", rate = "10/hour", burst = 5, over = "reject" }
public_reason = "New accounts can start 10 conversations an hour."
"""
SAID = (
    "Our server does not let this go out. Reason: New accounts can start 10 conversations an hour."
)


async def test_05_of_a_taken_account_five_and_ten_an_hour_get_out_and_it_reads_why(
    network: Network, ca: trustme.CA
):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    await al.arrive()
    servers = await many_servers(network, alpha, ca, ["far.test"])
    strangers = [servers.person("far.test", f"p{number}") for number in range(PEOPLE)]
    await alpha.rules(OWN_NEW_ACCOUNTS)

    answers: list[tuple[int, str]] = []
    for stranger in strangers:
        body = {"kind": "direct", "members": [stranger.acct], "text": "buy now"}
        status, answer = await al.ask("POST", "/conversations", body)
        answers.append((status, answer.get("detail", "")))
        network.advance(hours=HOURS / PEOPLE)
    await network.settle()

    reached = [one for one in strangers if one.received_of("Create")]
    assert 10 * HOURS <= len(reached) <= 5 + 10 * HOURS
    assert sum(status == 201 for status, _ in answers) == len(reached)
    assert {one for one in answers if one[0] != 201} == {(422, SAID)}

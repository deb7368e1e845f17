"""Who runs the node blocks a domain over the API."""

import pytest

from tests.support.api_node import Person

DOMAINS = "/admin/policy/domains"
NOTHING = {
    "members_removed": 0,
    "groups_here": 0,
    "people_leaving": 0,
    "groups_there": 0,
    "deliveries_ended": 0,
}


async def test_a_domain_is_looked_at_blocked_listed_and_let_in_again(ana: Person) -> None:
    foreseen = await ana.get(f"{DOMAINS}/bad.example")
    blocked = await ana.call("PUT", f"{DOMAINS}/BAD.example", {"reason": "spam"})
    listed = await ana.get(DOMAINS)
    again = await ana.call("PUT", f"{DOMAINS}/bad.example", {})
    gone = await ana.call("DELETE", f"{DOMAINS}/bad.example")
    twice = await ana.call("DELETE", f"{DOMAINS}/bad.example")

    assert foreseen.body == blocked.body == {"domain": "bad.example", **NOTHING}
    (rule,) = listed.items
    assert (rule["domain"], rule["reason"]) == ("bad.example", "spam")
    assert [each.status for each in (blocked, again, gone, twice)] == [200, 409, 204, 404]
    assert (await ana.get(DOMAINS)).items == []


@pytest.mark.parametrize("domain", ["alpha.test", "test", "not a domain", "192.0.2.1"])
async def test_what_cannot_be_blocked_is_said(ana: Person, domain: str) -> None:
    answers = [
        await ana.get(f"{DOMAINS}/{domain}"),
        await ana.call("PUT", f"{DOMAINS}/{domain}", {}),
    ]

    assert [each.status for each in answers] == [422, 422]


async def test_only_who_runs_the_node_may(bo: Person) -> None:
    answers = [
        await bo.get(DOMAINS),
        await bo.get(f"{DOMAINS}/bad.example"),
        await bo.call("PUT", f"{DOMAINS}/bad.example", {}),
        await bo.call("DELETE", f"{DOMAINS}/bad.example"),
    ]

    assert [each.status for each in answers] == [403] * 4

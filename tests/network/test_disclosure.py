"""Who may read which servers are limited, and why, is said by the operator."""

import pytest

from federation.policy.domains import NOT_DELIVERED
from tests.network.test_blocked_domains import delivery_of
from tests.network.test_rules import rule
from tests.support.live_node import LiveNode
from tests.support.network import Network

pytestmark = pytest.mark.network

PUBLISHED = "/api/v1/instance/domain_blocks"
REASON = "Harassment of our members"


def disclosing(line: str) -> str:
    return rule("beta.test").replace('to_sender = "category"', line)


async def published(node: LiveNode) -> list[tuple[str, str, str]]:
    status, listed = await node.call("GET", PUBLISHED, headers={})
    assert status == 200
    assert isinstance(listed, list)
    return [(one["domain"], one["severity"], one["comment"]) for one in listed]


@pytest.mark.parametrize(
    ("audience", "for_members", "for_all"),
    [
        ("nobody", [], []),
        ("members", [("beta.test", REASON)], []),
        ("public", [("beta.test", REASON)], [("beta.test", "suspend", REASON)]),
    ],
)
async def test_who_reads_the_list_is_who_may(
    network: Network,
    audience: str,
    for_members: list[tuple[str, str]],
    for_all: list[tuple[str, str, str]],
):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    await al.arrive()

    await alpha.rules(disclosing(f'publish_list = "{audience}"'))

    items = (await al.must("GET", "/limited_servers"))["items"]
    assert [(one["domain"], one["reason"]) for one in items] == for_members
    assert await published(alpha) == for_all


async def test_a_masked_name_stays_masked_for_everybody(network: Network):
    (alpha,) = await network.start("alpha.test")
    await alpha.rules(disclosing('publish_list = "public"') + "obfuscate = true\n")

    assert await published(alpha) == [("be**.te**", "suspend", REASON)]


async def test_members_read_no_reason_where_they_are_not_to(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "first")
    await network.settle()

    await alpha.rules(disclosing("to_members = false") + "notify_members = true\n")
    message = await al.say(room, "second")
    _, found = await al.ask("POST", "/people/resolve", {"acct": bo.acct})

    assert await delivery_of(al, message) == [("beta.test", "refused", NOT_DELIVERED)]
    assert REASON not in str(found)
    (told,) = (await al.see(room))["kept_out"]
    (lost,) = (await al.must("GET", "/lost_contacts"))["items"]
    (limited,) = (await al.must("GET", "/limited_servers"))["items"]
    assert (told["reason"], lost["reason"] or None, limited["reason"]) == (None, None, None)

"""A node reads lists of other servers by itself, and applies what it may, whole or not at all."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from federation.commands import lists
from federation.commands.lists import Outcome
from federation.commands.rule_change import Ground
from federation.policy.domains import find_rule
from federation.policy.lists.subscribed import Difference, Subscription
from federation.policy.problem import Unreadable
from federation.protocol.verdict import Refused
from federation.upkeep.lists import run_once
from storage import policy_lists
from storage.policy_lists import ListRow
from tests.network.stories import together
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.shelf import Shelf, shelf
from tests.unit.policy.lists.test_fires import advise

pytestmark = pytest.mark.network

LIST = """
[[list]]
id = "partner"
format = "plain"
url = "https://gts.test/list.txt"
every = "6h"
"""
LABELS = "https://fires.example/labels"
AUTO = LIST + 'apply = "auto"\n'


def named(count: int, *more: str) -> bytes:
    return "\n".join([*(f"bad{n}.example" for n in range(count)), *more]).encode()


async def read(node: LiveNode) -> None:
    """Let the node read every list that is due, as its worker does."""
    parts = node.node.parts
    await node.inside(parts.policy.refresh())
    while await node.inside(run_once(parts.library, node.clock.now())):
        await node.inside(parts.policy.refresh())


async def row_of(node: LiveNode, name: str = "partner") -> ListRow:
    row = await node.inside(policy_lists.find(name))
    assert row is not None
    return row


def wish_of(node: LiveNode, name: str = "partner") -> Subscription:
    return next(one for one in node.node.parts.library.wishes() if one.id == name)


def ground_of(node: LiveNode, *, dry_run: bool = False) -> Ground:
    parts = node.node.parts
    names = parts.config.server.names
    new_id, now = parts.entropy.new_id, node.clock.now()
    return Ground(parts.policy.written(), names, new_id, now, dry_run=dry_run)


async def adopt(
    node: LiveNode, only: Sequence[str] | None = None, *, dry_run: bool = False, of: str = "partner"
) -> Outcome | Unreadable | Refused:
    ground = ground_of(node, dry_run=dry_run)
    done = await node.inside(lists.adopt(wish_of(node, of), ground, only))
    await node.inside(node.node.parts.policy.refresh())
    return done


async def waits(node: LiveNode, name: str = "partner") -> Difference:
    names = node.node.parts.config.server.names
    told = await node.inside(lists.what_waits(wish_of(node, name), names))
    assert isinstance(told, Difference), told
    return told


def is_out(node: LiveNode, host: str) -> bool:
    return find_rule(node.node.parts.policy.rules(), host) is not None


async def rules_of(node: LiveNode, owner: str) -> list[dict[str, object]]:
    rows = await node.rows("SELECT written FROM stored_rule")
    tables = [json.loads(row["written"]) for row in rows]
    return [table for table in tables if table.get("owner") == owner]


async def acts(node: LiveNode) -> list[tuple[str, str, str]]:
    rows = await node.rows("SELECT n, act, about, face FROM audit WHERE act LIKE 'list.%'")
    return [(row["act"], row["about"], row["face"]) for row in sorted(rows, key=lambda r: r["n"])]


async def begin(network: Network, rules: str, **files: bytes) -> tuple[LiveNode, Shelf]:
    (alpha,) = await network.start("alpha.test")
    server = shelf(network)
    server.files = {f"/{name}.txt": data for name, data in files.items()}
    await alpha.rules(rules)
    await read(alpha)
    return alpha, server


async def test_what_a_list_says_is_a_draft_until_somebody_adopts_it(network: Network):
    alpha, _ = await begin(network, LIST, list=named(2))

    told = await waits(alpha)
    row = await row_of(alpha)

    assert [entry.key for entry in told.added] == ["bad0.example", "bad1.example"]
    assert (row.offered_count, row.adopted_count, row.draft_count) == (2, 0, 2)
    assert not is_out(alpha, "bad0.example")
    assert await acts(alpha) == []

    preview = await adopt(alpha, dry_run=True)
    assert isinstance(preview, Outcome)
    assert preview.taken == 2
    assert not is_out(alpha, "bad0.example")

    one = await adopt(alpha, ["bad1.example"])
    assert isinstance(one, Outcome)
    assert (is_out(alpha, "bad0.example"), is_out(alpha, "sub.bad1.example")) == (False, True)

    await adopt(alpha)
    assert is_out(alpha, "bad0.example")
    (rule,) = await rules_of(alpha, "partner")
    assert rule["when"] == {"domain": ["bad0.example", "bad1.example"]}
    assert await acts(alpha) == [("list.adopted", "partner", "cli")] * 2
    assert await adopt(alpha, ["never.example"]) == lists.NOT_ON_IT


async def test_it_is_asked_for_when_it_is_due_and_only_if_it_has_changed(network: Network):
    alpha, server = await begin(network, AUTO, list=named(1))

    await read(alpha)
    network.advance(hours=7)
    await read(alpha)
    server.files["/list.txt"] = named(2)
    network.advance(hours=7)
    await read(alpha)

    assert [status for _, status in server.asked] == [200, 304, 200]
    assert is_out(alpha, "bad1.example")
    assert await acts(alpha) == [("list.changed", "partner", "list")] * 2


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, "its server answers 404"),
        (b"good.example\nno domain\n", "partner:2: has 'no domain', which is no domain"),
        (b"\xff\xfe\xff", "is no text in UTF-8"),
        (b"a" * 32_000_001, "its server answers with a body over its cap"),
    ],
)
async def test_a_list_that_is_broken_gone_or_endless_leaves_what_it_said(
    network: Network, body: bytes | None, why: str
):
    alpha, server = await begin(network, AUTO, list=named(3))

    if body is None:
        del server.files["/list.txt"]
    else:
        server.files["/list.txt"] = body
    for _ in range(3):
        network.advance(hours=7)
        await read(alpha)

    row = await row_of(alpha)
    assert why in row.trouble
    assert row.failures == 3
    assert is_out(alpha, "bad2.example")
    assert (row.offered_count, row.adopted_count) == (3, 3)

    server.files["/list.txt"] = named(4)
    network.advance(hours=7)
    await read(alpha)
    assert ((await row_of(alpha)).trouble, (await row_of(alpha)).failures) == ("", 0)
    assert is_out(alpha, "bad3.example")


@pytest.mark.parametrize("body", [b"", b"bad0.example\n"])
async def test_a_list_that_takes_back_nearly_all_at_once_is_not_believed(
    network: Network, body: bytes
):
    alpha, server = await begin(network, AUTO, list=named(20))

    server.files["/list.txt"] = body
    network.advance(hours=7)
    await read(alpha)

    row = await row_of(alpha)
    assert "of 20 entries at once" in row.trouble
    assert is_out(alpha, "bad19.example")
    assert await acts(alpha) == [
        ("list.changed", "partner", "list"),
        ("list.withheld", "partner", "list"),
    ]

    network.advance(hours=7)
    await read(alpha)
    assert (await row_of(alpha)).trouble == row.trouble
    assert len(await acts(alpha)) == 2

    await adopt(alpha)
    assert not is_out(alpha, "bad19.example")
    assert (await row_of(alpha)).trouble == ""


async def test_an_entry_that_is_taken_back_goes_or_waits_or_stays(network: Network):
    for way, is_kept, removed in (("remove", False, 0), ("draft", True, 1), ("keep", True, 0)):
        rules = AUTO.replace("partner", way) + f'on_retraction = "{way}"\n'
        if "alpha.test" in network.nodes:
            alpha, server = network.nodes["alpha.test"], shelf(network)
            server.files["/list.txt"] = named(3)
            await alpha.rules(rules)
            await read(alpha)
        else:
            alpha, server = await begin(network, rules, list=named(3))
        server.files["/list.txt"] = named(2)
        network.advance(hours=7)
        await read(alpha)

        assert is_out(alpha, "bad2.example") is is_kept, way
        assert len((await waits(alpha, way)).removed) == removed
        for rule in await alpha.rows("SELECT id FROM stored_rule"):
            await alpha.inside(policy_lists.remove([rule["id"]]))
        await alpha.rows("DELETE FROM stored_rule RETURNING id")


async def test_a_list_never_keeps_out_this_node_or_everybody_or_who_is_spared(network: Network):
    body = b"alpha.test\ntest\ncom\nfriends.example\nsub.friends.example\nbad.example\n"
    alpha, _ = await begin(network, AUTO + 'exclude = ["friends.example"]\n', list=body)

    (rule,) = await rules_of(alpha, "partner")
    assert rule["when"] == {"domain": ["bad.example"]}
    assert [entry.key for entry in (await waits(alpha)).unclear] == ["com"]
    assert not is_out(alpha, "alpha.test")


async def test_a_list_does_not_cut_off_people_who_are_in_touch(network: Network):
    (alpha, beta) = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    await together(network, al, bo)
    server = shelf(network)
    server.files["/list.txt"] = b"beta.test\nbad.example\n"

    await alpha.rules(AUTO)
    await read(alpha)

    assert (is_out(alpha, "beta.test"), is_out(alpha, "bad.example")) == (False, True)
    actions = {str(rule["when"]): rule["action"] for rule in await rules_of(alpha, "partner")}
    assert actions["{'domain': ['beta.test']}"] == "request"


async def test_a_list_does_no_more_than_it_may(network: Network):
    alpha, _ = await begin(network, AUTO + 'max_action = "hold"\npriority = -7\n', list=named(1))

    (rule,) = await rules_of(alpha, "partner")

    assert (rule["action"], rule["priority"]) == ("hold", -7)
    assert not is_out(alpha, "bad0.example")


async def test_a_rule_of_our_own_stands_before_one_of_a_list(network: Network):
    ours = """
    [[rule]]
    id = "friend"
    stage = "domain"
    when.domain = ["bad0.example"]
    action = "accept"
    direction = "both"
    priority = -1000
    """
    alpha, _ = await begin(network, ours + AUTO + "priority = 1000\n", list=named(2))

    assert (is_out(alpha, "bad0.example"), is_out(alpha, "bad1.example")) == (False, True)


MERGED = """
[[list]]
id = "one"
format = "plain"
url = "https://gts.test/one.txt"

[[list]]
id = "two"
format = "mastodon-csv"
url = "https://gts.test/two.txt"

[[list]]
id = "agreed"
format = "merge"
of = ["one", "two"]
threshold = 2
exclude = ["friend.example"]
apply = "auto"
"""


async def test_what_two_lists_agree_on_holds_until_one_takes_it_back(network: Network):
    alpha, server = await begin(
        network,
        MERGED,
        one=b"bad.example\nworse.example\nfriend.example\n",
        two=b"domain,severity\nbad.example,suspend\nfriend.example,suspend\nother.example,suspend\n",
    )

    assert {host: is_out(alpha, f"{host}.example") for host in ("bad", "worse", "friend")} == {
        "bad": True,
        "worse": False,
        "friend": False,
    }

    server.files["/one.txt"] = b"worse.example\n"
    server.files["/two.txt"] = b"domain,severity\nworse.example,suspend\n"
    network.advance(hours=25)
    await read(alpha)

    assert (is_out(alpha, "bad.example"), is_out(alpha, "worse.example")) == (False, True)


RULES_OF_OTHERS = {
    "rule": [
        {
            "id": "bad",
            "stage": "domain",
            "when": {"domain": ["bad.example", "worse.example"]},
            "action": "reject",
            "public_reason": "Spam",
        },
        {"id": "words", "stage": "content", "when": {"text": "casino"}, "action": "drop"},
        {
            "id": "dated",
            "stage": "domain",
            "when": {"domain": "soon.example"},
            "action": "reject",
            "expires": "2099-01-01",
        },
    ]
}


async def test_what_rules_of_another_node_say_of_domains_is_a_list(network: Network):
    lists = AUTO.replace('"plain"', '"json"')
    alpha, server = await begin(network, lists, list=json.dumps(RULES_OF_OTHERS).encode())

    assert [is_out(alpha, f"{one}.example") for one in ("bad", "worse", "soon")] == [
        *(True, True, False)
    ]
    assert [one.unclear for one in (await waits(alpha)).unclear] == ["ends by a date"]
    (rule,) = await rules_of(alpha, "partner")
    assert rule["public_reason"] == "Spam"

    for broken in (b'{"rule": [{"id": "x", "stage": "nowhere"}]}', b"[]", b"{"):
        server.files["/list.txt"] = broken
        network.advance(hours=7)
        await read(alpha)
        assert (await row_of(alpha)).trouble.startswith("partner: ")
        assert is_out(alpha, "bad.example")


async def test_entries_with_a_label_that_is_trusted_hold_at_once(network: Network):
    label = f"{LABELS}/spam"
    dataset = {"name": "shared", "endpoints": {"changes": "https://gts.test/all"}}
    lists = LIST.replace('"plain"', '"fires"') + f'auto_labels = ["{label}"]\n'
    items = [
        advise(1, "spam.example", "reject", labels=[label]),
        advise(2, "rude.example", "reject", labels=[f"{LABELS}/rude"]),
        advise(3, "plain.example", "reject"),
    ]
    (alpha,) = await network.start("alpha.test")
    shelf(network).files = {
        "/list.txt": json.dumps(dataset).encode(),
        "/all": json.dumps({"orderedItems": items}).encode(),
    }
    await alpha.rules(lists)
    await read(alpha)

    assert [is_out(alpha, f"{one}.example") for one in ("spam", "rude", "plain")] == [
        *(True, False, False)
    ]
    assert sorted(one.key for one in (await waits(alpha)).added) == [
        *("plain.example", "rude.example")
    ]


async def test_a_list_that_never_comes_back_is_asked_for_as_often_as_ever(network: Network):
    alpha, server = await begin(network, AUTO, list=named(1))
    server.files = {}
    for _ in range(45):
        network.advance(hours=7)
        await read(alpha)

    row = await row_of(alpha)
    assert row.failures == 45
    assert row.due_at == network.clock.now() + timedelta(hours=6)
    assert is_out(alpha, "bad0.example")


async def test_another_address_is_read_from_its_beginning(network: Network):
    alpha, server = await begin(network, AUTO, list=named(1), other=named(2))

    await alpha.rules(AUTO.replace("list.txt", "other.txt"))
    await read(alpha)

    assert server.asked == [("/list.txt", 200), ("/other.txt", 200)]
    assert is_out(alpha, "bad1.example")


async def test_a_list_is_never_asked_for_where_nobody_may_be_asked(network: Network):
    (alpha,) = await network.start("alpha.test")
    await alpha.rules(LIST.replace("gts.test", "192.0.2.1"))

    await read(alpha)

    assert "it may not be asked for" in (await row_of(alpha)).trouble


async def test_a_list_that_nobody_asks_for_is_forgotten_when_nothing_of_it_holds(network: Network):
    alpha, _ = await begin(network, LIST + LIST.replace("partner", "other"), list=named(1))
    await adopt(alpha, of="other")

    await alpha.rules("")
    await read(alpha)
    soon = await alpha.inside(policy_lists.ids())
    network.advance(days=31)
    await read(alpha)

    assert soon == {"partner", "other"}
    assert await alpha.inside(policy_lists.ids()) == {"other"}
    assert is_out(alpha, "bad0.example")

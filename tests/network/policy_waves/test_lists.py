"""Scenarios 11, 13 and 20 of the policy: lists that disagree, are long, or tell of changes."""

import asyncio
import json
import statistics
import time
from pathlib import Path

import pytest

from federation.upkeep.lists import run_once
from tests.network.test_judging import requests
from tests.network.test_subscribed_lists import acts, is_out, read, row_of, rules_of, shelf
from tests.support.beside import covey
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.unit.policy.lists.test_fires import HISTORY, SNAPSHOT, advise, change

pytestmark = pytest.mark.network

AT = "masto.test"
HEAD = "domain,severity\n"
TWO = "".join(
    f'[[list]]\nid = "{name}"\nformat = "mastodon-csv"\nurl = "https://{AT}/{name}.csv"\n'
    f'every = "6h"\napply = "auto"\npriority = {priority}\n'
    for name, priority in (("strict", 2), ("mild", 1))
)


def csv(*rows: str) -> bytes:
    return (HEAD + "".join(f"{row}\n" for row in rows)).encode()


async def test_11_of_two_lists_the_first_in_order_decides_until_it_takes_back(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    server = shelf(network, AT)
    server.files = {
        "/strict.csv": csv("gts.test,suspend", "other.test,suspend"),
        "/mild.csv": csv("gts.test,silence"),
    }
    await alpha.rules(TWO)
    await read(alpha)
    assert await dana.write_to(al.uri, "both are there") == 403

    server.files["/strict.csv"] = csv("other.test,suspend")
    network.advance(hours=7)
    await read(alpha)
    after = await dana.write_to(al.uri, "one has taken it back")
    await network.settle()

    assert after == 202
    assert await requests(alpha, "al") == ["one has taken it back"]
    assert not is_out(alpha, "gts.test")
    assert is_out(alpha, "other.test")
    assert [rule["when"] for rule in await rules_of(alpha, "strict")] == [
        {"domain": ["other.test"]}
    ]
    assert (await acts(alpha))[-1] == ("list.changed", "strict", "list")
    (last,) = await alpha.rows("SELECT detail FROM audit ORDER BY n DESC LIMIT 1")
    assert json.loads(last["detail"])["removed"] == ["gts.test"]


MANY = 50_000
P95_S = 0.3


async def asked_meanwhile(node: LiveNode, until: "asyncio.Task[None]") -> list[float]:
    """How long somebody waits for their conversations, again and again until that is done."""
    person, took = node.person("al"), []
    while not until.done() or not took:
        began = time.perf_counter()
        assert (await person.ask("GET", "/conversations"))[0] == 200
        took.append(time.perf_counter() - began)
    await until
    return took


async def read_while_asked(node: LiveNode) -> list[float]:
    await node.inside(node.node.parts.policy.refresh())
    library, now = node.node.parts.library, node.clock.now()

    async def once() -> None:
        await node.inside(run_once(library, now))

    return await asked_meanwhile(node, asyncio.create_task(once()))


async def test_13_of_a_long_list_all_is_taken_or_nothing_and_the_web_answers(network: Network):
    (alpha,) = await network.start("alpha.test")
    await alpha.person("al").arrive()
    rows = [f"bad{number}.example,suspend" for number in range(MANY)]
    server = shelf(network, AT)
    server.files["/strict.csv"] = csv(*rows[:-1], "no domain,suspend")
    await alpha.rules(TWO.partition('[[list]]\nid = "mild"')[0])

    await read(alpha)
    broken = await row_of(alpha, "strict")
    assert f"strict:{MANY + 1}: " in broken.trouble
    assert (broken.offered_count, broken.adopted_count) == (0, 0)
    assert await alpha.rows("SELECT id FROM stored_rule") == []

    server.files["/strict.csv"] = csv(*rows)
    network.advance(hours=7)
    took = await read_while_asked(alpha)
    await alpha.inside(alpha.node.parts.policy.refresh())

    done = await row_of(alpha, "strict")
    assert (done.trouble, done.offered_count, done.adopted_count) == ("", MANY, MANY)
    assert is_out(alpha, f"bad{MANY - 1}.example")
    assert len(took) >= 10
    assert statistics.quantiles(took, n=20)[-1] < P95_S


COLUMNS = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate"
ROWS = (
    *("a.example,suspend,false,false,,false", "b.example,suspend,true,true,Spam,true"),
    *("xn--bcher-kva.example,silence,true,false,,false", "d.example,noop,true,true,,false"),
    'e.example,suspend,false,false,"Words, and ""more"" of them",false',
    "F.Example,noop,false,true,,false",
    *(f"many{number}.example,suspend,false,false,Harassment,false" for number in range(200)),
)


async def test_20_what_a_fresh_node_imports_it_exports_as_it_was(network: Network, tmp_path: Path):
    alpha, beta = await network.start("alpha.test", "beta.test")
    file = tmp_path / "blocks.csv"
    kind = ("--format", "mastodon-csv")
    file.write_text("\n".join([COLUMNS, *ROWS, ""]))
    await covey(alpha, "policy", "import", file, *kind)
    first = await covey(alpha, "policy", "export", *kind, "--with-private")

    file.write_text(first)
    await covey(beta, "policy", "import", file, *kind)

    assert await covey(beta, "policy", "export", *kind, "--with-private") == first
    assert len(first.splitlines()) == 1 + len(ROWS)
    for node in (alpha, beta):
        await node.inside(node.node.parts.policy.refresh())
        assert is_out(node, "many199.example")
        assert is_out(node, "deep.b.example")
        assert not is_out(node, "d.example")


DATASET = (
    f'[[list]]\nid = "fires"\nformat = "fires"\nurl = "https://{AT}/%s.json"\n'
    'every = "6h"\napply = "auto"\n'
)


def pages(*items: object, following: str = "") -> bytes:
    more = {"next": f"https://{AT}{following}"} if following else {}
    return json.dumps({"orderedItems": list(items), **more}).encode()


def dataset(**endpoints: str) -> bytes:
    named = {key: f"https://{AT}{path}" for key, path in endpoints.items()}
    return json.dumps({"name": "shared", "endpoints": named}).encode()


async def what_holds(node: LiveNode) -> list[tuple[object, object, object]]:
    rules = await rules_of(node, "fires")
    return sorted(((rule["when"], rule.get("action"), rule.get("show")) for rule in rules), key=str)


async def test_20_a_dataset_comes_to_the_same_from_its_snapshot_and_its_history(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    kinds = {one["type"] for one in HISTORY}
    assert kinds == {"Recommendation", "Advisory", "Retraction", "Tombstone"}
    server = shelf(network, AT)
    later = (advise(12, "f.example", "reject"), change(13, "Retraction", "d.example"))
    server.files = {
        "/short.json": dataset(snapshot="/snapshot", changes="/all"),
        "/long.json": dataset(changes="/all"),
        "/snapshot": json.dumps(
            {"orderedItems": list(SNAPSHOT), "changes": f"https://{AT}/since"}
        ).encode(),
        "/since": pages(),
        "/all": pages(*HISTORY[:6], following="/all-2"),
        "/all-2": pages(*HISTORY[6:]),
    }
    await alpha.rules(DATASET % "short")
    await beta.rules(DATASET % "long")
    for node in (alpha, beta):
        await read(node)
    first = [await what_holds(node) for node in (alpha, beta)]

    server.files["/since"] = pages(*later)
    server.files["/all-2"] = pages(*HISTORY[6:], *later)
    network.advance(hours=7)
    for node in (alpha, beta):
        await read(node)

    assert first[0] == first[1] != []
    second = [await what_holds(node) for node in (alpha, beta)]
    assert second[0] == second[1] != first[0]
    assert [is_out(alpha, f"{name}.example") for name in "abcdef"] == [
        *(False, False, False, False, False, True)
    ]

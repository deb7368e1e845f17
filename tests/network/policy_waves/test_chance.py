"""Scenarios 12 and 22 of the policy: what holds for rules and for files that chance draws."""

from collections.abc import Callable, Sequence
from random import Random

import pytest

from node.config.rules import mistakes_in
from storage import policy_rules
from storage.database import transaction
from tests.network.policy_waves.test_lists import AT, DATASET, TWO, csv, dataset, pages
from tests.network.test_judging import rule
from tests.network.test_limits import stored
from tests.network.test_subscribed_lists import read, row_of, rules_of, shelf
from tests.support.legacy_peer import LegacyPeer
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.unit.policy.lists.test_fires import HISTORY

pytestmark = pytest.mark.network

SEED = 12
DRAWS = 12
CONDITIONS = (
    'stage = "domain"\nwhen.domain = "gts.test"',
    'stage = "domain"\nwhen.domain = ["other.test", "gts.test"]',
    'stage = "actor"\nwhen.actor = "@dana@gts.test"',
    'stage = "actor"\nwhen.bot = true',
    'stage = "behaviour"\nwhen.relation = "stranger"',
    'stage = "behaviour"\nwhen.links = ">0"',
    'stage = "content"\nwhen.text = "tea"',
    'stage = "content"\nwhen.text_length = ">1000"',
)
ACTIONS = ("accept", "request", "hold", "reject", "drop")


def drawn(chance: Random) -> list[tuple[str, bool]]:
    """Rules with distinct priorities, and of each whether it only observes."""
    found = []
    for priority in chance.sample(range(50), chance.randint(2, 6)):
        observes = chance.random() < 0.3
        more = f"priority = {priority}\n" + ('mode = "observe"\n' if observes else "")
        lines, action = chance.choice(CONDITIONS), chance.choice(ACTIONS)
        found.append((rule(lines, action, more, f"r{priority}"), observes))
    return found


async def what_becomes(node: LiveNode, sender: LegacyPeer, rules: str) -> tuple[object, ...]:
    """What a message comes to under these rules: the answer, what is stored, and by which rule."""
    await node.rules(rules)
    counted = "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM policy_held)"
    named = "SELECT id, action, rule_id FROM policy_decision"
    (before,), known = await node.rows(counted), {one["id"] for one in await node.rows(named)}
    answer = await sender.write_to(node.person("al").uri, "tea, or coffee?")
    await node.work()
    (after,) = await node.rows(counted)
    more = [now - then for now, then in zip(after.values(), before.values(), strict=True)]
    # What only observes is remembered as well.
    decided = [
        (one["action"], one["rule_id"])
        for one in await node.rows(named)
        if one["id"] not in known and one["action"] != "accept"
    ]
    return answer, *more, *decided


async def test_12_order_and_observing_change_nothing_whatever_the_rules(network: Network):
    (alpha,) = await network.start("alpha.test")
    dana, chance = network.legacy_peer(), Random(SEED)
    await alpha.person("al").arrive()
    seen = set()
    for _ in range(DRAWS):
        rules = drawn(chance)
        written = [text for text, _ in rules]
        enforced = [text for text, observes in rules if not observes]
        shuffled = chance.sample(written, len(written))

        outcome = await what_becomes(alpha, dana, "".join(written))

        assert await what_becomes(alpha, dana, "".join(shuffled)) == outcome, written
        assert await what_becomes(alpha, dana, "".join(enforced)) == outcome, written
        observing = '[policy]\nmode = "observe"\n' + "".join(written)
        assert (await what_becomes(alpha, dana, observing))[:3] == (202, 1, 0), written
        seen.add(outcome[:3])
    assert seen == {(202, 1, 0), (202, 0, 1), (202, 0, 0), (403, 0, 0)}


FINAL = 'final = true\ndirection = "both"'


@pytest.mark.parametrize("severity", ["suspend", "silence"])
async def test_12_a_final_accept_is_never_refused_by_a_list(network: Network, severity: str):
    (alpha,) = await network.start("alpha.test")
    dana = network.legacy_peer()
    await alpha.person("al").arrive()
    shelf(network, AT).files = {
        "/strict.csv": csv(f"gts.test,{severity}"),
        "/mild.csv": csv(f"test.example,{severity}"),
    }
    await alpha.rules(TWO)
    await read(alpha)
    assert len(await rules_of(alpha, "strict")) == 1
    without = await what_becomes(alpha, dana, TWO)

    final = rule('stage = "domain"\nwhen.domain = "gts.test"', "accept", FINAL, "friend")
    assert without[0] == (403 if severity == "suspend" else 202)
    for priority in (-200, 0, 200):
        rules = TWO + final.replace("final =", f"priority = {priority}\nfinal =")
        assert (await what_becomes(alpha, dana, rules))[:3] == (202, 1, 0)


async def test_12_effects_never_alter_what_is_stored(network: Network):
    (alpha,) = await network.start("alpha.test")
    dana, chance = network.legacy_peer(), Random(SEED)
    al = alpha.person("al")
    await al.arrive()
    text = 'Look <a href="https://tea.example/">tea</a>'
    assert await dana.write_to(al.uri, text) == 202
    await network.settle()
    before = await stored(alpha)
    effects = ("strip_media", "disable_links", "no_preview")
    for _ in range(DRAWS):
        chosen = [f'"{one}"' for one in chance.sample(effects, chance.randint(1, 3))]
        show = f"show = [{', '.join(chosen)}]\n"
        await alpha.rules(f'[[rule]]\nid = "r"\n{chance.choice(CONDITIONS)}\n{show}')

        (asked,) = await al.rooms("requests")
        await al.must("GET", f"/conversations/{asked['id']}/messages")

        assert await stored(alpha) == before


def damaged(data: bytes, chance: Random) -> bytes:
    """Some bytes with others, cut, doubled or exchanged; now and then none."""
    worse = bytearray(data)
    for _ in range(chance.randint(0, 3)):
        at, to = sorted(chance.sample(range(len(worse)), 2))
        to = min(to, at + 40)
        part = bytes(worse[at:to])
        worse[at:to] = chance.choice(
            [b"", part * 2, chance.randbytes(3), b'"', b",,", b"}]", b"\xff\xfe", b"*.", part[::-1]]
        )
        worse = worse or bytearray(b"xx")
    return bytes(worse)


SOUND = csv(*(f"bad{number}.example,suspend" for number in range(20)))
FILES: Sequence[tuple[str, str, Callable[[bytes], dict[str, bytes]], bytes]] = (
    ("strict", TWO, lambda data: {"/strict.csv": data, "/mild.csv": SOUND}, SOUND),
    (
        "fires",
        DATASET % "fires",
        lambda data: {"/fires.json": dataset(changes="/all"), "/all": data},
        pages(*HISTORY),
    ),
)


@pytest.mark.parametrize(("name", "lists", "served", "sound"), FILES)
async def test_22_a_damaged_list_is_taken_whole_or_told_and_not_at_all(
    network: Network,
    name: str,
    lists: str,
    served: Callable[[bytes], dict[str, bytes]],
    sound: bytes,
):
    (alpha,) = await network.start("alpha.test")
    al, chance, server = alpha.person("al"), Random(SEED), shelf(network, AT)
    server.files = served(sound)
    await alpha.rules(lists)
    await read(alpha)
    troubles = 0
    for _ in range(40):
        server.files = served(damaged(sound, chance))
        before = await rules_of(alpha, name)
        network.advance(hours=25)

        await read(alpha)

        row = await row_of(alpha, name)
        troubles += bool(row.trouble)
        assert not row.trouble or await rules_of(alpha, name) == before
        assert (await al.ask("GET", "/conversations"))[0] == 200
    assert troubles > 0


async def take_up(node: LiveNode) -> None:
    """Let the node read its files again, whatever is in them."""
    parts = node.node.parts
    async with transaction():
        await policy_rules.reload_files(parts.entropy.new_id())
    await parts.policy.refresh()


async def test_22_damaged_rules_are_told_and_what_held_holds_on(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana, chance = alpha.person("al"), network.legacy_peer(), Random(SEED)
    await al.arrive()
    file = alpha.config_file.parent / "rules.toml"
    sound = "".join(f"# A rule.\n{text}" for text, _ in drawn(chance)).encode()
    file.write_bytes(b"")
    await alpha.rules(f'[policy]\nfiles = ["{file.name}"]\n')
    troubles = 0
    for _ in range(60):
        file.write_bytes(damaged(sound, chance))
        before = alpha.node.parts.policy.rules().chain.policy
        problems = mistakes_in(alpha.config_file, ["alpha.test"])
        troubles += bool(problems)

        await alpha.inside(take_up(alpha))

        assert not problems or alpha.node.parts.policy.rules().chain.policy == before
        assert await dana.write_to(al.uri, "hello") in {202, 403}
    assert 0 < troubles < 60

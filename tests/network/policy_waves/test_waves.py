"""Scenarios 1, 2, 4 and 6 of the policy: waves of spam as they were seen, beside honest people.

They are played at a thirtieth of their size; `WAVE=0.1` in the environment plays a tenth.
"""

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

import pytest
import pytest_asyncio
import trustme

from tests.network.stories import together
from tests.network.test_judging import waiting
from tests.support.legacy_peer import LegacyPeer
from tests.support.live_node import LiveNode
from tests.support.many_servers import ManyServers, many_servers, write
from tests.support.network import Network
from tests.support.person import Room

pytestmark = pytest.mark.network

PART = float(os.environ.get("WAVE") or "0.03")
SEED = 2024
RULES = """
[[rule]]
id = "fresh-server"
stage = "behaviour"
when.relation = "stranger"
when.domain_first_seen = "<72h"
action = "hold"
hold = { auto_release = "72h", if_reports = 0 }

[[rule]]
id = "fresh-account"
stage = "behaviour"
when.relation = "stranger"
when.actor_first_seen = "<24h"
when.any = [{ links = ">0" }, { attachments = ">0" }, { recipients = ">3" }]
action = "hold"
hold = { auto_release = "24h", if_reports = 0 }

[[rule]]
id = "same-text-fast"
stage = "behaviour"
priority = 50
when.relation = "stranger"
when.similar = { window = "10m", local_recipients = 5, distance = 10 }
action = "hold"
then = { hold_earlier = true }

[[rule]]
id = "same-text-slow"
stage = "behaviour"
priority = 40
when.relation = "stranger"
when.similar = { window = "24h", local_recipients = 8, distance = 10 }
action = "hold"
then = { hold_earlier = true }

[[rule]]
id = "strangers-per-domain"
stage = "behaviour"
when.relation = "stranger"
action = "limit"
limit = { key = "domain", rate = "30/hour", burst = 10, over = "hold" }
"""
WORDS = (
    *("harbour", "walk", "library", "bees", "workshop", "piano", "winter", "soup"),
    *("letter", "garden", "bicycle", "train", "museum", "choir", "recipe", "river"),
    *("mountain", "paper", "lantern", "window", "ticket", "market", "bread", "festival"),
    *("kitchen", "photograph", "neighbour", "evening", "morning", "question", "answer", "notebook"),
    *("island", "forest", "bridge", "violin", "radio", "painting", "theatre", "clay"),
    *("orchard", "storm", "candle", "station", "platform", "coffee", "pepper", "ribbon"),
)


def part(number: int, least: int = 1) -> int:
    """So many of what a whole wave has."""
    return max(least, round(number * PART))


@dataclass(slots=True)
class Honest:
    """What was written by people whom no wave should touch.

    Attributes:
        known: First messages from strangers on servers that are known, by text.
        fresh: The same from servers of that day.
        inside: What contacts and members of a group wrote, by text.
    """

    known: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)


Step = Callable[[], Awaitable[object]]


class Stage:
    """A node with local people, known and new servers around it, and honest people among them."""

    def __init__(self, network: Network, ca: trustme.CA) -> None:
        self.network, self.ca, self.chance = network, ca, Random(SEED)
        self.names = [f"p{number}" for number in range(part(200, 12))]
        self.known = [f"known{number}.test" for number in range(part(150, 15))]
        self.new = [f"new{number}.test" for number in range(part(150, 15))]
        self.honest = Honest()
        self._number = count()
        self.node: LiveNode
        self.friend: LegacyPeer
        self.servers: ManyServers
        self.room: Room

    async def set(self) -> None:
        """Ten days before: somebody on each known server has written, and there are friends."""
        self.node, beta = await self.network.start("alpha.test", "beta.test")
        for name in self.names:
            await self.node.person(name).arrive()
        self.room = await together(self.network, self.node.person(self.names[0]), beta.person("bo"))
        hosts = [*self.known, *self.new]
        self.servers = await many_servers(self.network, self.node, self.ca, hosts)
        for host in self.known:
            await write(self.servers.person(host, "first"), [self.someone()], self.sentence())
        self.friend = self.servers.person(self.known[0], "friend")
        for name in self.names:
            await self.node.person(name).write_to(self.friend.acct, "hello")
        await self.network.settle()
        self.network.advance(days=10)
        await self.node.rules(RULES)
        self.servers.asked.clear()

    def someone(self) -> str:
        """One of the people here."""
        return self.node.person(self.chance.choice(self.names)).uri

    def some(self, most: int) -> list[str]:
        """One or some of the people here."""
        chosen = self.chance.sample(self.names, self.chance.randint(1, most))
        return [self.node.person(name).uri for name in chosen]

    def sentence(self) -> str:
        """Words that nobody else writes."""
        return " ".join(self.chance.sample(WORDS, 14)) + f" {next(self._number)}"

    def background(self) -> list[Step]:
        """Honest messages: most of contacts and in a group, and first ones of strangers."""
        fresh, known = part(20, 2), part(180, 18)
        inside = part(1800, 60)
        steps = [self._stranger(self.new, self.honest.fresh, "honest") for _ in range(fresh)]
        steps += [self._stranger(self.known, self.honest.known, "kind") for _ in range(known)]
        steps += [self._contact(to_group=bool(number % 2)) for number in range(inside)]
        return steps

    def _stranger(self, hosts: Sequence[str], told: list[str], name: str) -> Step:
        host, text = self.chance.choice(hosts), self.sentence()
        sender = self.servers.person(host, f"{name}{next(self._number)}")
        told.append(text)
        return lambda: write(sender, [self.someone()], text)

    def _contact(self, *, to_group: bool) -> Step:
        text = self.sentence()
        self.honest.inside.append(text)
        if to_group:
            return lambda: self._say(text)
        return lambda: write(self.friend, [self.someone()], text)

    async def _say(self, text: str) -> int:
        await self.network.nodes["beta.test"].person("bo").say(self.room, text)
        return 202

    async def play(self, steps: list[tuple[float, Step]], seconds: float) -> None:
        """Let everything happen at its part of so long a time, and be worked off every minute."""
        now = 0.0
        for at, step in sorted(steps, key=lambda one: one[0]):
            due = at * seconds
            if due - now >= 60:
                await self.network.settle()
                self.network.advance(seconds=due - now)
                now = due
            assert await step() in {200, 202, 403}
        await self.network.settle()

    def spread(self, steps: Sequence[Step]) -> list[tuple[float, Step]]:
        """Each step with the part of the time at which it happens."""
        return [(self.chance.random(), step) for step in steps]

    async def requests(self) -> dict[str, list[str]]:
        """What waits as a request, by person."""
        return {
            name: [
                one["last_message"]["text"]
                for one in await self.node.person(name).rooms("requests")
            ]
            for name in self.names
        }

    async def check_honest(self) -> None:
        """Scenario 6: no contact was touched, and what was held by mistake comes in the end."""
        texts = [row["text"] for row in await self.node.rows("SELECT text FROM message")]
        assert set(self.honest.inside) <= set(texts)
        decided = await self.node.rows("SELECT actor_uri FROM policy_decision")
        untouched = {self.friend.uri, "https://beta.test/u/bo"}
        assert untouched.isdisjoint(one["actor_uri"] for one in decided)
        seen = {text for each in (await self.requests()).values() for text in each}
        missing = [text for text in self.honest.known if text not in seen]
        assert len(missing) <= 0.02 * len(self.honest.known)

        self.network.advance(hours=73)
        await self.node.tidy()
        await self.network.settle()
        stored = [row["text"] for row in await self.node.rows("SELECT text FROM message")]
        assert {*self.honest.known, *self.honest.fresh} <= set(stored)


@pytest_asyncio.fixture
async def stage(network: Network, ca: trustme.CA) -> Stage:
    made = Stage(network, ca)
    await made.set()
    return made


async def test_01_06_the_wave_of_february_2024_reaches_nobody(stage: Stage):
    hosts = [*stage.known, *stage.new]
    accounts = [
        stage.servers.person(stage.chance.choice(hosts), f"wave{number}")
        for number in range(part(1200))
    ]
    picture = "https://pictures.test/spam.png"
    told: list[float] = []

    def post(sender: LegacyPeer, at: float) -> tuple[float, Step]:
        told.append(at)
        people = stage.some(5)
        link = '<a href="https://discord.example/join">join us</a>'
        text = f"{stage.sentence()} {link}"
        return at, lambda: write(sender, people, text, pictures=[picture])

    wave = [post(sender, stage.chance.random()) for sender in accounts for _ in range(5)]
    await stage.play(wave + stage.spread(stage.background()), 2 * 3600)

    decided = await stage.node.rows("SELECT activity_id, action FROM policy_decision")
    kept = {one["activity_id"] for one in decided if one["action"] in {"hold", "drop"}}
    of_wave = {one for one in kept if "/users/wave" in one}
    assert len(of_wave) >= 0.97 * len(wave)
    for each in (await stage.requests()).values():
        assert sum("join us" in text for text in each) <= 1
    assert stage.servers.beside_actors() == []
    await stage.check_honest()


async def test_02_06_nicole_is_held_from_the_eighth_on_and_what_came_before(stage: Stage):
    greetings = ("Hi", "Hello", "Hey", "Good day")
    names = ("Nicole", "Nicola", "Nikole", "Nicky")
    accounts = [
        stage.servers.person(host, f"nicole{number}")
        for number, host in enumerate(stage.chance.choices(stage.known, k=part(60, 40)))
    ]
    people = stage.chance.sample(stage.names, min(len(stage.names), len(accounts)))
    chosen = [people[number % len(people)] for number in range(len(accounts))]

    def post(number: int) -> Step:
        text = (
            f"{stage.chance.choice(greetings)}, I am {stage.chance.choice(names)} and I am looking "
            "for new friends in the Fediverse, tell me something about your life there"
        )
        return lambda: write(accounts[number], [stage.node.person(chosen[number]).uri], text)

    minutes = 7 * len(accounts)
    wave = [(number / len(accounts), post(number)) for number in range(len(accounts))]
    await stage.play(wave + stage.spread(stage.background()), minutes * 60)

    held = [one for one in await waiting(stage.node) if "/users/nicole" in one.actor_uri]
    seen = [
        text
        for each in (await stage.requests()).values()
        for text in each
        if "looking for new friends" in text
    ]
    assert len(held) >= 0.95 * len(accounts)
    assert len(seen) <= 0.05 * len(accounts)
    await stage.check_honest()


@pytest.mark.parametrize(
    ("condition", "names", "text"),
    [
        (
            (
                "stage = \"actor\"\nwhen.actor_name = '(?i)^official[ _-]?support\\d*$'\n"
                'when.actor_first_seen = "<7d"'
            ),
            ("official_support7", "Official-Support", "officialsupport", "official_supporter"),
            "your account will be closed",
        ),
        (
            "stage = \"content\"\nwhen.text = '(?i)casino.{0,20}bonus'",
            ("lucky",),
            "the casino with the best bonus",
        ),
    ],
)
async def test_04_06_what_observes_counts_exactly_what_enforcing_holds(
    stage: Stage, condition: str, names: tuple[str, ...], text: str
):
    written = f'[[rule]]\nid = "watched"\n{condition}\naction = "hold"\n'
    senders = [
        stage.servers.person(stage.known[at % len(stage.known)], name)
        for at, name in enumerate(names * 3)
    ]

    async def round_of(extra: str) -> set[str]:
        await stage.node.rules(written + extra)
        before = {one["id"] for one in await stage.node.rows("SELECT id FROM policy_decision")}
        for sender in senders:
            assert await write(sender, [stage.someone()], f"{text} {stage.sentence()}") == 202
        await stage.play(stage.spread(stage.background()), 600)
        rows = await stage.node.rows("SELECT id, actor_uri FROM policy_decision")
        return {one["actor_uri"] for one in rows if one["id"] not in before}

    observed = await round_of('mode = "observe"\n')
    assert await waiting(stage.node) == []
    enforced = await round_of("")

    assert observed == enforced
    assert observed == {one.uri for one in senders if "supporter" not in one.name}
    assert {one.actor_uri for one in await waiting(stage.node)} == enforced

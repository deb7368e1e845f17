"""A whole node inside the process of the test: it starts, works when told, stops, starts again."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import aiohttp

from federation.commands import block_domain
from federation.commands.block_domain import Consequences
from federation.commands.register_account import register_account
from federation.commands.reload_rules import reload_rules
from federation.commands.rotate_keys import rotate_keys
from federation.inbound.gaps import ask_others
from federation.protocol.verdict import Allowed
from federation.upkeep import farewells, homes, reap, rules, waits
from federation.upkeep.clock import ClockWatch
from node.clock import Clock
from node.config.load import Loaded, load
from node.config.sections import Config
from node.entropy import Entropy
from node.identity.bearer import create_token
from node.identity.scopes import PUSH, READ, WRITE
from node.policy_in_force import read_now
from node.runtime import Node, running
from storage import database, inbox_aside
from storage.accounts import find_account
from tests.support.gate import Gate, node_at
from tests.support.person import Person, Room

T = TypeVar("T")
RULES_BEGIN = "# Rules\n"


def read_config(path: Path) -> Config:
    """The configuration in a file of ours."""
    loaded = load(path, {}, Clock().now())
    assert isinstance(loaded, Loaded), loaded
    return loaded.config


@dataclass(slots=True)
class LiveNode:
    """One node of a network; what it knows survives `stop()` and `start()`.

    Attributes:
        name: Its host name.
        people: Those of its people that the test has named, by name.
        chance: Makes its ids and tokens, if they are to be the same each time.
    """

    name: str
    config_file: Path
    clock: Clock
    gate: Gate | None = None
    chance: Random | None = None
    people: dict[str, Person] = field(default_factory=dict)
    _node: Node | None = None
    _watch: ClockWatch | None = None
    _task: asyncio.Task[None] | None = None
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _http: aiohttp.ClientSession | None = None

    @property
    def node(self) -> Node:
        """The node while it runs."""
        assert self._node is not None, f"{self.name} is stopped"
        return self._node

    @property
    def is_running(self) -> bool:
        """Whether it has been started and not stopped since."""
        return self._node is not None

    @property
    def base_url(self) -> str:
        """What its ids begin with."""
        return f"https://{self.name}"

    async def start(self) -> None:
        """Start it in a task of its own; when this returns it answers."""
        self._over = asyncio.Event()
        ready: asyncio.Future[Node] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(ready))
        await asyncio.wait([ready, self._task], return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            await self._task
        self._node = ready.result()
        self._watch = ClockWatch(self.clock.monotonic)
        self._watch.step(self.clock.now())
        self._http = aiohttp.ClientSession(
            f"http://127.0.0.1:{self._node.ports[0]}", headers={"Host": self.name}
        )
        if self.gate is not None:
            self.gate.behind = node_at(self._node.ports[0])

    async def stop(self) -> None:
        """Stop it, with whatever is in its queues."""
        if self.gate is not None:
            self.gate.behind = None
        if self._http is not None:
            await self._http.close()
        self._node, self._http = None, None
        self._over.set()
        if self._task is not None:
            await self._task

    async def inside(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something as this node would."""
        return await self.node.inside(work)

    async def rows(self, sql: str, *args: object) -> list[dict[str, Any]]:
        """What its database holds."""
        return [dict(row) for row in await self.inside(database.fetch(sql, *args))]

    async def work(self) -> bool:
        """Do all that is due; whether there was anything."""
        parts, did_something = self.node.parts, False
        await self.inside(parts.policy.refresh())
        await self.inside(parts.tools.keyring.refresh())
        for worker in (parts.inbox, parts.repairs, parts.deliveries, parts.whispers.fleeting):
            while await self.inside(worker.run_once(self.clock.now())):
                did_something = True
        return did_something

    async def tidy(self) -> None:
        """Do the upkeep that comes every ten minutes."""
        parts, now = self.node.parts, self.clock.now()
        await self.inside(reap.run_once(now, parts.config.federation.queue_retention))
        await self.inside(homes.watch(parts.desk, now))
        await self.inside(farewells.watch(parts.directory, parts.tools, now))
        await self.inside(
            rules.run_once(parts.policy.rules(), new_id=parts.entropy.new_id, now=now)
        )
        await self.inside(waits.ask_again(waits.START, parts.tools, now))

    async def block(self, domain: str, reason: str = "") -> Consequences:
        """Block a domain, as its operator."""
        parts, new_id = self.node.parts, self.node.parts.entropy.new_id
        done = await self.inside(
            block_domain.block(
                domain, reason, space=parts.space, new_id=new_id, now=self.clock.now()
            )
        )
        assert isinstance(done, Consequences), done
        await self.inside(parts.policy.refresh())
        return done

    async def rules(self, text: str) -> int:
        """Let these rules be those of its configuration, as `covey reload` does beside it."""
        parts, clock = self.node.parts, self.clock
        plain = self.config_file.read_text().partition(RULES_BEGIN)[0]
        self.config_file.write_text(f"{plain}{RULES_BEGIN}{text}")
        rules = await self.inside(read_now(read_config(self.config_file), clock.now))
        new_id = parts.entropy.new_id
        done = await self.inside(reload_rules(rules, new_id=new_id, now=clock.now()))
        await self.inside(parts.policy.refresh())
        return done.waiting

    async def rotate(self, uri: str, *, is_compromised: bool = False) -> None:
        """Make new keys for an actor here, as `covey keys rotate` does beside a running node."""
        parts = self.node.parts
        await self.inside(
            rotate_keys(parts.mint, uri, new_id=parts.entropy.new_id, is_compromised=is_compromised)
        )

    async def foresee(self, domain: str) -> Consequences:
        """What blocking a domain would do."""
        told = await self.inside(block_domain.foresee(domain, self.node.parts.space))
        assert isinstance(told, Consequences), told
        return told

    async def unblock(self, domain: str) -> None:
        """Lift a block, as its operator."""
        parts = self.node.parts
        done = await self.inside(
            block_domain.unblock(domain, new_id=parts.entropy.new_id, now=self.clock.now())
        )
        assert isinstance(done, str), done
        await self.inside(parts.policy.refresh())

    async def look_at_clock(self) -> None:
        """Notice that its clock was set, as every node does within seconds."""
        assert self._watch is not None, f"{self.name} was never started"
        await self.inside(self._watch.look(self.clock.now()))

    async def replay_all(self) -> None:
        """Let everything that is parked here be tried again, as its operator."""
        await self.inside(inbox_aside.replay((), self.clock.now(), every=True))

    async def ask_others(self) -> None:
        """Ask what others have, as every node does when six hours have passed."""
        parts = self.node.parts
        await self.inside(ask_others(self.clock.now(), new_id=parts.entropy.new_id))

    async def beat(self) -> None:
        """Note the minute, as every node does."""
        await self.inside(self.node.parts.restoration.refresh(self.clock.now()))

    async def confirm(self) -> bool:
        """Say, as its operator, that the copy from which the backup was made is off."""
        parts = self.node.parts
        return await self.inside(
            parts.restoration.confirm(
                self.clock.now(),
                incarnation=parts.entropy.hexadecimal(),
                new_id=parts.entropy.new_id,
            )
        )

    async def call(
        self, method: str, path: str, *, headers: dict[str, str], json: object = None
    ) -> tuple[int, Any]:
        """Ask its HTTP server past the gate, as its own people do; status and JSON or text."""
        assert self._http is not None, f"{self.name} is stopped"
        async with self._http.request(method, path, headers=headers, json=json) as answer:
            is_json = "json" in answer.content_type
            return answer.status, await (
                answer.json(content_type=None) if is_json else answer.text()
            )

    def person(self, name: str) -> Person:
        """Somebody here; their account is made when they first do something."""
        if name not in self.people:
            self.people[name] = Person(self, name)
        return self.people[name]

    async def token_for(self, name: str) -> str:
        """A bearer token of this person, whose account is made if it is not there."""
        return await self.inside(self._token(name))

    async def texts(self, room: Room) -> list[str]:
        """What the first person that the test named here reads in a conversation, in order."""
        return await next(iter(self.people.values())).texts(room)

    async def _run(self, ready: "asyncio.Future[Node]") -> None:
        config = read_config(self.config_file)
        entropy = Entropy(self.clock.now, self.chance)
        async with running(config, self.clock, has_workers=False, entropy=entropy) as node:
            ready.set_result(node)
            await self._over.wait()

    async def _token(self, name: str) -> str:
        parts = self.node.parts
        if await find_account(name) is None:
            verdict = await register_account(
                parts.mint, name=name, role="member", password_hash="", display_name=name.title()
            )
            assert isinstance(verdict, Allowed), verdict
        return await create_token(
            name, frozenset({READ, WRITE, PUSH}), entropy=parts.entropy, now=self.clock.now()
        )

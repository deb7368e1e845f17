"""Whatever is done to rules, in any order: taken back, they leave nothing of themselves behind.

What is in force after each step is what somebody would get who wrote the same rules afresh.
"""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
import trustme
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from federation.commands import change_rules, lists
from federation.commands.block_domain import blocked_domains
from federation.commands.list_plan import Reading
from federation.commands.lists import Outcome
from federation.commands.rule_change import Changed, Ground
from federation.policy.domains import Rules, find_rule, rules_of
from federation.policy.facts import Direction
from federation.policy.lists.entry import Entry
from federation.policy.lists.subscribed import Subscription
from federation.policy.lists.written import table_in
from federation.policy.merge import merged, of_lists
from federation.policy.problem import Unreadable
from federation.policy.read_rule import read_rules
from federation.policy.rule import Action, Policy
from federation.protocol.verdict import Refused
from federation.queries.stored_rules import stored_rules
from storage import database, policy_lists
from storage import stored_rules as rows
from storage.database import transaction
from tests.network.stories import together
from tests.network.test_judging import STRANGER
from tests.network.test_judging import rule as hold
from tests.support.mold import url_of
from tests.support.network import Molds, Network

pytestmark = [pytest.mark.network, pytest.mark.histories]

T = TypeVar("T")
START = datetime.fromisoformat("2026-12-01T12:00:00+00:00")
# People here are in touch with the first, and something from the second is held.
HOSTS = ("beta.test", "gts.test", "other.test", "sub.other.test")
LIST = Subscription("partner", "plain")
# What changing rules may write besides rules: what was done, which set holds, what lists say.
WRITTEN = frozenset({"audit", "setting", "policy_list", "stored_rule"})
# What parting from a host may change: memberships end, and who is told of it.
PARTING = frozenset(
    {
        *("activity", "conversation", "delivery", "departure", "event", "log_entry", "membership"),
        *("member_span", "state_link", "author_log", "peer", "relay", "repair", "message"),
        *("recipient", "invitation", "succession"),
    }
)
EXAMPLES = int(os.environ.get("EXAMPLES", "200"))

domain = st.sampled_from(HOSTS)
names = st.sampled_from(["a", "b", "c"])
keys = st.fixed_dictionaries(
    {
        "domain": domain,
        "action": st.sampled_from(["accept", "request", "hold", "reject", "drop"]),
        "direction": st.sampled_from(["in", "out", "both"]),
    },
    optional={
        "mode": st.sampled_from(["enforce", "observe", "off"]),
        "priority": st.integers(-1, 1),
        "days": st.integers(1, 40),
        "exact": st.booleans(),
    },
)


async def village(folder: Path, ca: trustme.CA, molds: Molds) -> Path:
    """The database of a node with people in touch with others, and with something held."""
    network = Network(folder, ca, molds)
    await network.open()
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, dana = alpha.person("al"), beta.person("bo"), network.legacy_peer()
    await bo.arrive()
    await al.write_to(bo.acct, "hello")
    await al.follow(bo.acct)
    await network.settle()
    await together(network, al, bo)
    await together(network, bo, al)
    await alpha.rules(hold(STRANGER, "hold"))
    await dana.write_to(al.uri, "held")
    await network.settle()
    await alpha.rules("")
    await network.close()
    return folder / "alpha.test" / "covey.db"


def is_of_list(name: str) -> bool:
    """Whether a rule of this name was made of an entry of the list."""
    return name.startswith(f"{LIST.id}.")


class Deeds(RuleBasedStateMachine):
    """An operator who makes rules, changes them, takes them back, and reads a list."""

    made: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.stack = contextlib.AsyncExitStack()
        self.now, self.numbers = START, count(1)
        self.tables: dict[str, Mapping[str, Any]] = {}
        self.has_parted = False
        for file in self.made.parent.glob("covey.db*"):
            shutil.copy(file, self.folder)
        self.run(self.stack.enter_async_context(database.opened(url_of(self.folder / "covey.db"))))
        self.run(self.subscribe())
        self.before = self.run(self.everything())

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    async def subscribe(self) -> None:
        async with transaction():
            await policy_lists.know({LIST.id: LIST.source}, self.now)

    def ground(self) -> Ground:
        self.now += timedelta(seconds=1)
        return Ground(Policy(), ["alpha.test"], lambda: f"{next(self.numbers):026}", self.now)

    async def everything(self) -> dict[str, list[str]]:
        """Every row of every table."""
        found = await database.fetch("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = sorted(row["name"] for row in found if not row["name"].startswith("sqlite_"))
        return {
            table: sorted(
                str(tuple(dict(row).values()))
                for row in await database.fetch(f'SELECT * FROM "{table}"')  # noqa: S608
            )
            for table in tables
        }

    def table(self, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        written = {
            key: asked[key] for key in ("action", "direction", "mode", "priority") if key in asked
        }
        when = {"domain": [asked["domain"]]}
        if asked.get("exact"):
            when |= {"exact": True}  # type: ignore[dict-item]
        if asked["action"] in {"request", "hold"}:
            written["direction"] = "in"
        ends = {"expires": self.now + timedelta(days=asked["days"])} if "days" in asked else {}
        return {"id": name, "stage": "domain", "when": when, **written, **ends}

    def done(self, changed: Changed) -> None:
        if changed.parted.removed or changed.parted.leaving or changed.waiting:
            self.has_parted = True

    @rule(name=names, asked=keys)
    def adds(self, name: str, asked: Mapping[str, Any]) -> None:
        table = self.table(name, asked)
        told = self.run(change_rules.add([table], self.ground()))
        assert isinstance(told, Unreadable) is (name in self.tables)
        if isinstance(told, Changed):
            self.tables[name] = table
            self.done(told)

    @rule(name=names, asked=keys)
    def edits(self, name: str, asked: Mapping[str, Any]) -> None:
        table = self.table(name, asked)
        old = self.tables.get(name, {}).keys() - table.keys()
        told = self.run(change_rules.edit(name, table, sorted(old), self.ground()))
        assert isinstance(told, Refused) is (name not in self.tables)
        if isinstance(told, Changed):
            self.tables[name] = table
            self.done(told)

    @rule(name=names)
    def expires(self, name: str) -> None:
        told = self.run(change_rules.expire(name, self.now, self.ground()))
        if isinstance(told, Changed):
            self.tables[name] = {**self.tables[name], "expires": self.now - timedelta(seconds=1)}
            self.done(told)

    @rule(name=names)
    def reverts(self, name: str) -> None:
        told = self.run(change_rules.revert(name, self.ground()))
        assert isinstance(told, Changed) is (name in self.tables)
        self.tables.pop(name, None)
        if isinstance(told, Changed):
            self.done(told)

    @rule(days=st.integers(1, 40))
    def waits(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.run(change_rules.note_over(self.now))
        self.run(rows.reap(self.now - timedelta(days=30)))
        left = {row.id for row in self.run(rows.listed())}
        self.tables = {name: table for name, table in self.tables.items() if name in left}

    @rule(on_it=st.frozensets(domain), action=st.sampled_from([Action.REQUEST, Action.REJECT]))
    def reads_a_list(self, on_it: frozenset[str], action: Action) -> None:
        entries = tuple(Entry(host, action) for host in sorted(on_it))
        reading = Reading(entries, self.now + timedelta(days=1))
        told = self.run(lists.take(LIST, reading, self.ground()))
        assert isinstance(told, Outcome), told
        self.of_list(told)

    @rule(only=st.none() | domain)
    def adopts(self, only: str | None) -> None:
        told = self.run(lists.adopt(LIST, self.ground(), None if only is None else [only]))
        if isinstance(told, Outcome):
            self.of_list(told)

    @rule(which=st.integers(0, 3))
    def reverts_of_list(self, which: int) -> None:
        of_it = [row.id for row in self.run(rows.listed()) if is_of_list(row.id)]
        if of_it:
            told = self.run(change_rules.revert(of_it[which % len(of_it)], self.ground()))
            assert isinstance(told, Changed)
            self.done(told)

    def of_list(self, told: Outcome) -> None:
        self.done(told.changed)

    async def in_force(self) -> Rules:
        policy = merged(Policy(), await stored_rules())
        return rules_of(policy, await blocked_domains(), now=self.now, own_hosts=["alpha.test"])

    async def afresh(self) -> Rules:
        """The rules as somebody would have them who made them all at once."""
        of_list = [table_in(row.written) for row in await rows.listed() if is_of_list(row.id)]
        read = read_rules([*self.tables.values(), *of_list])
        assert not isinstance(read, Unreadable)
        policy = merged(Policy(), of_lists(read, await policy_lists.ids()))
        return rules_of(policy, (), now=self.now, own_hosts=["alpha.test"])

    @invariant()
    def is_in_force_what_was_written(self) -> None:
        held, fresh = self.run(self.in_force()), self.run(self.afresh())
        by_id = {ready.id: ready for ready in fresh.chain.policy.rules}
        assert {each.id for each in held.chain.policy.rules} == by_id.keys()
        if len({each.priority for each in by_id.values()}) == len(by_id):
            for host in HOSTS:
                for way in (Direction.IN, Direction.OUT):
                    assert find_rule(held, host, way) == find_rule(fresh, host, way)

    def teardown(self) -> None:
        try:
            for row in self.run(rows.listed()):
                told = self.run(change_rules.revert(row.id, self.ground()))
                assert isinstance(told, Changed), told
                self.done(told)
            self.check_nothing_left()
        finally:
            self.run(self.stack.aclose())
            self.runner.close()
            shutil.rmtree(self.folder)

    def check_nothing_left(self) -> None:
        after = self.run(self.everything())
        held = self.run(self.in_force())
        for host in HOSTS:
            assert {find_rule(held, host, way) for way in Direction} == {None}
        assert after["stored_rule"] == []
        may_change = WRITTEN | PARTING if self.has_parted else WRITTEN
        changed = {table for table in after if after[table] != self.before[table]}
        assert changed <= may_change


@pytest.fixture(scope="module")
def made(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    molds = Molds("sqlite", tmp_path_factory.mktemp("molds"))
    with asyncio.Runner() as runner:
        return runner.run(village(tmp_path_factory.mktemp("village"), ca, molds))


def test_what_was_done_to_rules_leaves_nothing_behind(made: Path) -> None:
    machine: Callable[[], RuleBasedStateMachine] = type("Here", (Deeds,), {"made": made})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(1, EXAMPLES // 20),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

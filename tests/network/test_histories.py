"""Whatever people do to a group, and the net to its nodes: what was promised holds in the end.

The rules of a machine are drawn by chance. A history that fails is made as short as it can be,
printed step by step, and played again by the next run.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
import trustme
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.support.network import Molds
from tests.support.promises import Verdict
from tests.support.town import PEOPLE, Cast, Town, cast_town

pytestmark = [pytest.mark.network, pytest.mark.histories]

HOSTS = tuple(PEOPLE)
# Each kind of history has its share of the examples: so many nodes, and so many steps at most.
KINDS = ((3, 12), (3, 24), (4, 20), (5, 20))
EXAMPLES = int(os.environ.get("EXAMPLES", "200"))
ALTERATIONS = ("edit", "delete", "like", "burn", "unlike")
TREATMENTS = ("remove", "ban", "admin", "moderator", "member")
TROUBLES = ("cut", "heal", "hold", "release", "repeat", "lose", "pass", "restart")

who, which, node = st.integers(0, 6), st.integers(0, 3), st.integers(0, 4)

T = TypeVar("T")


@pytest.fixture(scope="module")
def cast(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    molds = Molds("sqlite", tmp_path_factory.mktemp("molds"))
    with asyncio.Runner() as runner:
        return runner.run(cast_town(tmp_path_factory.mktemp("cast"), ca, molds))


class Histories(RuleBasedStateMachine):
    """Numbers of people and nodes are counted among those who are there."""

    start: Callable[[Path], Coroutine[Any, Any, Town]]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.town = self.run(self.start(self.folder))

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    @rule(who=who)
    def says(self, who: int) -> None:
        self.run(self.town.speak(who))

    @rule(who=who, which=which)
    def replies(self, who: int, which: int) -> None:
        self.run(self.town.speak(who, reply_to=which))

    @rule(who=who, which=which, how=st.sampled_from(ALTERATIONS))
    def alters(self, who: int, which: int, how: str) -> None:
        self.run(self.town.alter(who, which, how))

    @rule(who=who, whom=who)
    def invites(self, who: int, whom: int) -> None:
        self.run(self.town.invite(who, whom))

    @rule(who=who, how=st.sampled_from(["accept", "accept", "decline"]))
    def answers(self, who: int, how: str) -> None:
        self.run(self.town.answer(who, how))

    @rule(who=who)
    def joins(self, who: int) -> None:
        self.run(self.town.join(who))

    @rule(who=who)
    def leaves(self, who: int) -> None:
        self.run(self.town.leave(who))

    @rule(who=who, whom=who, how=st.sampled_from(TREATMENTS))
    def treats(self, who: int, whom: int, how: str) -> None:
        self.run(self.town.treat(who, whom, how))

    @rule(who=who, how=st.sampled_from(["title", "joined", "invited", "shared"]))
    def changes(self, who: int, how: str) -> None:
        self.run(self.town.change(who, how))

    @rule(node=node, how=st.sampled_from(TROUBLES), seed=st.integers(0, 9))
    def suffers(self, node: int, how: str, seed: int) -> None:
        self.run(self.town.trouble(node, how, seed))

    @rule(seconds=st.sampled_from([1, 15, 120, 1200]))
    def waits(self, seconds: int) -> None:
        self.run(self.town.pass_time(seconds))

    @rule(node=node)
    def works(self, node: int) -> None:
        self.run(self.town.work(node))

    def teardown(self) -> None:
        try:
            self.run(self.town.rest(seed=1))
            assert self.run(Verdict(self.town).faults()) == []
        finally:
            self.run(self.town.network.close())
            self.runner.close()
            shutil.rmtree(self.folder)


def histories(cast: Cast, ca: trustme.CA, nodes: int) -> type[Histories]:
    """The machine for the first so many nodes."""

    def start(folder: Path) -> Coroutine[Any, Any, Town]:
        return Town.open(cast, folder, ca, HOSTS[:nodes])

    return type("Histories", (Histories,), {"start": staticmethod(start)})


def test_what_was_removed_before_it_came_to_somebody_need_not_be_known_to_them(
    cast: Cast, ca: trustme.CA
) -> None:
    history = histories(cast, ca, 3)()

    history.suffers(node=1, how="lose", seed=0)
    history.says(who=2)
    history.waits(seconds=1)
    history.alters(who=0, which=0, how="delete")

    history.teardown()


@pytest.mark.parametrize(("nodes", "steps"), KINDS)
def test_every_history_ends_as_promised(cast: Cast, ca: trustme.CA, nodes: int, steps: int) -> None:
    chosen = settings(
        max_examples=max(1, EXAMPLES // len(KINDS)),
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        print_blob=True,
    )
    run_state_machine_as_test(histories(cast, ca, nodes), settings=chosen)

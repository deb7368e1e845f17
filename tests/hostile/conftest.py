"""One node for the cases of a test process, and a node of its own for a case that needs one."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest
import pytest_asyncio

from tests.hostile.cast import Time
from tests.hostile.corpus import corpus, find_id_in, id_in, ids_in
from tests.hostile.stage import Stage, set_stage, strike
from tests.hostile.trial import Trial

_SOURCES = count(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Cases share a node, and so its event loop. `PART=2/3` plays the second third of them."""
    played = ids_in(os.environ.get("PART", ""))
    left_out = []
    for item in [one for one in items if "tests/hostile/" in str(one.path)]:
        item.add_marker(pytest.mark.hostile)
        if pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        entry = find_id_in(item.name)
        if entry and entry not in played:
            left_out.append(item)
    if left_out:
        items[:] = [one for one in items if one not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    made = await set_stage(tmp_path_factory.mktemp("stage"))
    yield made
    await strike(made)


@pytest_asyncio.fixture(loop_scope="session")
async def trial(stage: Stage, request: pytest.FixtureRequest) -> AsyncIterator[Trial]:
    """A case on the shared node; what must always hold is checked after it."""
    made = _trial(stage, request)
    yield made
    await made.end()
    request.node.user_properties += made.measures


@pytest_asyncio.fixture(loop_scope="session")
async def fresh(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[Trial]:
    """A case on a node of its own, with what the mark `configured` says."""
    mark = request.node.get_closest_marker("configured")
    more = mark.kwargs if mark is not None else {}
    made = await set_stage(tmp_path_factory.mktemp("fresh"), like=stage, more=more)
    trial = _trial(made, request)
    try:
        yield trial
        await trial.end()
    finally:
        Time.ahead = timedelta()
        request.node.user_properties += trial.measures
        await strike(made)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured: the largest of each kind, and where."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("")]
    measures = {
        (*measure, report.nodeid.rpartition("::")[2])
        for report in reports
        for measure in report.user_properties
    }
    for name in sorted({one[0] for one in measures}):
        of_this = sorted(((one[1], one[2]) for one in measures if one[0] == name), reverse=True)
        for value, test in of_this[:3]:
            terminalreporter.write_line(f"{name}: {value:.2f} in {test}")


def _trial(stage: Stage, request: pytest.FixtureRequest) -> Trial:
    number = next(_SOURCES)
    source = f"127.1.{number // 250}.{number % 250 + 1}"
    trial = Trial(stage, corpus()[id_in(request.node.originalname)], source)
    trial.begin()
    return trial

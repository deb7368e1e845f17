"""Nodes of both kinds of database, seeds, and the part of the scenarios that is asked for.

`PART=ci` leaves out what takes minutes, and most of PostgreSQL. What a test has measured is
printed at the end.
"""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
import pytest_asyncio
import trustme

from tests.faults.cluster import Cluster, Group, make_cluster, make_group
from tests.support.network import Molds
from tests.support.networked import ENGINES, ca, network, no_system_cas

__all__ = ["ca", "network", "no_system_cas"]

PART = "ci"
Measure = Callable[[str, float], None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything here is a fault; what is marked `long` is not in the part for every push."""
    part = os.environ.get("PART", "")
    ours = [one for one in items if "tests/faults/" in str(one.path)]
    for item in ours:
        item.add_marker(pytest.mark.faults)
    if ours and part not in {"", PART}:
        raise pytest.UsageError(f"PART={part} is not {PART}")
    left_out = [one for one in ours if part and _takes_long(one)]
    if left_out:
        items[:] = [one for one in items if one not in left_out]
        config.hook.pytest_deselected(items=left_out)


def _takes_long(item: pytest.Item) -> bool:
    """Whether it takes minutes; on PostgreSQL only processes that are killed are always tried."""
    is_further = "[postgres" in item.name and not item.name.startswith(("test_f01_", "test_f02_"))
    return is_further or item.get_closest_marker("long") is not None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            test = report.nodeid.rpartition("::")[2]
            terminalreporter.write_line(f"{test}: {name}: {value:.2f}")


@pytest.fixture
def measure(request: pytest.FixtureRequest) -> Measure:
    """Keep a figure that is printed and not judged."""

    def kept(name: str, value: float) -> None:
        request.node.user_properties.append((name, value))

    return kept


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def molds(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Molds:
    return Molds(engine, tmp_path_factory.mktemp("molds"))


@pytest.fixture(scope="session")
def group(engine: str, ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Group:
    return make_group(engine, ca, tmp_path_factory.mktemp("group"))


@pytest.fixture(scope="session")
def sqlite_group(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Group:
    """The same for what happens to files alone."""
    return make_group("sqlite", ca, tmp_path_factory.mktemp("sqlite_group"))


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """A folder that the user of PostgreSQL may enter too."""
    folder = Path(mkdtemp(prefix="covey-faults-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest_asyncio.fixture
async def cluster(group: Group, tmp_path: Path) -> AsyncIterator[Cluster]:
    """Three nodes in processes of their own, not started."""
    made = await make_cluster(group, tmp_path)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def files(sqlite_group: Group, tmp_path: Path) -> AsyncIterator[Cluster]:
    """The same on SQLite, whatever else is tried."""
    made = await make_cluster(sqlite_group, tmp_path)
    yield made
    await made.close()

"""Commands run in this process; what they do to logging is undone."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from node.cli.main import main


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


Covey = Callable[..., Ended]


@pytest.fixture
def covey(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Covey]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.delenv("COVEY_CONFIG", raising=False)

    def run(*arguments: str | Path) -> Ended:
        status = main([str(each) for each in arguments])
        said = capsys.readouterr()
        return Ended(status, said.out, said.err)

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def fresh_node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `covey init` leaves it."""
    folder = tmp_path_factory.mktemp("fresh") / "node"
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    arguments = ["init", "--host", "alpha.test", "--yes", "--config", f"{folder}/config.toml"]
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        assert main(arguments) == 0
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    return folder


@pytest.fixture
def node(fresh_node: Path, tmp_path: Path) -> Path:
    """The configuration of a fresh node."""
    return Path(shutil.copytree(fresh_node, tmp_path / "node")) / "config.toml"

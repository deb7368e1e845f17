"""Commands run in this process."""

import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from node.cli.main import main
from tests.support.kept_logging import kept_logging


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


Covey = Callable[..., Ended]


@pytest.fixture
def covey(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Covey:
    monkeypatch.delenv("COVEY_CONFIG", raising=False)

    def run(*arguments: str | Path) -> Ended:
        status = main([str(each) for each in arguments])
        said = capsys.readouterr()
        return Ended(status, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def fresh_node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `covey init` leaves it."""
    folder = tmp_path_factory.mktemp("fresh") / "node"
    arguments = ["init", "--host", "alpha.test", "--yes", "--config", f"{folder}/config.toml"]
    with kept_logging(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        assert main(arguments) == 0
    return folder


@pytest.fixture
def node(fresh_node: Path, tmp_path: Path) -> Path:
    """The configuration of a fresh node."""
    return Path(shutil.copytree(fresh_node, tmp_path / "node")) / "config.toml"

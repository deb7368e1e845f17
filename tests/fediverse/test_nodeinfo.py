"""Other servers, and people at a terminal, learn of the same release."""

import tomllib

import pytest

from node.cli.main import main
from node.release import own_version
from tests.architecture.conftest import ROOT
from tests.fediverse.conftest import Town


async def test_the_release_of_the_project_is_the_one_that_is_told_everywhere(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    document = await (await town.get("/nodeinfo/2.1")).json(content_type=None)
    status = main(["--version"])

    assert document["software"]["version"] == version
    assert (status, capsys.readouterr().out) == (0, f"covey, version {version}\n")
    assert own_version() == version

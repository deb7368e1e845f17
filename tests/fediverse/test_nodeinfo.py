"""Other servers, and people at a terminal, learn of the same release."""

import tomllib

import pytest

from node.cli.main import main
from node.release import own_version
from tests.architecture.conftest import ROOT
from tests.fediverse.conftest import Town


@pytest.mark.parametrize("version", ["2.0", "2.1"])
async def test_both_versions_are_there_and_say_whose_client_api_is_spoken(
    town: Town, version: str
) -> None:
    links = (await (await town.get("/.well-known/nodeinfo")).json(content_type=None))["links"]
    answer = await town.get(f"/nodeinfo/{version}")
    document = await answer.json(content_type=None)

    assert f"https://home.test/nodeinfo/{version}" in [one["href"] for one in links]
    assert f"schema/{version}#" in answer.headers["Content-Type"]
    assert document["version"] == version
    assert document["software"]["name"] == "covey"
    assert document["metadata"] == {"upstream": {"name": "mastodon"}}


async def test_the_release_of_the_project_is_the_one_that_is_told_everywhere(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    document = await (await town.get("/nodeinfo/2.1")).json(content_type=None)
    status = main(["--version"])

    assert document["software"]["version"] == version
    assert (status, capsys.readouterr().out) == (0, f"covey, version {version}\n")
    assert own_version() == version

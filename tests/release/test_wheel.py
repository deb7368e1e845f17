"""What is handed out: a wheel that is always the same, runs by itself, and tells what it runs with.

What it needs is fetched once by `pip download`, checked against the hashes of the lock; from then
on no index is asked.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.architecture.conftest import PACKAGES, ROOT, named
from tests.support.process_node import free_ports

pytestmark = [pytest.mark.release, pytest.mark.timeout(600)]

PATIENCE_S = 60
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
LOCK = ROOT / "deploy" / "requirements.txt"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
FROM_THE_LOCK = ("--require-hashes", "--only-binary", ":all:", "--requirement", LOCK)


def run(*command: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> str:
    """What a command prints; it ends well."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("COVEY")}
    ended = subprocess.run(
        command,
        cwd=cwd,
        env={**ours, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def built(into: Path, **environment: str) -> Path:
    run(sys.executable, ROOT / "deploy" / "build_wheel.py", into, cwd=ROOT, environment=environment)
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a fresh environment into which the wheel was installed without an index."""
    folder = tmp_path_factory.mktemp("installed")
    wheels = folder / "wheelhouse"
    run(*PIP, "download", *FROM_THE_LOCK, "--dest", wheels, cwd=folder)
    (wheels / wheel.name).write_bytes(wheel.read_bytes())
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    offline = ("--no-index", "--find-links", wheels, "--no-cache-dir")
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "https://index.invalid/simple"}
    run(*PIP, "--python", python, "install", *offline, "covey", cwd=folder, environment=nowhere)
    return python.parent


def test_two_builds_of_one_tree_are_the_same_byte_for_byte(wheel: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        again = built(tmp_path)
    finally:
        os.umask(before)

    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_the_time_of_a_build_is_the_one_it_is_given(tmp_path: Path) -> None:
    with zipfile.ZipFile(built(tmp_path, SOURCE_DATE_EPOCH="1700000000")) as archive:
        assert {each.date_time for each in archive.infolist()} == {(2023, 11, 14, 22, 13, 20)}


def test_the_wheel_has_every_file_of_the_packages_and_its_licence(wheel: Path) -> None:
    ours = {
        named(path)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    with zipfile.ZipFile(wheel) as archive:
        names = {each for each in archive.namelist() if ".dist-info/" not in each}
        beside = set(archive.namelist()) - names
    assert names == ours
    assert f"covey-{VERSION}.dist-info/licenses/LICENSE" in beside


def test_an_installed_node_says_its_version_and_runs(installed: Path, tmp_path: Path) -> None:
    covey, config = installed / "covey", tmp_path / "node" / "config.toml"
    (port,) = free_ports(1)
    url = f"http://localhost:{port}"

    version = run(covey, "--version", cwd=tmp_path)
    said = run(
        *(covey, "init", "--host", "localhost", "--url", url, "--listen", f"127.0.0.1:{port}"),
        *("--yes", "--config", config),
        cwd=tmp_path,
    )

    assert VERSION in version
    assert f"{url}/setup/" in said
    config.write_text(f'{config.read_text()}\n[metrics]\nlisten = ""\n')
    with subprocess.Popen(
        [covey, "serve", "--config", config],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        try:
            ready = process.stderr.readline()
            page = read(installed, f"{url}/sign-in")
            nodeinfo = json.loads(read(installed, f"{url}/nodeinfo/2.1"))
            static = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
            files = [read(installed, url + path) for path in static]
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_S)

    assert ready == f"ready {url}\n"
    assert nodeinfo["software"]["version"] == VERSION
    assert files
    assert all(files)
    assert process.returncode == 0


def read(installed: Path, url: str) -> str:
    """A page, as a program without anything of ours gets it."""
    script = (
        "import sys, urllib.request as r; "
        "print(r.urlopen(sys.argv[1], timeout=30).read().decode(errors='replace'))"
    )
    return run(installed / "python", "-c", script, url, cwd=installed)


def test_the_bill_of_materials_names_what_is_installed(installed: Path, tmp_path: Path) -> None:
    bill = tmp_path / "covey.cdx.json"
    run(
        *(Path(sys.executable).parent / "cyclonedx-py", "environment", "--output-reproducible"),
        *("--pyproject", ROOT / "pyproject.toml", "--output-file", bill, installed / "python"),
        cwd=tmp_path,
    )

    document = json.loads(bill.read_text())
    named_there = {one["name"].lower().replace("_", "-") for one in document["components"]}
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK.read_text(), re.MULTILINE))
    assert document["bomFormat"] == "CycloneDX"
    assert document["metadata"]["component"]["name"] == "covey"
    assert document["metadata"]["component"]["version"] == VERSION
    assert named_there == locked

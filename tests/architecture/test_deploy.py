"""What the files in deploy/ say to a node is what a node understands."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from node.config.option import Kind, options_of
from node.config.sections import sections
from node.roles import Role
from tests.architecture.conftest import ROOT

FILES = sorted(
    file
    for pattern in ("*.yaml", "*.service", "Containerfile", "Caddyfile*")
    for file in (ROOT / "deploy").glob(pattern)
)
KEY = re.compile(r"COVEY__([A-Z]+)__([A-Z_]+)\b")
ROLE = re.compile(r"--role, (\w+)|COVEY_ROLE=(\w+)")
TAKES_FILE = {("server", "secret_key"), ("database", "url")}


def is_key(section: str, key: str) -> bool:
    options = options_of(sections()[section])
    bare = key.removesuffix("_file")
    return key in options or ((section, bare) in TAKES_FILE and bare in options)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_key_is_one_of_the_configuration(file: Path) -> None:
    found = {(a.lower(), b.lower()) for a, b in KEY.findall(file.read_text())}

    assert [one for one in found if not is_key(*one)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_role_is_one(file: Path) -> None:
    found = {first or second for first, second in ROLE.findall(file.read_text())}

    assert found <= {role.value for role in Role}


def test_there_is_something_to_look_at() -> None:
    text = "".join(file.read_text() for file in FILES)

    assert {"web", "worker"} <= {first or second for first, second in ROLE.findall(text)}
    assert options_of(sections()["server"])["secret_key"].kind is Kind.SEALING_KEY


@pytest.mark.parametrize("name", ["covey.service", "covey@.service"])
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_a_service_is_exposed_no_further_than_it_must(name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager"]
    told = subprocess.run(
        [*command, str(ROOT / "deploy" / name)], capture_output=True, text=True, check=False
    )

    assert told.returncode == 0, told.stdout[-200:] + told.stderr


@pytest.mark.parametrize("name", ["covey.service", "covey@.service"])
def test_a_service_is_started_watched_and_told_to_reload(name: str) -> None:
    lines = (ROOT / "deploy" / name).read_text().splitlines()

    assert {"Type=notify", "WatchdogSec=30", "ExecReload=/bin/kill -HUP $MAINPID"} <= set(lines)

"""What the documents say about the tree is true."""

import re
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from federation.policy.read_policy import FILES
from federation.policy.schema import POLICY
from node.cli.main import covey
from node.config.example import example
from node.config.load import Loaded, load
from node.config.option import options_of
from node.config.sections import sections
from tests.architecture.conftest import ROOT

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)]*)?\)")
MAKE = re.compile(r"\bmake ([a-z][a-z0-9-]*)")
TARGET = re.compile(r"^([a-z][a-z0-9-]*):(?!=)", re.MULTILINE)
COVEY = re.compile(r"\bcovey +([a-z-][^|\n]*)")
TOML = re.compile(r"```toml\n(.*?)```", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
PATH = re.compile(r"`((?:node|federation|storage|tests|deploy|docs)/[\w./-]+)`")

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
IDS = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
def test_every_link_leads_somewhere(path: Path) -> None:
    targets = [match[1] for match in LINK.finditer(path.read_text())]

    local = [each for each in targets if "://" not in each and not each.startswith("mailto:")]
    assert [each for each in local if not (path.parent / each).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
def test_every_file_that_is_named_is_there(path: Path) -> None:
    names = PATH.findall(path.read_text())

    assert [each for each in names if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
def test_every_make_target_that_is_named_exists(path: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))

    named = {name for code in CODE.findall(path.read_text()) for name in MAKE.findall(code)}
    assert named - targets == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
def test_every_command_that_is_shown_is_there_with_its_options(path: Path) -> None:
    shown = [line for code in CODE.findall(path.read_text()) for line in COVEY.findall(code)]

    assert [line for line in shown if not is_a_command(line)] == []


def is_a_command(line: str) -> bool:
    """Whether what stands behind `covey` are a command, its options and what they take."""
    command: click.Command = covey
    words = [word.strip("`") for word in line.split()]
    while isinstance(command, click.Group) and words and words[0].isalpha():
        found = command.get_command(click.Context(command), words.pop(0))
        if found is None:
            return False
        command = found
    known = {name for option in command.params for name in option.opts} | {"--help", "--version"}
    return {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
def test_every_key_of_the_configuration_that_is_shown_is_there(path: Path) -> None:
    known = {name: options_of(section).keys() for name, section in sections().items()}
    known["policy"] = {**POLICY, FILES: None}.keys()

    for text in TOML.findall(path.read_text()):
        for name, keys in tomllib.loads(text).items():
            if isinstance(keys, dict):
                assert {key.removesuffix("_file") for key in keys} <= {
                    key.removesuffix("_file") for key in known[name]
                }


def test_the_example_configuration_is_the_one_the_program_writes() -> None:
    assert (ROOT / "config.example.toml").read_text() == example()


def test_the_example_configuration_loads_with_and_without_its_comments(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("s" * 32)
    path = tmp_path / "config.toml"
    plain = example()
    spelled_out = re.sub(r"^# (?=[a-z_]+ = )", "", plain, flags=re.MULTILINE)

    configs = []
    for text in (plain, spelled_out):
        path.write_text(text)
        answer = load(path, {}, datetime.now(UTC))
        assert isinstance(answer, Loaded), answer
        configs.append(answer.config)
    assert configs[0] == configs[1]


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-release.txt"]
)
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / "deploy" / name).read_text()

    for line in text.splitlines():
        assert re.fullmatch(
            r"[a-z0-9-]+==[0-9][\w.]*( ; [\w .<>=!'()-]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?",
            line,
        ), line


def test_the_development_lock_holds_the_other_one() -> None:
    run, dev = (
        set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / "deploy" / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )

    assert run <= dev


def test_what_continuous_integration_runs_is_a_script_that_parses() -> None:
    for name in ("run", "with-postgres"):
        ended = subprocess.run(
            ["/bin/bash", "-n", ROOT / ".ci" / name], capture_output=True, check=False
        )
        assert ended.returncode == 0, ended.stderr

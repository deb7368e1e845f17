"""A wheel carries every file that the packages need to run, and the lock every library."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.conftest import PACKAGES, ROOT, named

Settings = dict[str, Any]


def files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def test_every_file_that_is_no_module_is_package_data(settings: Settings) -> None:
    data = settings["tool"]["setuptools"]["package-data"]
    carried = {
        path
        for package, patterns in data.items()
        for pattern in patterns
        for path in (ROOT / package).glob(pattern)
    }

    assert [named(path) for path in files() if path.suffix != ".py" and path not in carried] == []


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in files() if path.suffix == ".py"}

    assert [named(each) for each in sorted(folders) if not (each / "__init__.py").exists()] == []


@pytest.mark.parametrize("group", ["", "dev", "release"])
def test_the_lock_holds_what_the_project_asks_for(settings: Settings, group: str) -> None:
    project = settings["project"]
    asked = project["optional-dependencies"][group] if group else project["dependencies"]
    name = f"requirements-{group}.txt" if group else "requirements.txt"
    pins = re.findall(
        r"^([a-z0-9-]+)==([\w.]+)", (ROOT / "deploy" / name).read_text(), re.MULTILINE
    )
    locked = dict(pins)

    needs = [Requirement(line) for line in asked]
    found = [locked.get(canonicalize_name(each.name), "0") for each in needs]
    pairs = zip(needs, found, strict=True)
    assert [str(each) for each, version in pairs if version not in each.specifier] == []

"""The tree in ARCHITECTURE.md has the folders and files of the disk, no fewer and no more."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.architecture.conftest import PACKAGES, ROOT

FOLDERS = re.compile(r"^(?P<indent> *)(?P<names>(?:[\w.-]+/ ?)+)(?= |$)")
NOT_OURS = {"build", "data", "dist", "__pycache__", "node_modules"}
# Their files are told one by one; of the others the sentence says enough.
WITH_FILES = (".ci", "benchmarks", "deploy", *PACKAGES)


def blocks() -> list[str]:
    """What ARCHITECTURE.md sets apart, in its order."""
    return re.findall(r"```\n(.*?)```", (ROOT / "ARCHITECTURE.md").read_text(), re.DOTALL)


def tree_text() -> str:
    """The first tree in ARCHITECTURE.md."""
    return next(each for each in blocks() if "node/" in each)


def tree() -> tuple[set[str], set[str]]:
    """The folders and the files that the first tree in ARCHITECTURE.md names, as paths."""
    folders, files, above = set(), set(), [""]
    for line in tree_text().splitlines():
        match = FOLDERS.match(line)
        if match is None:
            depth = (len(line) - len(line.lstrip())) // 2
            files |= {above[depth] + name for name in line.split()}
            continue
        depth = len(match["indent"]) // 2
        for name in match["names"].split():
            folders.add((above[depth] + name).rstrip("/"))
            above[depth + 1 :] = [above[depth] + name]
    return folders, files


def folders_on_disk() -> Iterator[str]:
    """Top folders, every folder of the three packages, and the folders right under tests."""
    for path in ROOT.iterdir():
        if is_ours(path) and (path.name == ".ci" or not path.name.startswith(".")):
            yield path.name
    for package in (*PACKAGES, "tests", "deploy"):
        for path in (ROOT / package).rglob("*"):
            below = path.relative_to(ROOT)
            is_deep = package == "tests" and len(below.parts) > 2
            if is_ours(path) and not is_deep and not NOT_OURS & set(below.parts):
                yield below.as_posix()


def files_on_disk() -> Iterator[str]:
    """Every file but those that a folder's own sentence stands for."""
    for top in WITH_FILES:
        for path in (ROOT / top).rglob("*"):
            is_source = path.is_file() and path.suffix != ".pyc" and path.name != "__init__.py"
            if is_source and path.name != "py.typed":
                yield path.relative_to(ROOT).as_posix()


def is_ours(path: Path) -> bool:
    is_folder = path.is_dir() and path.name not in NOT_OURS
    return is_folder and not path.name.endswith(".egg-info") and has_files(path)


def has_files(folder: Path) -> bool:
    return any(each.is_file() and "__pycache__" not in each.parts for each in folder.rglob("*"))


def test_every_folder_is_in_the_tree() -> None:
    assert sorted(set(folders_on_disk()) - tree()[0]) == []


def test_every_folder_of_the_tree_is_there() -> None:
    assert sorted(path for path in tree()[0] if not (ROOT / path).is_dir()) == []


def test_every_file_is_in_the_tree() -> None:
    assert sorted(set(files_on_disk()) - tree()[1]) == []


def test_every_file_of_the_tree_is_there() -> None:
    assert sorted(path for path in tree()[1] if not (ROOT / path).is_file()) == []


def layers(contract: dict[str, Any]) -> list[list[str]]:
    """Of a contract, top first; a name in brackets counts once it is on the disk."""
    (package,) = contract["containers"]
    names = [[name.strip("()") for name in line.split(" | ")] for line in contract["layers"]]
    return [[name for name in line if is_module(ROOT / package / name)] for line in names]


def is_module(path: Path) -> bool:
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def test_the_layers_are_those_that_are_checked(settings: dict[str, Any]) -> None:
    contracts = settings["tool"]["importlinter"]["contracts"]

    checked = [layers(each) for each in contracts if "containers" in each]

    told = [[line.split(" | ") for line in each.splitlines()] for each in blocks()[:2]]
    assert told == checked


def lists() -> Iterator[list[str]]:
    """The names of the files of each folder, as they stand."""
    lines = tree_text().splitlines()
    for is_list, group in groupby(lines, key=lambda line: FOLDERS.match(line) is None):
        for _, together in groupby(group, key=lambda line: len(line) - len(line.lstrip())):
            if is_list:
                yield " ".join(together).split()


def test_files_stand_in_their_order_and_each_once() -> None:
    assert [names for names in lists() if names != sorted(set(names))] == []

"""The tree as it is on the disk."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("node", "federation", "storage")
MIGRATIONS = ROOT / "storage" / "migrations"


def sources(*folders: str) -> Iterator[Path]:
    """Every module in these folders but migrations, which are history."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if MIGRATIONS not in path.parents:
                yield path


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="session")
def settings() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())

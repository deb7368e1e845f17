"""The wheel of a tree is always the same, byte for byte, wherever and by whomever it is built.

    python deploy/build_wheel.py FOLDER

What the wheel is made of is copied first: so it holds nothing that an earlier build left behind,
and no modes of this checkout. Its times are that of the last commit, or SOURCE_DATE_EPOCH.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PACKAGES: Final = ("node", "federation", "storage")
BESIDE: Final = ("pyproject.toml", "README.md", "LICENSE")
# Where there is no git to ask: the first second of 2020. A ZIP knows none before 1980.
NO_COMMIT: Final = "1577836800"
NOT_SHIPPED: Final = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info")
LIKE_THIS: Final = ("--no-build-isolation", "--no-index", "--no-deps", "--no-cache-dir")


def build(into: Path) -> None:
    """Build the wheel of this tree into a folder, by the setuptools that runs this."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "covey"
        _copy(tree)
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel"]
        subprocess.run(
            [*command, *LIKE_THIS, "--wheel-dir", into, tree],
            check=True,
            umask=0o022,
            env={**os.environ, "SOURCE_DATE_EPOCH": _time()},
        )


def _copy(tree: Path) -> None:
    tree.mkdir()
    for name in BESIDE:
        shutil.copyfile(ROOT / name, tree / name)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tree / name, ignore=NOT_SHIPPED)
    for path in (tree, *tree.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _time() -> str:
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    git = shutil.which("git")
    if git is None:
        return NO_COMMIT
    asked = [git, "-C", ROOT, "log", "-1", "--format=%ct"]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    return ended.stdout.strip() or NO_COMMIT


if __name__ == "__main__":
    build(Path(sys.argv[1]))

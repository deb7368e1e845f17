"""The import contracts of pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.conftest import ROOT


def test_every_import_contract_is_kept() -> None:
    command = Path(sys.executable).parent / "lint-imports"

    ended = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr

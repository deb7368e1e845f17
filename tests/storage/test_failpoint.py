"""A named point kills the process only where that was allowed."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys
from storage import failpoint

if sys.argv[1] == "allowed":
    failpoint.allow()
failpoint.hit("mid-fan-out")
print("alive")
"""


@pytest.mark.parametrize(
    ("allowed", "point", "status"),
    [
        ("allowed", "mid-fan-out", 137),
        ("allowed", "after-send-before-settle", 0),
        ("allowed", "", 0),
        ("not", "mid-fan-out", 0),
    ],
)
def test_only_the_named_point_kills_and_only_if_allowed(allowed: str, point: str, status: int):
    command = [sys.executable, "-c", PROGRAM, allowed]

    # The program is the text above.
    ended = subprocess.run(command, env=os.environ | {"COVEY_FAILPOINT": point}, check=False)

    assert ended.returncode == status

"""One process serves a SQLite database."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.lock_file import AlreadyServed, served

PROGRAM = """
import sys
from storage.lock_file import served

with served(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_until_the_first_is_gone(tmp_path: Path):
    path = str(tmp_path / "covey.sqlite3")
    command = [sys.executable, "-c", PROGRAM, path]
    # The program is the text above.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"

        with pytest.raises(AlreadyServed), served(path):
            pass
        first.kill()

    with served(path):
        pass


def test_the_same_process_is_refused_too(tmp_path: Path):
    path = str(tmp_path / "covey.sqlite3")

    with served(path), pytest.raises(AlreadyServed), served(path):
        pass


def test_two_databases_do_not_meet(tmp_path: Path):
    with served(str(tmp_path / "a")), served(str(tmp_path / "b")):
        pass


def test_postgres_needs_no_lock():
    with served(""), served(""):
        pass

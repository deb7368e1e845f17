"""A copy of a SQLite database is one moment of it; those who write meanwhile wait for nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.online_backup import PAGES_AT_ONCE, HalfCopyError, copy_file, find_damage

ROWS = 6000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file of several pieces."""
    path = tmp_path / "source.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")
        database.executemany("INSERT INTO line (text) VALUES (?)", [("x" * 800,)] * ROWS)
    return path


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT COUNT(*) FROM line").fetchone()[0])


def test_each_piece_lets_others_write_at_once_and_the_copy_is_of_its_beginning(
    source: Path, tmp_path: Path
):
    target, pieces = tmp_path / "copy.db", []
    # Nobody waits: whoever would have to is refused at once.
    with closing(sqlite3.connect(source, timeout=0, isolation_level=None)) as writer:
        writer.execute("PRAGMA synchronous = FULL")

        def told(done: int, whole: int) -> None:
            pieces.append((done, whole))
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("INSERT INTO line (text) VALUES ('during')")
            writer.execute("DELETE FROM line WHERE id = ?", (len(pieces),))
            writer.execute("COMMIT")

        copy_file(str(source), target, told, pause=lambda _: None)

        assert writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    whole = pieces[0][1]
    # Not one piece was copied twice.
    assert [done for done, _ in pieces] == [
        min(whole, PAGES_AT_ONCE * number) for number in range(1, len(pieces) + 1)
    ]
    assert len(pieces) > 3
    assert (count(target), find_damage(target)) == (ROWS, "")
    assert count(source) == ROWS


def test_the_copy_is_for_this_user_alone_and_nothing_is_replaced(source: Path, tmp_path: Path):
    target = tmp_path / "copy.db"
    copy_file(str(source), target, lambda *_: None)
    before = target.read_bytes()

    with pytest.raises(FileExistsError):
        copy_file(str(source), target, lambda *_: None)

    assert target.read_bytes() == before
    assert target.stat().st_mode & 0o077 == 0


def test_what_is_no_database_is_not_copied(tmp_path: Path):
    source = tmp_path / "source.db"
    source.write_bytes(b"something else" * 1000)

    with pytest.raises(HalfCopyError, match="not a database"):
        copy_file(str(source), tmp_path / "copy.db", lambda *_: None)


@pytest.mark.parametrize("at", [0, 5000, 200_000])
def test_damage_is_found(source: Path, tmp_path: Path, at: int):
    target = tmp_path / "copy.db"
    copy_file(str(source), target, lambda *_: None)
    with target.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 4096)

    assert find_damage(target)

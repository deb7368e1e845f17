"""`covey user export` writes an account's archive, once, for nobody else's eyes, and says so."""

import io
import zipfile
from pathlib import Path

import pytest

from federation.protocol import strict_json
from tests.cli.conftest import Covey


@pytest.fixture
def al(covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration of a node with an account "al"."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert covey("user", "add", "al", "--config", node).status == 0
    return node


def test_an_archive_is_written_for_this_user_alone(covey: Covey, al: Path, tmp_path: Path) -> None:
    file = tmp_path / "al.zip"

    ended = covey("user", "export", "al", file, "--json", "--config", al)

    assert (ended.status, ended.err) == (0, "")
    told = strict_json.loads(ended.out.encode())
    assert (told["file"], told["bytes"]) == (str(file), file.stat().st_size)
    assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.glob("*.part")] == []
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert told["files"] == len(archive.namelist())
        profile = strict_json.loads(archive.read("profile.json"))
    assert profile["acct"] == "al@alpha.test"


def test_a_file_that_is_there_stays_as_it_is(covey: Covey, al: Path, tmp_path: Path) -> None:
    file = tmp_path / "al.zip"
    file.write_text("something else")

    ended = covey("user", "export", "al", file, "--config", al)

    assert (ended.status, ended.err) == (1, f"covey: {file}: is there already\n")
    assert file.read_text() == "something else"


def test_nobody_has_no_archive(covey: Covey, al: Path, tmp_path: Path) -> None:
    ended = covey("user", "export", "bo", tmp_path / "bo.zip", "--config", al)

    assert (ended.status, ended.err) == (1, "covey: there is no account bo\n")
    assert not (tmp_path / "bo.zip").exists()
    assert list(tmp_path.glob(".*")) == []


def test_a_folder_that_is_not_there_is_named(covey: Covey, al: Path, tmp_path: Path) -> None:
    ended = covey("user", "export", "al", tmp_path / "away" / "al.zip", "--config", al)

    assert ended.status == 1
    assert "away" in ended.err
    assert len(ended.err.splitlines()) == 1

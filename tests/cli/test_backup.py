"""`covey backup` and `covey restore`: what is called a backup is whole, and makes a node."""

import hashlib
import io
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Covey

ROOT = Path(__file__).parents[2]
# More than one piece of what is sealed.
UPLOAD = hashlib.shake_256(b"a picture").digest(2 << 20)


@pytest.fixture
def al(covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration of a node with an account "al", rules in a file, and a file in media."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert covey("user", "add", "al", "--config", node).status == 0
    digest = hashlib.sha256(UPLOAD).hexdigest()
    place = node.parent / "media" / "own" / digest[:2] / digest[2:4]
    place.mkdir(parents=True)
    (place / digest).write_bytes(UPLOAD)
    (node.parent / "policy.d").mkdir()
    (node.parent / "policy.d" / "rules.toml").write_text("")
    node.write_text(node.read_text() + '\n[policy]\nfiles = ["policy.d/rules.toml"]\n')
    return node


@pytest.fixture
def backup(covey: Covey, al: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "backup"
    assert covey("backup", folder, "--config", al).status == 0
    return folder


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


def settings(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute("SELECT key, value FROM setting").fetchall())


def test_a_backup_holds_everything_but_secrets(covey: Covey, al: Path, tmp_path: Path):
    folder = tmp_path / "backup"

    ended = covey("backup", folder, "--json", "--config", al)

    told = json.loads(ended.out)
    assert (ended.status, told["host"], told["files"]) == (0, "alpha.test", 4)
    digest = hashlib.sha256(UPLOAD).hexdigest()
    assert {held["path"] for held in manifest(folder)["files"]} == {
        "database.sqlite",
        "configuration/config.toml",
        "configuration/policy.d/rules.toml",
        f"media/{digest[:2]}/{digest[2:4]}/{digest}",
    }
    secret = (al.parent / "secret_key").read_text().strip().encode()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not any(secret in path.read_bytes() for path in files)
    assert {path.stat().st_mode & 0o077 for path in (folder, folder / "database.sqlite")} == {0}
    assert list(tmp_path.glob("*.unfinished")) == []
    assert "restored" in settings(folder / "database.sqlite")
    assert "restored" not in settings(al.parent / "covey.db")
    with closing(sqlite3.connect(al.parent / "covey.db")) as database:
        assert database.execute("SELECT act, about FROM audit ORDER BY n DESC").fetchone() == (
            "backup.made",
            str(folder),
        )


def test_secrets_in_the_configuration_stay_out_of_a_backup(covey: Covey, al: Path, tmp_path: Path):
    secret = (al.parent / "secret_key").read_text().strip()
    text = al.read_text().replace('secret_key_file = "secret_key"', f'secret_key = "{secret}"')
    al.write_text(text)
    folder = tmp_path / "backup"

    assert covey("backup", folder, "--config", al).status == 0

    saved = (folder / "configuration" / "config.toml").read_text()
    assert secret not in saved
    assert 'secret_key_file = "secret_key"' in saved


def test_a_folder_that_holds_something_stays_as_it_is(covey: Covey, al: Path, tmp_path: Path):
    folder = tmp_path / "backup"
    folder.mkdir()
    (folder / "letter").write_text("mine")

    ended = covey("backup", folder, "--config", al)

    assert ended.status == 1
    assert ended.err == f"covey: {folder}: is there already; a backup needs a folder of its own\n"
    assert [path.name for path in folder.iterdir()] == ["letter"]


def test_an_empty_folder_becomes_the_backup(covey: Covey, al: Path, tmp_path: Path):
    folder = tmp_path / "backup"
    folder.mkdir()

    assert covey("backup", folder, "--config", al).status == 0
    assert covey("backup", "verify", folder).status == 0


def cut_short(node: Path, folder: Path, environment: dict[str, str], bytes_max: int = 0) -> int:
    """The exit status of a backup in a process of its own, which does not come to its end."""

    def limit() -> None:
        if bytes_max:
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))

    command = [sys.executable, "-m", "node", "backup", str(folder), "--config", str(node)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        preexec_fn=limit,
        stderr=subprocess.PIPE,
        check=False,
    ).returncode


def test_a_backup_that_is_killed_leaves_none_and_the_next_one_is_whole(
    covey: Covey, al: Path, tmp_path: Path
):
    folder = tmp_path / "backup"
    killing = {"COVEY_FAILPOINT": "mid-backup", "COVEY__SERVER__FAILPOINTS": "true"}

    assert cut_short(al, folder, killing) == 137
    assert not folder.exists()
    assert covey("backup", "verify", tmp_path / "backup.unfinished").status == 1

    assert covey("backup", folder, "--config", al).status == 0
    assert covey("backup", "verify", folder).status == 0
    assert list(tmp_path.glob("*.unfinished")) == []


def test_a_full_disk_leaves_no_backup(al: Path, tmp_path: Path):
    folder = tmp_path / "backup"

    assert cut_short(al, folder, {}, bytes_max=200_000) == 1

    assert not folder.exists()
    assert list(tmp_path.glob("*.unfinished")) == []


def test_a_disk_without_room_is_said_before_anything_is_written(
    covey: Covey, al: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    none = shutil._ntuple_diskusage(total=1 << 30, used=1 << 30, free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: none)

    ended = covey("backup", tmp_path / "backup", "--config", al)

    assert ended.status == 1
    assert "MB are needed, and 0 MB are free" in ended.err
    assert list(tmp_path.glob("backup*")) == []


def test_a_folder_that_is_not_there_is_named(covey: Covey, al: Path, tmp_path: Path):
    ended = covey("backup", tmp_path / "away" / "backup", "--config", al)

    assert (ended.status, ended.err) == (1, f"covey: {tmp_path}/away: there is no such folder\n")


def test_a_file_that_was_damaged_before_is_saved_and_named(covey: Covey, al: Path, tmp_path: Path):
    (file,) = (path for path in (al.parent / "media").rglob("*") if path.is_file())
    file.write_bytes(b"other bytes")

    ended = covey("backup", tmp_path / "backup", "--config", al)

    assert (ended.status, ended.err) == (0, f"{file}: is damaged, and was saved as it is\n")
    assert covey("backup", "verify", tmp_path / "backup").status == 0


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("database.sqlite", "is not what was saved"),
        ("configuration/config.toml", "is not what was saved"),
        ("manifest.json", "is no manifest"),
    ],
)
def test_verify_finds_a_file_that_was_changed(
    covey: Covey, backup: Path, name: str, complaint: str
):
    with (backup / name).open("ab") as file:
        file.write(b"x")

    ended = covey("backup", "verify", backup)

    assert ended.status == 1
    assert f"{backup / name}: {complaint}" in ended.err


def test_verify_finds_what_is_missing_and_what_is_too_much(covey: Covey, backup: Path):
    (backup / "configuration" / "config.toml").unlink()
    (backup / "stranger").write_text("")

    ended = covey("backup", "verify", backup)

    assert ended.status == 1
    assert "config.toml: cannot be read: No such file" in ended.err
    assert "stranger: is not in the manifest" in ended.err


def test_verify_takes_no_manifest_that_leads_outside(covey: Covey, backup: Path):
    text = (backup / "manifest.json").read_text()
    (backup / "manifest.json").write_text(text.replace('"database.sqlite"', '"../../secret"'))

    ended = covey("backup", "verify", backup)

    assert (ended.status, "names a file outside" in ended.err) == (1, True)


@pytest.mark.parametrize("words", [["verify"], ["one", "two"], []])
def test_what_is_no_use_of_it_is_said(covey: Covey, words: list[str]):
    assert covey("backup", *words).status == 2


def new_machine(al: Path, tmp_path: Path) -> Path:
    """Where the configuration will be; the secret key is there already."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    shutil.copy(al.parent / "secret_key", place / "secret_key")
    return place / "config.toml"


def test_a_node_is_made_of_a_backup_on_another_machine(
    covey: Covey, al: Path, backup: Path, tmp_path: Path
):
    config = new_machine(al, tmp_path)

    ended = covey("restore", backup, "--config", config)

    assert ended.status == 0, ended.err
    assert f"wrote {config}" in ended.out
    assert "restored alpha.test as of" in ended.out
    assert "covey restore --confirm" in ended.out
    digest = hashlib.sha256(UPLOAD).hexdigest()
    media = config.parent / "media" / "own" / digest[:2] / digest[2:4] / digest
    assert media.read_bytes() == UPLOAD
    assert "restored" in settings(config.parent / "covey.db")
    assert json.loads((config.parent / "incarnation.json").read_text())["incarnation"] == "lost"
    modes = {path.stat().st_mode & 0o077 for path in config.parent.rglob("*") if path.is_file()}
    assert modes == {0}

    assert covey("restore", "--confirm", "--config", config).status == 0
    assert "al" in covey("user", "list", "--config", config).out
    assert "restored" not in settings(config.parent / "covey.db")


def test_without_the_secret_key_nothing_is_restored(covey: Covey, backup: Path, tmp_path: Path):
    config = tmp_path / "elsewhere" / "config.toml"

    ended = covey("restore", backup, "--config", config)

    assert ended.status == 3
    assert "secret_key" in ended.err
    assert "nothing was restored" in ended.err
    assert [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()] == []


def test_another_secret_key_restores_nothing(covey: Covey, al: Path, backup: Path, tmp_path: Path):
    config = new_machine(al, tmp_path)
    (config.parent / "secret_key").write_text("another secret key, which opens nothing\n")

    ended = covey("restore", backup, "--config", config)

    assert (ended.status, "server.secret_key is not the one" in ended.err) == (1, True)
    assert {path.name for path in config.parent.rglob("*") if path.is_file()} == {"secret_key"}


def test_a_database_that_is_there_is_never_replaced(
    covey: Covey, al: Path, backup: Path, tmp_path: Path
):
    before = settings(al.parent / "covey.db")

    ended = covey("restore", backup, "--config", al)

    assert ended.status == 1
    assert "covey.db is there already, and restoring never replaces a database" in ended.err
    assert settings(al.parent / "covey.db") == before
    assert "restored" not in before


def test_what_another_database_has_left_stays_in_the_way(
    covey: Covey, al: Path, backup: Path, tmp_path: Path
):
    config = new_machine(al, tmp_path)
    (config.parent / "covey.db-wal").write_bytes(b"of another database")

    ended = covey("restore", backup, "--config", config)

    assert (ended.status, "covey.db-wal is there already" in ended.err) == (1, True)
    assert not config.exists()


def test_a_damaged_backup_restores_nothing(covey: Covey, al: Path, backup: Path, tmp_path: Path):
    config = new_machine(al, tmp_path)
    (backup / "database.sqlite").write_bytes(b"")

    ended = covey("restore", backup, "--config", config)

    assert (ended.status, "is not what was saved" in ended.err) == (1, True)
    assert not config.exists()


def test_a_configuration_of_another_node_is_refused(
    covey: Covey, al: Path, backup: Path, tmp_path: Path
):
    config = new_machine(al, tmp_path)
    config.write_text(al.read_text().replace("alpha.test", "beta.test"))
    (config.parent / "policy.d").mkdir()
    (config.parent / "policy.d" / "rules.toml").write_text("")

    ended = covey("restore", backup, "--config", config)

    said = "covey: the backup's host is alpha.test, that of the configuration beta.test\n"
    assert (ended.status, ended.err) == (1, said)
    assert not (config.parent / "covey.db").exists()


def test_a_backup_of_a_newer_release_is_refused(
    covey: Covey, al: Path, backup: Path, tmp_path: Path
):
    config, told = new_machine(al, tmp_path), manifest(backup)
    told |= {"schema": "9999_later", "release": "9.0"}
    (backup / "manifest.json").write_text(json.dumps(told))

    ended = covey("restore", backup, "--config", config)

    assert (ended.status, "of a newer release: install 9.0" in ended.err) == (1, True)


@pytest.mark.parametrize("words", [[], ["DIR", "--confirm"]])
def test_either_a_folder_or_a_word_is_given(covey: Covey, words: list[str]):
    assert covey("restore", *words).status == 2


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery\nand a line that is none\n")
    return file


@pytest.fixture
def sealed(covey: Covey, al: Path, tmp_path: Path, passphrase: Path) -> Path:
    """A sealed backup with the secret key in it."""
    folder = tmp_path / "backup"
    options = ("--encrypt", "--with-keys", "--passphrase-file", passphrase)
    ended = covey("backup", folder, *options, "--config", al)
    assert ended.status == 0, ended.err
    return folder


def test_a_sealed_backup_is_one_file_that_tells_nothing(sealed: Path, al: Path):
    assert [path.name for path in sealed.iterdir()] == ["backup.sealed"]
    content = (sealed / "backup.sealed").read_bytes()
    secret = (al.parent / "secret_key").read_text().strip().encode()
    assert not any(part in content for part in (secret, b"alpha.test", b"SQLite", UPLOAD[:9]))
    assert (sealed / "backup.sealed").stat().st_mode & 0o077 == 0


def test_a_sealed_backup_makes_a_node_where_there_is_nothing(
    covey: Covey, sealed: Path, al: Path, tmp_path: Path, passphrase: Path
):
    config = tmp_path / "elsewhere" / "config.toml"

    ended = covey("restore", sealed, "--passphrase-file", passphrase, "--config", config)

    assert ended.status == 0, ended.err
    key = config.parent / "secret_key"
    assert key.read_text() == (al.parent / "secret_key").read_text()
    assert key.stat().st_mode & 0o077 == 0
    assert "al" in covey("user", "list", "--config", config).out
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".backup")] == []


def test_a_sealed_backup_is_verified(covey: Covey, sealed: Path, passphrase: Path):
    ended = covey("backup", "verify", sealed, "--passphrase-file", passphrase)

    assert (ended.status, "is whole: 5 files" in ended.out) == (0, True)


def cut(content: bytes) -> bytes:
    return content[:-20]


def cut_at_a_piece(content: bytes) -> bytes:
    head = len(b"covey sealed backup 1\n") + 16
    return content[: head + (1 << 20) + 16]


def one_bit(content: bytes) -> bytes:
    return content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]


def longer(content: bytes) -> bytes:
    return content + b"\0"


def other_salt(content: bytes) -> bytes:
    return content[:25] + bytes([content[25] ^ 1]) + content[26:]


@pytest.mark.parametrize("damage", [cut, cut_at_a_piece, one_bit, longer, other_salt])
def test_a_sealed_backup_that_was_changed_opens_for_nobody(
    covey: Covey, sealed: Path, tmp_path: Path, passphrase: Path, damage: Callable[[bytes], bytes]
):
    file = sealed / "backup.sealed"
    before = file.read_bytes()
    file.write_bytes(damage(before))
    assert file.read_bytes() != before
    config = tmp_path / "elsewhere" / "config.toml"

    ended = covey("restore", sealed, "--passphrase-file", passphrase, "--config", config)

    said = "covey: the passphrase is another one, or the file is damaged\n"
    assert (ended.status, ended.err) == (1, said)
    assert not config.exists()


def test_another_passphrase_opens_nothing(covey: Covey, sealed: Path, passphrase: Path):
    passphrase.write_text("another passphrase")

    ended = covey("backup", "verify", sealed, "--passphrase-file", passphrase)

    assert (ended.status, "the passphrase is another one" in ended.err) == (1, True)


@pytest.mark.parametrize(
    ("options", "status"),
    [(["--with-keys"], 2), (["--encrypt"], 2), (["--encrypt", "--passphrase-file", "SHORT"], 1)],
)
def test_keys_are_saved_under_a_good_passphrase_alone(
    covey: Covey, al: Path, tmp_path: Path, options: list[str], status: int
):
    (tmp_path / "short").write_text("short")
    options = [str(tmp_path / "short") if one == "SHORT" else one for one in options]

    ended = covey("backup", tmp_path / "backup", *options, "--config", al)

    assert ended.status == status
    assert not (tmp_path / "backup").exists()

"""`covey doctor` without a network: files, configuration and database, each with what to do."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Covey, Ended

Said = dict[str, tuple[str, str, str]]


@pytest.fixture
def here(node: Path) -> Path:
    """The configuration of a node that nobody else may read, and whose name leads nowhere."""
    node.parent.chmod(0o700)
    return node


def said(ended: Ended) -> Said:
    return {one["about"]: (one["level"], one["said"], one["fix"]) for one in json.loads(ended.out)}


def change(node: Path, sql: str) -> None:
    with closing(sqlite3.connect(node.parent / "covey.db")) as database, database:
        database.execute(sql)


def test_each_finding_has_a_line_and_what_to_do(covey: Covey, here: Path):
    ended = covey("doctor", "--config", here)

    assert ended.status == 1
    lines = ended.out.splitlines()
    assert "ok       configuration: no mistake in it" in lines
    nobody = lines.index("error    node: nobody answers at 127.0.0.1:8420")
    assert lines[nobody + 1].strip() == "start it: covey serve, or systemctl start covey"
    assert any(line.startswith("error    DNS: alpha.test has no address") for line in lines)


def test_nothing_is_changed_by_looking(covey: Covey, here: Path):
    before = (here.parent / "covey.db").read_bytes()

    covey("doctor", "--config", here)

    assert (here.parent / "covey.db").read_bytes() == before
    assert not (here.parent / "incarnation.json").exists()


@pytest.mark.parametrize(
    ("name", "about", "fix"),
    [
        ("config.toml", "configuration file", "chmod 600"),
        ("secret_key", "secrets", "chmod 600"),
        ("covey.db", "secrets", "chmod 600"),
    ],
)
def test_a_secret_that_others_may_read_is_found(
    covey: Covey, here: Path, name: str, about: str, fix: str
):
    (here.parent / name).chmod(0o644)

    found = [
        one
        for one in json.loads(covey("doctor", "--json", "--config", here).out)
        if one["about"] == about and one["level"] == "error"
    ]

    assert [one["fix"] for one in found] == [f"{fix} {here.parent / name}"]


def test_a_data_folder_that_is_gone_is_found_and_not_made(covey: Covey, here: Path):
    here.write_text(here.read_text().replace('data_dir = "."', 'data_dir = "gone"'))

    ended = covey("doctor", "--json", "--config", here)

    assert (ended.status, said(ended)["data folder"][0]) == (1, "error")
    assert not (here.parent / "gone").exists()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[server]\nhost = "alpha.te', "is not TOML"),
        ('[server]\nhost = "alpha.test"\n', "server.secret_key: is missing"),
        ("", "server.host: is missing"),
    ],
    ids=["half a line", "half a section", "nothing"],
)
def test_a_half_written_configuration_is_found(covey: Covey, here: Path, text: str, complaint: str):
    here.write_text(text)

    ended = covey("doctor", "--json", "--config", here)

    assert ended.status == 3
    assert any(complaint in one["said"] for one in json.loads(ended.out))


def test_all_mistakes_of_a_configuration_are_found_at_once(covey: Covey, here: Path):
    here.write_text(here.read_text() + "\n[media]\nuser_max = 3\n[log]\nlevel = 'loud'\n")

    ended = covey("doctor", "--json", "--config", here)

    told = " ".join(one["said"] for one in json.loads(ended.out))
    assert (ended.status, "media.user_max" in told, "log.level" in told) == (3, True, True)


def test_a_certificate_that_has_run_out_is_a_mistake_of_the_configuration(covey: Covey, here: Path):
    for name in ("cert.pem", "key.pem"):
        (here.parent / name).write_text("nonsense")
    with here.open("a") as file:
        file.write("")
    text = here.read_text().replace(
        "[server]", '[server]\ntls_cert = "cert.pem"\ntls_key_file = "key.pem"'
    )
    here.write_text(text)

    ended = covey("doctor", "--json", "--config", here)

    assert ended.status == 3
    assert any("tls_cert" in one["said"] for one in json.loads(ended.out))


def test_a_database_of_a_newer_release_is_found(covey: Covey, here: Path):
    change(
        here,
        "INSERT INTO tortoise_migrations (app, name, applied_at) "
        "VALUES ('models', '9999_later', '2030-01-01')",
    )

    ended = covey("doctor", "--json", "--config", here)

    level, seen, fix = said(ended)["database"]
    assert (ended.status, level, fix) == (1, "error", "install that release, or a later one")
    assert "9999_later" in seen


def test_a_database_that_is_broken_is_found(covey: Covey, here: Path):
    (here.parent / "covey.db").write_bytes(b"no database" * 1000)

    ended = covey("doctor", "--json", "--config", here)

    assert (ended.status, said(ended)["database"][0]) == (1, "error")


def test_another_name_is_found(covey: Covey, here: Path):
    change(here, "UPDATE setting SET value = 'beta.test' WHERE key = 'host'")

    ended = covey("doctor", "--json", "--config", here)

    assert said(ended)["names"][0] == "error"
    assert "beta.test" in said(ended)["names"][2]


def test_a_restored_node_is_told_how_it_goes_on(covey: Covey, here: Path):
    change(here, "INSERT INTO setting (key, value) VALUES ('restored', '1')")

    ended = covey("doctor", "--json", "--config", here)

    level, _, fix = said(ended)["restored"]
    assert (level, "covey restore --confirm" in fix) == ("error", True)


def test_a_backup_is_missed_until_one_is_made(covey: Covey, here: Path, tmp_path: Path):
    before = said(covey("doctor", "--json", "--config", here))["backup"][0]

    assert covey("backup", tmp_path / "backup", "--config", here).status == 0

    after = said(covey("doctor", "--json", "--config", here))["backup"][0]
    assert (before, after) == ("warning", "ok")


def test_what_only_development_needs_is_named(covey: Covey, here: Path):
    with here.open("a") as file:
        file.write('\n[federation]\nallow_private_addresses = ["127.0.0.0/8"]\n')

    ended = covey("doctor", "--json", "--config", here)

    level, seen, _ = said(ended)["development"]
    assert (level, seen) == ("warning", "federation.allow_private_addresses is set")


@pytest.mark.parametrize("words", [["peer"], ["other.example"], ["peer", "a", "b"]])
def test_what_is_no_use_of_it_is_said(covey: Covey, here: Path, words: list[str]):
    assert covey("doctor", *words, "--config", here).status == 2

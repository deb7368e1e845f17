"""`covey user import` makes of an account who somebody was elsewhere, or changes nothing."""

import io
import zipfile
from pathlib import Path

import pytest

from federation.protocol import strict_json
from tests.cli.conftest import Covey
from tests.support.archives import archive

LISTS = {
    "following_accounts.csv": "Account address,Languages\nbo@alpha.test,\nal@alpha.test,\n",
    "blocked_accounts.csv": "di@alpha.test\n",
    "muted_accounts.csv": "Account address,Hide notifications\nbo@alpha.test,true\n",
    "blocked_domains.csv": "bad.example\nalpha.test\n",
}


@pytest.fixture
def here(covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration of a node with accounts."""
    for name in ("al", "bo", "di"):
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        assert covey("user", "add", name, "--config", node).status == 0
    return node


def held(covey: Covey, here: Path, file: Path) -> dict[str, str]:
    """What "al" has, as an archive says it."""
    assert covey("user", "export", "al", file, "--config", here).status == 0
    with zipfile.ZipFile(file) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


def test_somebody_arrives_with_all_that_can_be_brought(
    covey: Covey, here: Path, tmp_path: Path
) -> None:
    (tmp_path / "cy.zip").write_bytes(archive(lists=LISTS))

    ended = covey("user", "import", "al", tmp_path / "cy.zip", "--config", here)
    again = covey("user", "import", "al", tmp_path / "cy.zip", "--json", "--config", here)

    assert (ended.status, ended.out) == (0, "al has what cy@old.test had\n")
    assert ended.err.splitlines() == [
        "blocks: 1 taken, 0 left",
        "hosts: 1 taken, 1 left",
        "mutes: 1 taken, 0 left",
        "follows: 1 taken, 1 left",
    ]
    assert strict_json.loads(again.out.encode())["lists"]["follows"]["taken"] == 1
    now = held(covey, here, tmp_path / "al.zip")
    profile = strict_json.loads(now["profile.json"].encode())
    settings = strict_json.loads(now["settings.json"].encode())
    assert (profile["acct"], profile["name"], profile["bio"]) == ("al@alpha.test", "Cy", "hello")
    assert profile["fields"] == [{"name": "site", "value": "cy.test"}]
    assert (settings["typing"], settings["writers"]) == (False, "contacts")
    assert settings["quiet_hours"] == {"from": "22:00", "to": "07:00", "zone": "Europe/Berlin"}
    assert settings["appearance"]["theme"] == "dark"
    assert "bo@alpha.test" in now["following_accounts.csv"]
    assert now["blocked_accounts.csv"] == "di@alpha.test\n"
    assert "bo@alpha.test" in now["muted_accounts.csv"]
    assert now["blocked_domains.csv"] == "bad.example\n"


def test_what_one_wrote_oneself_can_be_brought_back_in_part(
    covey: Covey, here: Path, tmp_path: Path
) -> None:
    before = held(covey, here, tmp_path / "before.zip")
    (tmp_path / "cy.zip").write_bytes(archive(lists=LISTS))

    people = covey(
        "user", "import", "al", tmp_path / "cy.zip", "--only", "people", "--config", here
    )
    own = covey("user", "import", "al", tmp_path / "before.zip", "--config", here)

    after = held(covey, here, tmp_path / "after.zip")
    assert (people.status, own.status) == (0, 0)
    assert after["profile.json"] == before["profile.json"]
    assert after["settings.json"] == before["settings.json"]
    assert after["blocked_accounts.csv"] == "di@alpha.test\n"


@pytest.mark.parametrize(
    "changed",
    [
        {"profile": {"name": "a" * 61}},
        {"profile": {"fields": [{"name": "a", "value": "b"}] * 5}},
        {"settings": {"writers": "nobody"}},
        {"settings": {"quiet_hours": {"from": "25:00", "to": "07:00"}}},
        {"settings": {"quiet_hours": {"from": "22:00", "to": "07:00", "zone": "Nowhere"}}},
        {"settings": {"appearance": {"theme": "pink"}}},
        {"settings": {"appearance": {"shoes": "red"}}},
    ],
)
def test_an_archive_that_says_what_cannot_be_changes_nothing(
    covey: Covey, here: Path, tmp_path: Path, changed: dict
) -> None:
    before = held(covey, here, tmp_path / "before.zip")
    (tmp_path / "cy.zip").write_bytes(archive(lists=LISTS, **changed))

    ended = covey("user", "import", "al", tmp_path / "cy.zip", "--config", here)

    after = held(covey, here, tmp_path / "after.zip")
    changing = {"manifest.json", "README.txt"}
    assert (ended.status, len(ended.err.splitlines())) == (1, 1)
    assert {n: t for n, t in after.items() if n not in changing} == {
        n: t for n, t in before.items() if n not in changing
    }


def test_nobody_and_nothing_are_named(covey: Covey, here: Path, tmp_path: Path) -> None:
    (tmp_path / "cy.zip").write_bytes(b"no archive")

    nobody = covey("user", "import", "eve", tmp_path / "cy.zip", "--config", here)
    nothing = covey("user", "import", "al", tmp_path / "cy.zip", "--config", here)
    away = covey("user", "import", "al", tmp_path / "away.zip", "--config", here)

    assert (nobody.status, nobody.err) == (1, "covey: there is no account eve\n")
    assert nothing.status == 1
    assert nothing.err.endswith("This is no archive of an account; nothing was taken.\n")
    assert away.status == 2

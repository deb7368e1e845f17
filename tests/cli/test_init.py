"""`covey init` makes a fresh node and touches nothing that is there."""

import stat
from pathlib import Path

import pytest

from federation.protocol import strict_json
from tests.cli.conftest import Covey


def init(covey: Covey, path: Path, *options: str) -> tuple[int, str, str]:
    ended = covey("init", "--host", "alpha.test", "--yes", *options, "--config", path)
    return ended.status, ended.out, ended.err


def test_a_fresh_node_has_a_configuration_a_secret_and_tables(covey: Covey, tmp_path: Path) -> None:
    path = tmp_path / "node" / "config.toml"

    status, out, _ = init(covey, path)

    assert status == 0
    assert "make the owner's account: https://alpha.test/setup/" in out
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "config.toml",
        "covey.db",
        "secret_key",
    ]
    assert covey("config", "check", "--config", path).status == 0
    assert covey("migrate", "--plan", "--config", path).out == "the database is up to date\n"


def test_nobody_else_may_read_what_is_made(covey: Covey, tmp_path: Path) -> None:
    path = tmp_path / "node" / "config.toml"

    init(covey, path)

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for name in ("config.toml", "covey.db", "secret_key"):
        assert stat.S_IMODE((path.parent / name).stat().st_mode) == 0o600


def test_only_the_chosen_keys_are_written_each_with_its_comment(
    covey: Covey, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"

    init(
        covey,
        path,
        "--url",
        "http://localhost:8420",
        "--listen",
        "127.0.0.1:8421",
        "--data",
        str(tmp_path / "data"),
        "--account-domain",
        "example.org",
    )

    lines = path.read_text().splitlines()
    keys = [line for line in lines if line and not line.startswith(("#", "["))]
    assert keys == [
        'host = "alpha.test"',
        'account_domain = "example.org"',
        'url = "http://localhost:8420"',
        'data_dir = "data"',
        'listen = ["127.0.0.1:8421"]',
        'secret_key_file = "data/secret_key"',
        "allow_http = true",
    ]
    assert all(lines[lines.index(key) - 1].startswith("# ") for key in keys)


@pytest.mark.parametrize(
    ("options", "listens"),
    [
        (("--url", "http://localhost:8431"), ['listen = ["127.0.0.1:8431"]']),
        (("--url", "http://127.0.0.1:8431"), ['listen = ["127.0.0.1:8431"]']),
        (("--url", "http://localhost:8420"), []),
        (("--url", "https://localhost:8431"), []),
        (("--url", "http://chat.test:8431"), []),
        (
            ("--url", "http://localhost:8431", "--listen", "127.0.0.1:9000"),
            ['listen = ["127.0.0.1:9000"]'],
        ),
    ],
)
def test_a_node_of_this_machine_listens_where_it_says_that_it_is(
    covey: Covey, tmp_path: Path, options: tuple[str, ...], listens: list[str]
) -> None:
    path = tmp_path / "config.toml"

    init(covey, path, *options)

    lines = path.read_text().splitlines()
    assert [line for line in lines if line.startswith("listen")] == listens


def test_a_split_domain_is_told_what_to_redirect(covey: Covey, tmp_path: Path) -> None:
    _, out, _ = init(covey, tmp_path / "config.toml", "--account-domain", "example.org")

    assert "on example.org, redirect with their query strings:" in out
    assert "/.well-known/webfinger to https://alpha.test/.well-known/webfinger" in out
    assert "/.well-known/host-meta to https://alpha.test/.well-known/host-meta" in out


def test_a_program_gets_json(covey: Covey, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"

    _, out, _ = init(covey, path, "--json")

    found = strict_json.loads(out.encode())
    assert found["config"] == str(path)
    assert found["owner_link"].startswith("https://alpha.test/setup/")


@pytest.mark.parametrize("name", ["config.toml", "secret_key", "covey.db"])
def test_nothing_is_overwritten(covey: Covey, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")

    status, _, err = init(covey, tmp_path / "config.toml")

    assert status == 1
    assert err == f"covey: {tmp_path / name} is there already; init makes fresh nodes only\n"
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--account-domain", "Example.org"),
        ("--url", "alpha.test"),
        ("--listen", "8420"),
        ("--database", "mysql://x/y"),
    ],
)
def test_a_wrong_option_is_wrong_usage_and_makes_nothing(
    covey: Covey, tmp_path: Path, option: str, value: str
) -> None:
    status, _, err = init(covey, tmp_path / "config.toml", option, value)

    assert status == 2
    assert err.startswith(f"covey: {option} must be ")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_away_leaves_nothing_behind(covey: Covey, tmp_path: Path) -> None:
    url = "postgres://covey@127.0.0.1:1/covey"

    status, _, err = init(covey, tmp_path / "config.toml", "--database", url)

    assert status == 1
    assert err.startswith("covey: the database: ")
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_clear_line(covey: Covey, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    status, _, err = init(covey, tmp_path / "file" / "config.toml")

    assert status == 1
    assert err == f"covey: {tmp_path / 'file'}: cannot be made: File exists\n"

"""Every way to fail has a status that scripts can rely on, and one clear line."""

import sqlite3
from pathlib import Path

import pytest

from federation.protocol import strict_json
from tests.cli.conftest import Covey


def test_a_configuration_with_three_mistakes_reports_three(covey: Covey, node: Path) -> None:
    node.write_text(node.read_text() + 'hosst = "x"\n[log]\nlevel = "loud"\n[limits]\nx = 1\n')

    ended = covey("config", "check", "--config", node)

    assert ended.status == 3
    assert len(ended.err.splitlines()) == 3


def test_mistakes_are_listed_for_a_program(covey: Covey, node: Path) -> None:
    fine = covey("config", "check", "--json", "--config", node)
    node.write_text(node.read_text() + '[log]\nlevel = "loud"\n')
    ended = covey("config", "check", "--json", "--config", node)

    assert (fine.status, strict_json.loads(fine.out.encode())) == (0, {"mistakes": []})
    (mistake,) = strict_json.loads(ended.out.encode())["mistakes"]
    assert (ended.status, ended.err) == (3, "")
    assert mistake["key"] == "log.level"
    assert mistake["value"] == "'loud'"


def test_bad_files_for_tls_are_named_by_their_keys(covey: Covey, node: Path) -> None:
    (node.parent / "chain.pem").write_text("hello\n")
    keys = 'tls_cert = "chain.pem"\ntls_key_file = "none.pem"\n'
    node.write_text(node.read_text().replace("[server]\n", f"[server]\n{keys}"))

    ended = covey("serve", "--config", node)

    folder = node.parent
    assert ended.status == 3
    assert ended.err.splitlines() == [
        f"covey: {node}:4: server.tls_cert is '{folder}/chain.pem': holds no certificate in PEM",
        (
            f"{node}:5: server.tls_key_file is '{folder}/none.pem': "
            "cannot be read: No such file or directory"
        ),
    ]


def test_without_a_configuration_there_is_nothing_to_do(
    covey: Covey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    ended = covey("user", "list")

    assert ended.status == 3
    assert ended.err == "covey: there is no configuration; covey init writes one\n"


def test_the_configuration_is_found_by_the_environment(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COVEY_CONFIG", str(node))

    assert covey("config", "check").out == "the configuration is fine\n"


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("token", "create"), ("user", "list", "--nonsense")]
)
def test_wrong_usage_is_two(covey: Covey, arguments: tuple[str, ...]) -> None:
    assert covey(*arguments).status == 2


def test_help_and_version_are_fine(covey: Covey) -> None:
    assert covey("--help").status == 0
    assert covey("user", "add", "--help").status == 0


def test_a_token_needs_an_account_and_scopes_that_exist(covey: Covey, node: Path) -> None:
    nobody = covey("token", "create", "nobody", "--config", node)
    wrong = covey("token", "create", "nobody", "--scope", "admin", "--config", node)

    assert (nobody.status, nobody.err) == (1, "covey: there is no account nobody\n")
    assert (wrong.status, wrong.err) == (
        2,
        "covey: --scope takes scopes such as read, write and read:statuses\n",
    )


def test_a_database_of_a_newer_release_is_refused_in_one_line(covey: Covey, node: Path) -> None:
    with sqlite3.connect(node.parent / "covey.db") as database:
        database.execute(
            "INSERT INTO tortoise_migrations (app, name, applied_at) "
            "VALUES ('models', '9999_later', '2030-01-01')"
        )
    database.close()

    for command in (("migrate",), ("user", "list")):
        ended = covey(*command, "--config", node)
        assert ended.status == 1
        assert "a newer release has migrated this database: 9999_later" in ended.err
        assert len(ended.err.splitlines()) == 1


def test_a_database_without_tables_asks_for_migrate(covey: Covey, node: Path) -> None:
    (node.parent / "covey.db").unlink()

    before = covey("user", "list", "--config", node)
    planned = covey("migrate", "--plan", "--json", "--config", node)
    applied = covey("migrate", "--json", "--config", node)

    assert before.status == 1
    assert before.err == "covey: the database is older than this release; run covey migrate\n"
    names = strict_json.loads(planned.out.encode())["planned"]
    assert names
    assert strict_json.loads(applied.out.encode()) == {"applied": names}
    assert covey("user", "list", "--config", node).status == 0


def test_a_node_keeps_its_name(covey: Covey, node: Path) -> None:
    node.write_text(node.read_text().replace("alpha.test", "beta.test"))

    ended = covey("migrate", "--config", node)

    assert ended.status == 1
    assert ended.err == (
        "covey: server.host is beta.test, but other servers know this node as alpha.test\n"
    )


def test_the_configuration_is_shown_with_origins_and_without_secrets(
    covey: Covey, node: Path
) -> None:
    secret = (node.parent / "secret_key").read_text().strip()

    shown = covey("config", "show", "--origin", "--config", node).out
    as_json = covey("config", "show", "--json", "--config", node).out

    assert f'server.host = "alpha.test"  # {node}:5\n' in shown
    assert "server.secret_key = (masked)" in shown
    assert 'log.level = "info"  # default\n' in shown
    assert strict_json.loads(as_json.encode())["database.pool"] == {
        "value": "10",
        "origin": "default",
    }
    assert secret not in shown + as_json

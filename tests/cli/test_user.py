"""Accounts are made and listed, and tokens are made for them."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from federation.protocol import strict_json
from tests.cli.conftest import Covey

PASSKEY = "INSERT INTO passkey VALUES ('id', 'al', 'credential', x'00', 0, 'Telephone', 0, NULL)"


def say(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_account_is_added_and_listed(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "correct horse\n")

    added = covey("user", "add", "al", "--role", "admin", "--password-stdin", "--config", node)
    listed = covey("user", "list", "--json", "--config", node)

    assert (added.status, added.out) == (0, "added al@alpha.test (admin)\n")
    account = strict_json.loads(b'{"items": ' + listed.out.encode() + b"}")["items"][0]
    assert account["uri"] == "https://alpha.test/u/al"
    assert (account["name"], account["role"], account["state"]) == ("al", "admin", "active")


def test_a_short_password_is_refused(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "short\n")

    ended = covey("user", "add", "al", "--password-stdin", "--config", node)

    assert ended.status == 1
    assert ended.err == "covey: A password has at least 8 characters.\n"
    assert covey("user", "list", "--config", node).out == ""


def test_a_name_is_taken_once(covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say(monkeypatch, "")
    assert covey("user", "add", "al", "--config", node).status == 0

    again = covey("user", "add", "al", "--config", node)

    assert again.status == 1
    assert len(again.err.splitlines()) == 1


def test_an_unknown_role_is_wrong_usage(covey: Covey, node: Path) -> None:
    assert covey("user", "add", "al", "--role", "king", "--config", node).status == 2


def test_a_token_is_printed_and_nothing_else(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "")
    covey("user", "add", "al", "--config", node)

    plain = covey("token", "create", "al", "--config", node)
    as_json = covey("token", "create", "al", "--scope", "read", "--json", "--config", node)

    assert plain.err == ""
    assert len(plain.out.strip()) == 43
    assert plain.out.count("\n") == 1
    found = strict_json.loads(as_json.out.encode())
    assert (found["account"], found["scope"]) == ("al", "read")


def test_an_account_is_shown(covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say(monkeypatch, "")
    covey("user", "add", "al", "--config", node)

    shown = covey("user", "show", "al", "--json", "--config", node)
    nobody = covey("user", "show", "bo", "--config", node)

    assert strict_json.loads(shown.out.encode())["uri"] == "https://alpha.test/u/al"
    assert (nobody.status, nobody.err) == (1, "covey: there is no account bo\n")


def test_a_password_is_given_and_ends_what_was_open(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "")
    covey("user", "add", "al", "--config", node)
    covey("token", "create", "al", "--config", node)
    with closing(sqlite3.connect(node.parent / "covey.db")) as connection, connection:
        connection.execute(PASSKEY)
    say(monkeypatch, "correct horse\n")

    given = covey("user", "password", "al", "--password-stdin", "--config", node)

    assert given.status == 0
    with closing(sqlite3.connect(node.parent / "covey.db")) as connection:
        ((stored,),) = connection.execute("SELECT password_hash FROM account")
        ((left,),) = connection.execute("SELECT count(*) FROM token")
        assert connection.execute("SELECT * FROM passkey").fetchall() == []
    assert stored.startswith("$argon2id$")
    assert left == 0


def test_a_password_is_for_an_account_that_is_there_and_not_empty(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "correct horse\n")
    nobody = covey("user", "password", "bo", "--password-stdin", "--config", node)
    say(monkeypatch, "")
    nothing = covey("user", "password", "bo", "--config", node)

    assert (nobody.status, nobody.err) == (1, "covey: there is no account bo\n")
    assert nothing.status == 2


def state_of(covey: Covey, node: Path, name: str) -> str:
    shown = covey("user", "show", name, "--json", "--config", node)
    return str(strict_json.loads(shown.out.encode())["state"])


def test_an_account_is_suspended_and_restored(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "")
    covey("user", "add", "al", "--config", node)
    token = covey("token", "create", "al", "--config", node).out

    suspended = covey("user", "suspend", "al", "--config", node)
    again = covey("user", "suspend", "al", "--config", node)
    state = state_of(covey, node, "al")
    restored = covey("user", "restore", "al", "--config", node)

    assert token
    assert (suspended.status, suspended.out) == (0, "al is suspended\n")
    assert (again.status, again.err) == (1, "covey: the account is suspended already\n")
    assert (state, state_of(covey, node, "al")) == ("suspended", "active")
    assert restored.status == 0
    with closing(sqlite3.connect(node.parent / "covey.db")) as connection:
        assert connection.execute("SELECT count(*) FROM token").fetchall() == [(0,)]


def test_an_account_is_deleted_for_good_and_its_name_is_not_given_away(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "")
    covey("user", "add", "al", "--config", node)

    deleted = covey("user", "delete", "al", "--config", node)
    again = covey("user", "add", "al", "--config", node)
    restored = covey("user", "restore", "al", "--config", node)

    assert deleted.status == 0
    assert "what people have copied" in deleted.out
    assert again.status == 1
    assert (restored.status, restored.err) == (1, "covey: there is no such account\n")
    assert state_of(covey, node, "al") == "deleted"


def test_the_only_owner_stays(covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say(monkeypatch, "")
    covey("user", "add", "al", "--role", "owner", "--config", node)

    for word in ("suspend", "delete"):
        ended = covey("user", word, "al", "--config", node)
        assert ended.status == 1
        assert "only owner" in ended.err


def test_a_lost_authenticator_is_asked_for_no_more(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "")
    covey("user", "add", "al", "--config", node)
    with closing(sqlite3.connect(node.parent / "covey.db")) as connection, connection:
        connection.execute("INSERT INTO second_factor VALUES ('al', x'00', 1, 0, 0)")
        connection.execute("INSERT INTO recovery_code VALUES ('hash', 'al')")
        connection.execute(PASSKEY)

    reset = covey("user", "reset-2fa", "al", "--config", node)
    nobody = covey("user", "reset-2fa", "bo", "--config", node)

    assert (reset.status, nobody.status) == (0, 1)
    with closing(sqlite3.connect(node.parent / "covey.db")) as connection:
        for table in ("second_factor", "recovery_code", "passkey"):
            assert connection.execute(f"SELECT * FROM {table}").fetchall() == []  # noqa: S608


def test_the_tokens_of_an_account_are_revoked(
    covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "")
    for name in ("al", "bo"):
        covey("user", "add", name, "--config", node)
        covey("token", "create", name, "--config", node)

    revoked = covey("token", "revoke", "al", "--config", node)

    assert (revoked.status, revoked.out) == (0, "1 of al's tokens have ended\n")
    with closing(sqlite3.connect(node.parent / "covey.db")) as connection:
        assert connection.execute("SELECT account FROM token").fetchall() == [("bo",)]

"""The node as its operator starts and stops it, by the lines that it prints and how it ends."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Covey
from tests.support.process_node import ROOT, free_ports

PATIENCE_S = 60
LINK = "make the owner's account, once: https://alpha.test/setup/"
DAY_MS = 24 * 60 * 60 * 1000


def print_link(node: Path, days_ago: int) -> None:
    """What is left in the database of a link that was printed then, and works for a week."""
    ends_ms = time.time_ns() // 1_000_000 + (7 - days_ago) * DAY_MS
    with sqlite3.connect(node.parent / "covey.db") as database:
        text = "UPDATE setting SET value = ? WHERE key = 'owner_link'"
        assert database.execute(text, (f"x:{ends_ms}",)).rowcount == 1
    database.close()


@pytest.fixture
def port(node: Path) -> int:
    """Where the node will listen."""
    (port,) = free_ports(1)
    text = node.read_text()
    text = text.replace("[server]\n", f'[server]\nlisten = ["127.0.0.1:{port}"]\n')
    node.write_text(f'{text}\n[metrics]\nlisten = ""\n')
    return port


def test_a_node_says_that_it_is_ready_and_stops_at_ctrl_c(node: Path, port: int) -> None:
    print_link(node, days_ago=0)

    first, said, rest, status = serve_briefly(node)

    assert first == "ready https://alpha.test\n"
    assert said.startswith("nobody has an account yet: open the link that was printed")
    assert rest == "stopping\n"
    assert status == 0


def test_an_address_for_metrics_that_is_taken_keeps_nobody_from_the_node(
    node: Path, port: int
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        place = f"127.0.0.1:{other.getsockname()[1]}"
        node.write_text(node.read_text().replace('listen = ""', f'listen = "{place}"'))

        with serving(node) as process:
            assert process.stderr is not None
            first, second = process.stderr.readline(), process.stderr.readline()
            process.send_signal(signal.SIGINT)
            process.wait(timeout=PATIENCE_S)

    assert first == "ready https://alpha.test\n"
    assert "Metrics are not served" in second
    assert place in second
    assert process.returncode == 0


def test_a_node_without_an_owner_or_a_link_prints_one(node: Path, port: int) -> None:
    with sqlite3.connect(node.parent / "covey.db") as database:
        database.execute("DELETE FROM setting WHERE key = 'owner_link'")
    database.close()

    first = serve_briefly(node)
    second = serve_briefly(node)

    assert first[1].startswith(LINK)
    # What was printed just now is in view.
    assert "/setup/" not in second[1]


def test_a_later_start_prints_a_link_again_while_there_is_no_owner(node: Path, port: int) -> None:
    print_link(node, days_ago=1)

    _, said, _, _ = serve_briefly(node)

    assert said.startswith(LINK)


def test_once_there_is_an_account_it_is_said_where_to_sign_in(
    covey: Covey, node: Path, port: int
) -> None:
    assert covey("user", "add", "ana", "--role", "owner", "--config", node).status == 0

    _, said, _, _ = serve_briefly(node)

    assert said == "sign in: https://alpha.test/sign-in\n"


def test_a_database_that_comes_from_a_backup_is_said_to_be_one(node: Path, port: int) -> None:
    (node.parent / "incarnation.json").write_text('{"incarnation": "lost", "mark": 0}')

    first, _, _, _ = serve_briefly(node)

    assert "this database comes from a backup" in first


def test_what_a_node_writes_is_for_its_user_alone(node: Path, port: int) -> None:
    serve_briefly(node)

    modes = {file.name: file.stat().st_mode & 0o077 for file in node.parent.iterdir()}
    assert "incarnation.json" in modes
    assert set(modes.values()) == {0}


def serving(node: Path, **more: str) -> subprocess.Popen[str]:
    """The node in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "node", "serve", "--config", node],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith("COVEY")} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def serve_briefly(node: Path) -> tuple[str, str, str, int]:
    """The first line on standard error, standard output, the rest, and the status at the end."""
    with serving(node) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said, rest = process.communicate(timeout=PATIENCE_S)
    return first, said, rest, process.returncode


def test_an_open_stream_does_not_keep_a_node_from_stopping(
    covey: Covey, node: Path, port: int
) -> None:
    assert covey("user", "add", "al", "--config", node).status == 0
    token = covey("token", "create", "al", "--config", node).out.strip()
    headers = {"Host": "alpha.test", "Authorization": f"Bearer {token}"}
    with subprocess.Popen(
        [sys.executable, "-m", "node", "serve", "--config", node],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("GET", "/api/covey/v1/events", headers=headers)
        stream = connection.getresponse()
        assert stream.readline() == b": still here\n"
        process.send_signal(signal.SIGTERM)
        stopping_at = time.monotonic()
        stream.read()
        told_after_s = time.monotonic() - stopping_at
        process.wait(timeout=PATIENCE_S)
        stopped_after_s = time.monotonic() - stopping_at
    connection.close()

    assert process.returncode == 0
    assert told_after_s < 3
    assert stopped_after_s < 8


def test_an_address_in_use_is_one_line(covey: Covey, node: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        ended = covey("serve", "--config", node)

    assert ended.status == 1
    assert ended.err == f"covey: the address is in use: 127.0.0.1:{port}\n"


@pytest.mark.parametrize("role", ["web", "worker"])
def test_sqlite_is_served_by_one_process_alone(covey: Covey, node: Path, role: str) -> None:
    ended = covey("serve", "--role", role, "--config", node)

    assert ended.status == 1
    assert ended.err == (
        f"covey: the role {role} needs PostgreSQL: one process serves a SQLite database\n"
    )


def test_a_folder_that_cannot_be_made_is_one_line(covey: Covey, node: Path) -> None:
    file = node.parent / "a_file"
    file.touch()
    node.write_text(node.read_text().replace('data_dir = "."', f'data_dir = "{file}/data"'))

    ended = covey("serve", "--config", node)

    assert ended.status == 1
    assert ended.err == f"covey: {file}/data: cannot be made: Not a directory\n"


def test_a_database_of_a_newer_release_is_not_served(covey: Covey, node: Path) -> None:
    with sqlite3.connect(node.parent / "covey.db") as database:
        database.execute(
            "INSERT INTO tortoise_migrations (app, name, applied_at) "
            "VALUES ('models', '9999_later', '2030-01-01')"
        )
    database.close()

    ended = covey("serve", "--config", node)

    assert ended.status == 1
    assert ended.err.endswith(": a newer release has migrated this database: 9999_later\n")
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("command", [("serve",), ("user", "add", "bo")])
def test_a_secret_that_opens_nothing_is_one_line(
    covey: Covey, node: Path, port: int, command: tuple[str, ...]
) -> None:
    assert covey("user", "add", "al", "--config", node).status == 0
    (node.parent / "secret_key").write_text("another secret, just as long as the first one\n")

    ended = covey(*command, "--config", node)

    assert ended.status == 1
    assert ended.err == (
        "covey: server.secret_key is not the one that the keys in the database were sealed with\n"
    )


def test_three_mistakes_keep_a_node_from_starting(covey: Covey, node: Path) -> None:
    node.write_text(node.read_text() + 'hosst = "x"\n[log]\nlevel = "loud"\n[limits]\nx = 1\n')

    ended = covey("serve", "--config", node)

    assert (ended.status, len(ended.err.splitlines())) == (3, 3)


def test_starting_imports_nothing_that_most_nodes_do_not_need_then() -> None:
    late = {"httpsig", "pkg_resources", "asyncpg", "cryptography.x509", "http_sf"}
    asked = f"import sys, node.cli.serve; print({late} & set(sys.modules))"

    ended = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.stdout == "set()\n", ended.stderr


def test_whoever_started_a_node_hears_how_it_is(node: Path, port: int, tmp_path: Path) -> None:
    place = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(place))
        manager.settimeout(PATIENCE_S)
        hears = {"NOTIFY_SOCKET": str(place), "WATCHDOG_USEC": "200000"}
        with serving(node, **hears) as process:
            words = [manager.recv(100).decode() for _ in range(3)]
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE_S)
            while words[-1] != "STOPPING=1":
                words.append(manager.recv(100).decode())

    assert words[:3] == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]
    assert process.returncode == 0


def test_a_signal_has_a_node_read_its_rules_again_and_a_mistake_changes_nothing(
    node: Path, port: int
) -> None:
    text = node.read_text()
    with serving(node) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGHUP)
        first = process.stderr.readline()
        node.write_text(f'{text}\n[[rule]]\nid = "half')
        process.send_signal(signal.SIGHUP)
        second = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)

    assert "Rules were read again" in first
    assert "Rules are not read again" in second
    assert "is not TOML" in second
    assert process.returncode == 0


def test_a_node_is_asked_whether_it_does_its_work(covey: Covey, node: Path, port: int) -> None:
    nobody = covey("healthcheck", "--config", node)
    with serving(node) as process:
        assert process.stderr is not None
        process.stderr.readline()
        ready = covey("healthcheck", "--config", node)
        told = covey("healthcheck", "--json", "--config", node)
        with sqlite3.connect(node.parent / "covey.db") as database:
            database.execute("INSERT INTO setting (key, value) VALUES ('restored', '1')")
        database.close()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
    with serving(node) as process:
        assert process.stderr is not None
        while not process.stderr.readline().startswith("ready"):
            pass
        restored = covey("healthcheck", "--config", node)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)

    said = f"covey: nobody answers at 127.0.0.1:{port}\n"
    assert (nobody.status, nobody.err) == (4, said)
    assert (ready.status, ready.out) == (0, "ok\n")
    assert told.out == '{"ready": true, "reason": ""}\n'
    assert (restored.status, restored.err) == (1, "covey: not ready: restored\n")

"""`covey resolve` asks only servers that the operator does not keep out."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.conftest import Covey, Ended

HANDLE = "@ana@bad.example"


@dataclass(slots=True)
class Door:
    """A port that hangs up on everybody, and counts them."""

    server: socket.socket
    knocks: list[object] = field(default_factory=list)

    def wait(self) -> None:
        """Hang up until the port is closed."""
        while True:
            try:
                caller, address = self.server.accept()
            except OSError:
                return
            self.knocks.append(address)
            caller.close()


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door(socket.create_server(("127.0.0.1", 0)))
    thread = Thread(target=door.wait)
    thread.start()
    yield door
    door.server.shutdown(socket.SHUT_RDWR)
    door.server.close()
    thread.join()


@pytest.fixture
def resolve(covey: Covey, node: Path, door: Door) -> Covey:
    """The command, on a node for which bad.example is behind that port."""
    port = door.server.getsockname()[1]
    hosts = f'[federation.hosts]\n"bad.example" = "127.0.0.1:{port}"\n'
    allowed = '[federation]\nallow_private_addresses = ["127.0.0.1/32"]\n'
    node.write_text(node.read_text() + allowed + hosts)

    def run() -> Ended:
        return covey("resolve", HANDLE, "--config", node)

    return run


def test_a_server_is_asked_by_its_name(resolve: Covey, door: Door) -> None:
    ended = resolve()

    assert ended.status == 1
    assert door.knocks != []


def test_a_blocked_domain_is_not_dialled(
    resolve: Covey, covey: Covey, node: Path, door: Door
) -> None:
    covey("policy", "block", "bad.example", "--config", node)

    ended = resolve()

    assert (ended.status, ended.err) == (1, f"covey: {HANDLE}: a blocked domain\n")
    assert door.knocks == []


def test_while_the_rules_cannot_be_read_nobody_is_dialled(
    resolve: Covey, node: Path, door: Door
) -> None:
    with closing(sqlite3.connect(node.parent / "covey.db")) as database:
        database.execute("ALTER TABLE setting RENAME TO lost")

    with pytest.raises(sqlite3.OperationalError, match="setting"):
        resolve()

    assert door.knocks == []

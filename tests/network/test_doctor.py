"""`covey doctor` meets a running node under its name, behind proxies that do well and ill."""

import asyncio
import json
import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import pytest_asyncio
import trustme
from aiohttp import web

from node.cli.main import main
from tests.support.live_node import read_config
from tests.support.network import Network
from tests.support.node_config import write_config
from tests.support.odd_proxy import Change, faithful, proxying
from tests.support.process_node import free_ports

pytestmark = pytest.mark.network

Said = dict[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Examined:
    """A running node, and a configuration with which its operator calls the doctor.

    Attributes:
        config: As the node's own, but that its name and another lead to ports of the test.
        port: Where the node listens, without TLS.
        front: Where its name leads.
        other: Where other.test is.
    """

    config: Path
    port: int
    front: int
    other: int


def close(folder: Path) -> None:
    """As covey init leaves it: for its user alone."""
    folder.chmod(0o700)
    for file in folder.glob("covey.db*"):
        file.chmod(0o600)


@pytest_asyncio.fixture
async def node(network: Network, tmp_path: Path) -> Examined:
    """A running node without TLS of its own, which is found at the port of a proxy."""
    (alpha,) = await network.start("alpha.test")
    port, (front, other) = alpha.node.ports[0], free_ports(2)
    config = read_config(alpha.config_file)
    written = write_config(
        alpha.config_file.parent / "operator",
        "alpha.test",
        hosts={"alpha.test": front, "other.test": other},
        ca_file=config.federation.ca_file,
        more={
            "server": {
                "data_dir": config.server.data_dir,
                "listen": [f"127.0.0.1:{port}"],
                "trusted_proxies": ["127.0.0.1"],
            },
            "database": {"url": config.database_url},
        },
    )
    written.chmod(0o600)
    await asyncio.to_thread(close, Path(config.server.data_dir))
    return Examined(written, port, front, other)


def server_side(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def doctor(
    node: Examined, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, Said]:
    """Its exit status, and what it says about each thing: level, what was seen, what to do."""
    command = ["doctor", *words, "--json", "--config", str(node.config)]
    status = await asyncio.to_thread(main, command)
    found = json.loads(capsys.readouterr().out)
    return status, {one["about"]: (one["level"], one["said"], one["fix"]) for one in found}


async def examined(
    node: Examined,
    ca: trustme.CA,
    capsys: pytest.CaptureFixture[str],
    change: Change = faithful,
    *,
    certificate: trustme.LeafCert | None = None,
) -> tuple[int, Said]:
    tls = server_side(certificate or ca.issue_cert("alpha.test"))
    async with proxying(node.front, node.port, tls, change):
        return await doctor(node, capsys)


async def test_a_node_behind_a_faithful_proxy_is_well(
    node: Examined, ca: trustme.CA, capsys: pytest.CaptureFixture[str]
):
    status, said = await examined(node, ca, capsys)

    assert [one for one in said.items() if one[1][0] == "error"] == []
    assert status == 0
    for about in ("proxy", "certificate", "WebFinger", "NodeInfo", "host-meta", "keys", "database"):
        assert said[about][0] == "ok", about


@pytest.mark.parametrize(
    ("change", "about"),
    [
        (lambda head: re.sub(rb"(?m)^Host: .*\r$", b"Host: 127.0.0.1:8420\r", head), "proxy host"),
        (lambda head: head.replace(b"%3A", b":").replace(b"%40", b"@"), "proxy path"),
        (lambda head: head.replace(b"GET /", b"GET /covey/", 1), "proxy path"),
        (lambda head: head.replace(b"%2Fg", b"/g"), "proxy path"),
    ],
    ids=["another host", "decoded path", "longer path", "decoded query"],
)
async def test_a_proxy_that_changes_what_is_asked_is_found(
    node: Examined,
    ca: trustme.CA,
    capsys: pytest.CaptureFixture[str],
    change: Change,
    about: str,
):
    status, said = await examined(node, ca, capsys, change)

    assert (status, said[about][0]) == (1, "error")
    assert "proxy" in said[about][2]
    assert said["node"][0] == "ok"


async def test_a_certificate_that_has_run_out_is_found(
    node: Examined, ca: trustme.CA, capsys: pytest.CaptureFixture[str]
):
    old = ca.issue_cert("alpha.test", not_after=datetime.now(UTC) - timedelta(days=1))

    status, said = await examined(node, ca, capsys, certificate=old)

    assert (status, said["certificate"][0]) == (1, "error")
    assert "certificate has expired" in said["certificate"][1]


async def test_a_certificate_that_soon_runs_out_is_said(
    node: Examined, ca: trustme.CA, capsys: pytest.CaptureFixture[str]
):
    old = ca.issue_cert("alpha.test", not_after=datetime.now(UTC) + timedelta(days=3))

    status, said = await examined(node, ca, capsys, certificate=old)

    assert (status, said["certificate"][0]) == (0, "warning")


async def test_a_certificate_of_another_name_is_found(
    node: Examined, ca: trustme.CA, capsys: pytest.CaptureFixture[str]
):
    status, said = await examined(node, ca, capsys, certificate=ca.issue_cert("beta.test"))

    assert (status, said["certificate"][0]) == (1, "error")
    assert "alpha.test" in said["certificate"][1]


async def test_without_a_proxy_nobody_answers_but_the_node_does(
    node: Examined, capsys: pytest.CaptureFixture[str]
):
    status, said = await doctor(node, capsys)

    assert (status, said["node"][0], said["certificate"][0]) == (1, "ok", "error")
    assert said["proxy"][0] == "error"


@pytest.mark.parametrize(
    ("hours", "level"), [(2, "error"), (-2, "error"), (0, "ok")], ids=["behind", "ahead", "right"]
)
async def test_a_clock_that_is_hours_off_is_found(
    node: Examined,
    ca: trustme.CA,
    capsys: pytest.CaptureFixture[str],
    hours: int,
    level: str,
):
    async def says_the_time(_: web.Request) -> web.Response:
        there = datetime.now(UTC) + timedelta(hours=hours)
        return web.Response(text="{}", headers={"Date": format_datetime(there, usegmt=True)})

    application = web.Application()
    application.router.add_get("/.well-known/nodeinfo", says_the_time)
    runner = web.AppRunner(application)
    await runner.setup()
    tls = server_side(ca.issue_cert("other.test"))
    await web.TCPSite(runner, "127.0.0.1", node.other, ssl_context=tls).start()
    status, said = await doctor(node, capsys, "peer", "other.test")
    await runner.cleanup()

    assert (status, said["clock"][0]) == (int(level == "error"), level)
    assert said["reached"][0] == "ok"
    if hours:
        assert re.search(r"\b(2 h|120 min) (behind|ahead of) other.test", said["clock"][1])


async def test_a_peer_that_is_away_is_said_to_be(
    node: Examined, capsys: pytest.CaptureFixture[str]
):
    status, said = await doctor(node, capsys, "peer", "other.test")

    assert (status, said["reached"][0]) == (1, "error")


async def test_a_peer_without_an_address_is_said_to_have_none(
    node: Examined, capsys: pytest.CaptureFixture[str]
):
    status, said = await doctor(node, capsys, "peer", "nowhere.invalid")

    assert (status, said["DNS"][0]) == (1, "error")

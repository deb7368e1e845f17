"""The samples in deploy/proxy do as the doctor wants, each with the server that it is for."""

import asyncio
import json
import os
import shutil
import ssl
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import trustme

from node.cli.main import main
from tests.support.live_node import LiveNode, read_config
from tests.support.network import Network
from tests.support.node_config import write_config
from tests.support.process_node import ROOT, free_ports, until

pytestmark = pytest.mark.network

SAMPLES = ROOT / "deploy" / "proxy"
MODULES = Path("/usr/lib/apache2/modules")
LARGE = 20 << 20


@dataclass(frozen=True, slots=True)
class Front:
    """A running proxy with a folder of its own, and the configuration that leads to it."""

    port: int
    config: Path
    tls: ssl.SSLContext
    token: str

    async def ask(self, head: str, *, body_bytes: int = 0, until_has: bytes = b"\r\n\r\n") -> bytes:
        """What comes back for a request, up to these bytes."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=self.tls, server_hostname="alpha.test"
        )
        writer.write(f"{head}\r\nHost: alpha.test\r\n\r\n".encode())
        with suppress(ConnectionError):
            for _ in range(body_bytes >> 20):
                writer.write(bytes(1 << 20))
                await writer.drain()
        came = b""
        async with asyncio.timeout(30):
            while until_has not in came and (part := await reader.read(65_536)):
                came += part
        writer.transport.abort()
        return came


def fitted(name: str, folder: Path, port: int, node_port: int) -> str:
    """A sample with the names and ports of a test, and without the port of plain HTTP."""
    text = (SAMPLES / name).read_text()
    text = text.replace("chat.example.org", "alpha.test").replace("8420", str(node_port))
    text = text.replace("/etc/ssl/alpha.test", str(folder))
    kept = (
        text[: text.index("listen 80;")].rpartition("server {")[0]
        if "listen 80;" in text
        else (text[: text.index("<VirtualHost *:80>")])
    )
    for line in ("listen [::]:443 ssl;",):
        kept = kept.replace(line, "")
    return kept.replace("listen 443", f"listen 127.0.0.1:{port}").replace(
        "*:443", f"127.0.0.1:{port}"
    )


def nginx(folder: Path, port: int, node_port: int) -> list[str]:
    site = fitted("nginx.conf", folder, port, node_port)
    owner = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{one}_temp_path {folder}/{one};"
        for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "whole.conf").write_text(
        f"daemon off; {owner} pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary}\n{site}\n}}\n"
    )
    return ["nginx", "-c", f"{folder}/whole.conf", "-e", f"{folder}/error.log"]


def apache(folder: Path, port: int, node_port: int) -> list[str]:
    names = ("mpm_event", "authz_core", "ssl", "headers", "proxy", "proxy_http", "socache_shmcb")
    modules = "".join(f"LoadModule {one}_module {MODULES}/mod_{one}.so\n" for one in names)
    owner = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    site = fitted("apache.conf", folder, port, node_port)
    (folder / "whole.conf").write_text(
        f"{modules}{owner}ServerRoot {folder}\nServerName alpha.test\nPidFile {folder}/pid\n"
        f"DefaultRuntimeDir {folder}\nErrorLog {folder}/error.log\nListen 127.0.0.1:{port}\n{site}"
    )
    return ["apache2", "-D", "FOREGROUND", "-f", f"{folder}/whole.conf"]


Maker = Callable[[Path, int, int], list[str]]


@asynccontextmanager
async def running(command: list[str], port: int, folder: Path) -> AsyncIterator[None]:
    """A server while the block lasts; it and all its processes end with it."""
    process: Process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, start_new_session=True
    )

    async def answers() -> bool:
        assert process.returncode is None, (await process.communicate(), folder)
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    try:
        assert await until(answers, within_s=30)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@pytest_asyncio.fixture(params=[nginx, apache], ids=["nginx", "apache"])
async def front(
    request: pytest.FixtureRequest, network: Network, ca: trustme.CA, tmp_path: Path
) -> AsyncIterator[Front]:
    maker: Maker = request.param
    folder, (port,) = tmp_path / "proxy", free_ports(1)
    (alpha,) = await network.start("alpha.test")
    config = operator_config(alpha, port)
    prepare(folder, ca)
    command = maker(folder, port, alpha.node.ports[0])
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    tls = ssl.create_default_context()
    ca.configure_trust(tls)
    async with running(command, port, folder):
        yield Front(port, config, tls, await alpha.token_for("al"))


def prepare(folder: Path, ca: trustme.CA) -> None:
    folder.mkdir()
    certificate = ca.issue_cert("alpha.test")
    certificate.private_key_pem.write_to_path(str(folder / "privkey.pem"))
    chain = b"".join(one.bytes() for one in certificate.cert_chain_pems)
    (folder / "fullchain.pem").write_bytes(chain)


def operator_config(alpha: LiveNode, port: int) -> Path:
    """As the node's own, but that its name leads to the proxy."""
    config = read_config(alpha.config_file)
    written = write_config(
        alpha.config_file.parent / "operator",
        "alpha.test",
        hosts={"alpha.test": port},
        ca_file=config.federation.ca_file,
        more={
            "server": {
                "data_dir": config.server.data_dir,
                "listen": [f"127.0.0.1:{alpha.node.ports[0]}"],
                "trusted_proxies": ["127.0.0.1"],
            },
            "database": {"url": config.database_url},
        },
    )
    written.chmod(0o600)
    return written


async def test_the_doctor_is_content_with_a_sample(
    front: Front, capsys: pytest.CaptureFixture[str]
):
    command = ["doctor", "--json", "--config", str(front.config)]
    await asyncio.to_thread(main, command)

    found = json.loads(capsys.readouterr().out)
    said = {one["about"]: one["level"] for one in found}
    behind = (
        "proxy",
        "certificate",
        "node",
        "WebFinger",
        "NodeInfo",
        "host-meta",
        "instance actor",
    )
    assert {about: said.get(about) for about in behind} == dict.fromkeys(behind, "ok")


async def test_nobody_lends_themselves_an_address(front: Front):
    came = await front.ask("GET /livez/x HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1", until_has=b"}")

    assert b"192.0.2.1" not in came
    assert b'"client"' in came


async def test_a_large_file_is_not_cut_off_by_the_proxy(front: Front):
    head = f"POST /api/covey/v1/media HTTP/1.1\r\nContent-Length: {LARGE}"

    came = await front.ask(head, body_bytes=LARGE)

    # It is the node that says who may not.
    assert came.startswith(b"HTTP/1.1 401")


async def test_a_stream_is_not_held_back(front: Front):
    head = f"GET /api/covey/v1/events HTTP/1.1\r\nAuthorization: Bearer {front.token}"

    assert b"text/event-stream" in await front.ask(head, until_has=b": still here\n")

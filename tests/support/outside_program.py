"""A program of others, as it is published, which reaches nodes of a test by their names."""

import asyncio
import json
import ssl
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import trustme

from tests.support.live_node import LiveNode
from tests.support.network import Network

# Names of the network instead of DNS.
NAMES = """
import json, os, socket

_ports, _ask = json.loads(os.environ["PORTS"]), socket.getaddrinfo


def getaddrinfo(host, port, *rest, **more):
    if host in _ports:
        host, port = "127.0.0.1", _ports[host]
    return _ask(host, port, *rest, **more)


socket.getaddrinfo = getaddrinfo
"""


@asynccontextmanager
async def running(
    *command: str | Path, network: Network, ca: trustme.CA, folder: Path, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program that runs until this ends; what it prints is in its standard output.

    Args:
        command: The program and its arguments; `python` is that of the tests.
        network: Whose nodes it reaches.
        ca: Whom it trusts.
        folder: Its own, as its home too.
        more: Of its environment.
    """
    _prepare(folder, ca)
    async with AsyncExitStack() as stack:
        nodes = network.nodes.values()
        ports = {one.name: await stack.enter_async_context(_in_tls(one, ca)) for one in nodes}
        async with _process(command, folder, _environment(folder, ports) | more) as process:
            yield process


def _prepare(folder: Path, ca: trustme.CA) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(NAMES)
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))


def _environment(folder: Path, ports: Mapping[str, int]) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(folder),
        "REQUESTS_CA_BUNDLE": str(folder / "ca.pem"),
        "SSL_CERT_FILE": str(folder / "ca.pem"),
        "PORTS": json.dumps(ports),
    }


@asynccontextmanager
async def _in_tls(node: LiveNode, ca: trustme.CA) -> AsyncIterator[int]:
    """A port at which a node answers in TLS under its name, streams too."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert(node.name).configure_cert(context)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inside, out = await asyncio.open_connection("127.0.0.1", node.node.ports[0])
        try:
            await asyncio.gather(_copied(reader, out), _copied(inside, writer))
        except ConnectionError:
            return

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@asynccontextmanager
async def _process(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    named = [sys.executable if each == "python" else each for each in command]
    process = await asyncio.create_subprocess_exec(
        *named,
        # What it leaves behind stays there.
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

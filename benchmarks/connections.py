"""Prints what a silent connection costs, and an event stream on which nothing happens.

Run with `python -m benchmarks.connections`. A node with TLS is made and started as an operator does
it. Connections are opened that send two lines of a request and then nothing; the node gives each of
them ten seconds, so they are counted as soon as they are there: that is the memory a stranger can
take. Then so many clients of one person open the event stream, and are told twice that all is well,
every fifteen seconds; counted are the memory of the node and its CPU, all threads. At last as many
open a WebSocket of Mastodon's API.
"""

import argparse
import json
import os
import resource
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import trustme

from benchmarks._machine import about
from benchmarks.start import COVEY, free_port, make_node, resident_mb, serving, threads_cpu_s

BEGUN = b"POST /inbox HTTP/1.1\r\nHost: localhost\r\n"
KB_PER_MB = 1024
BEATS_S = 30


def with_tls(folder: Path) -> ssl.SSLContext:
    """Give the node that is started next a certificate; answer what trusts it."""
    ca = trustme.CA()
    certificate = ca.issue_cert("localhost")
    key, chain = folder / "key.pem", folder / "cert.pem"
    certificate.private_key_pem.write_to_path(str(key))
    chain.write_bytes(b"".join(one.bytes() for one in certificate.cert_chain_pems))
    os.environ |= {"COVEY__SERVER__TLS_CERT": str(chain), "COVEY__SERVER__TLS_KEY_FILE": str(key)}
    os.environ["COVEY__LIMITS__CONNECTIONS_PER_ADDRESS"] = "100000"
    trusting = ssl.create_default_context()
    ca.configure_trust(trusting)
    return trusting


def begun(port: int, tls: ssl.SSLContext) -> ssl.SSLSocket:
    """A connection whose request never comes."""
    opened = tls.wrap_socket(
        socket.create_connection(("127.0.0.1", port)), server_hostname="localhost"
    )
    opened.sendall(BEGUN)
    return opened


def measure(count: int) -> dict[str, object]:
    """Open so many connections, and see how the node grows."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as name, patch.dict(os.environ):
        port = free_port()
        config = make_node(Path(name), port)
        tls = with_tls(Path(name))
        with serving(config) as (process, _):
            before_mb = resident_mb(process.pid)
            held = [begun(port, tls) for _ in range(count)]
            after_mb = resident_mb(process.pid)
            for one in held:
                one.close()
    return {"benchmark": "connections", **_grown(before_mb, after_mb, count)}


def measure_streams(count: int) -> dict[str, object]:
    """Open so many event streams, and see how the node grows and what it does."""
    with tempfile.TemporaryDirectory() as name, patch.dict(os.environ):
        port = free_port()
        config = make_node(Path(name), port)
        tls = with_tls(Path(name))
        covey(config, "user", "add", "alice")
        token = covey(config, "token", "create", "alice")
        with serving(config) as (process, _):
            streaming(port, tls, token).close()
            before_mb = resident_mb(process.pid)
            held = [streaming(port, tls, token) for _ in range(count)]
            after_mb = resident_mb(process.pid)
            before_s = threads_cpu_s(process.pid)
            time.sleep(BEATS_S)
            share = (threads_cpu_s(process.pid) - before_s) / BEATS_S
            for one in held:
                one.close()
    return {
        "benchmark": "connections, streams",
        **_grown(before_mb, after_mb, count),
        "percent_of_a_core": round(share * 100, 2),
    }


def measure_sockets(count: int) -> dict[str, object]:
    """Open so many WebSockets of Mastodon's API, and see how the node grows."""
    with tempfile.TemporaryDirectory() as name, patch.dict(os.environ):
        port = free_port()
        config = make_node(Path(name), port)
        tls = with_tls(Path(name))
        covey(config, "user", "add", "alice")
        token = covey(config, "token", "create", "alice")
        with serving(config) as (process, _):
            upgraded(port, tls, token).close()
            before_mb = resident_mb(process.pid)
            held = [upgraded(port, tls, token) for _ in range(count)]
            after_mb = resident_mb(process.pid)
            for one in held:
                one.close()
    return {"benchmark": "connections, websockets", **_grown(before_mb, after_mb, count)}


def covey(config: Path, *arguments: str) -> str:
    """What a command of the node prints."""
    # The command is made here.
    done = subprocess.run(  # noqa: S603
        (*COVEY, *arguments, "--config", str(config)),
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()


def streaming(port: int, tls: ssl.SSLContext, token: str) -> ssl.SSLSocket:
    """An event stream that has begun.

    Raises:
        RuntimeError: There is none.
    """
    opened = tls.wrap_socket(
        socket.create_connection(("127.0.0.1", port)), server_hostname="localhost"
    )
    head = f"GET /api/covey/v1/events HTTP/1.1\r\nHost: localhost:{port}\r\n"
    opened.sendall(f"{head}Authorization: Bearer {token}\r\n\r\n".encode())
    answer = opened.recv(1024)
    if b" 200 " not in answer[:16]:
        raise RuntimeError(answer.decode(errors="replace"))
    return opened


def upgraded(port: int, tls: ssl.SSLContext, token: str) -> ssl.SSLSocket:
    """A WebSocket of a client of Mastodon's API that hears everything of its person.

    Raises:
        RuntimeError: There is none.
    """
    opened = tls.wrap_socket(
        socket.create_connection(("127.0.0.1", port)), server_hostname="localhost"
    )
    opened.sendall(
        f"GET /api/v1/streaming?stream=user HTTP/1.1\r\nHost: localhost:{port}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"Authorization: Bearer {token}\r\n\r\n".encode()
    )
    answer = opened.recv(1024)
    if b" 101 " not in answer[:16]:
        raise RuntimeError(answer.decode(errors="replace"))
    return opened


def _grown(before_mb: float, after_mb: float, count: int) -> dict[str, object]:
    grown_mb = after_mb - before_mb
    return {
        "idle_mb": round(before_mb),
        "with_connections_mb": round(after_mb),
        "kb_per_connection": round(grown_mb * KB_PER_MB / count),
    }


def main() -> None:
    """Measure on Linux, where the memory of a process can be read from /proc."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    kinds = (measure, measure_streams, measure_sockets)
    for found in (each(options.count) for each in kinds):
        print(json.dumps({**found, "count": options.count, **about()}))


if __name__ == "__main__":
    main()

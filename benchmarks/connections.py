"""Prints what a connection costs that says nothing: the memory a stranger can take.

Run with `python -m benchmarks.connections`. A node with TLS is made and started as an operator does
it. Connections are opened that send two lines of a request and then nothing; the node gives each of
them ten seconds, so they are counted as soon as they are there.
"""

import argparse
import json
import os
import resource
import socket
import ssl
import tempfile
from pathlib import Path

import trustme

from benchmarks._machine import about
from benchmarks.start import free_port, make_node, resident_mb, serving

BEGUN = b"POST /inbox HTTP/1.1\r\nHost: localhost\r\n"
KB_PER_MB = 1024


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
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        config = make_node(Path(name), port)
        tls = with_tls(Path(name))
        with serving(config) as (process, _):
            before_mb = resident_mb(process.pid)
            held = [begun(port, tls) for _ in range(count)]
            after_mb = resident_mb(process.pid)
            for one in held:
                one.close()
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
    found = measure(options.count)
    print(json.dumps({"benchmark": "connections", "count": options.count, **found, **about()}))


if __name__ == "__main__":
    main()

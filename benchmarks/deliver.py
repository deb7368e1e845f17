"""Prints what delivering one row to each of 64 hosts costs the sender, in RSA-2048 signatures.

Run with `python -m benchmarks.deliver`. Both schemes are measured side by side: draft-cavage with
RSA, as for other software, and RFC 9421 with Ed25519, as between nodes of our kind. The receivers
are one other process, so only the sender's CPU is counted: claiming, looking up, signing, posting
over TLS with keep-alive, and settling.
"""

import argparse
import asyncio
import json
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import count
from pathlib import Path

import trustme
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks._machine import about
from federation.outbound.deliver import DeliveryWorker, Means
from federation.protocol.signature.sign import Scheme, SigningKey
from federation.remote.schemes import Schemes
from federation.transport.client import Client, ClientSettings
from storage import database, delivery_queue, migrate, peers
from storage.group_commit import GroupCommit
from storage.times import to_ms

HOSTS = 64
ALICE = "https://alpha.test/u/alice"
NAMES = [f"h{number}.test" for number in range(HOSTS)]
NUMBERS = count()


# ------------------------------------------------------------------------------- the receivers


async def receive(certificate: str) -> None:
    """Answer 202 on 64 ports; the first line on standard output names them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def inbox(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=202)

    app = web.Application()
    app.router.add_post("/inbox", inbox)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    for _ in NAMES:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    print(*(address[1] for address in runner.addresses), flush=True)
    await asyncio.get_running_loop().create_future()


@contextmanager
def receivers(folder: Path) -> Iterator[list[int]]:
    """The other process, and the port of each host."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    authority.issue_cert(*NAMES).private_key_and_cert_chain_pem.write_to_path(
        str(folder / "peer.pem")
    )
    command = [sys.executable, "-m", "benchmarks.deliver", "--receive", str(folder / "peer.pem")]
    # The command is made above.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield [int(port) for port in process.stdout.readline().split()]
        finally:
            process.kill()


# ------------------------------------------------------------------------------- the sender


class OneKey:
    """Everybody signs with the same keys, which are at hand as in a running node."""

    def __init__(self, key: RSAPrivateKey) -> None:
        self._rsa = SigningKey(Scheme.CAVAGE, f"{ALICE}#main-key", key)
        self._ed25519 = SigningKey(
            Scheme.RFC_9421_ED25519, f"{ALICE}#ed25519-key", Ed25519PrivateKey.generate()
        )

    async def for_requests(self, _actor_uri: str, scheme: Scheme) -> SigningKey:
        """The key for this scheme."""
        return self._rsa if scheme is Scheme.CAVAGE else self._ed25519

    async def renewed(self, document: str) -> str:
        """The document: nobody here has other keys than before."""
        return document


class OneScheme(Schemes):
    """All hosts take the same scheme, which the benchmark changes."""

    scheme = Scheme.CAVAGE

    async def of(self, host: str) -> Scheme:
        """The scheme, looked up as usual."""
        await super().of(host)
        return self.scheme


class NoDirectory:
    """Nobody moves."""

    async def refresh(self, _actor_uri: str) -> None:
        """Nothing to do."""

    async def is_away(self, _actor_uri: str) -> bool:
        """Everybody is there."""
        return False


def wall_clock() -> datetime:
    """The time."""
    return datetime.now(UTC)


async def make_peers() -> None:
    """One person on each host, with a shared inbox."""
    rows = [
        (
            *(f"https://{name}/u/p", name, False, "person", f"https://{name}/u/p/inbox"),
            *(f"https://{name}/inbox", 0),
        )
        for name in NAMES
    ]
    columns = ("uri", "host", "local", "kind", "inbox", "shared_inbox", "created_at")
    async with database.transaction():
        await database.insert_many("actor", columns, rows)


async def owe(names: list[str]) -> None:
    """A message of about 4 KiB, as a group of some size has them, to one person on each host."""
    number, now = next(NUMBERS), to_ms(wall_clock())
    activity_id = f"{ALICE}/a/{number}"
    document = json.dumps({"id": activity_id, "type": "Create", "to": ["x" * 60] * 64})
    rows = [
        (
            *(f"{number:08}{name}", activity_id, ALICE, name, "shared", f'["https://{name}/u/p"]'),
            *("conversation", f"{ALICE}/n/{number}", True, f"message {number}", now, now),
        )
        for name in names
    ]
    columns = (
        *("id", "activity_id", "actor_uri", "host", "target", "recipients"),
        *("conversation_id", "object_uri", "aware", "message_id", "due_at", "created_at"),
    )
    async with database.transaction():
        await database.insert_many(
            "activity",
            ("id", "actor_uri", "document", "created_at"),
            [(activity_id, ALICE, document, now)],
        )
        await database.insert_many("delivery", columns, rows)
        # In the order in which workers lock them.
        lanes = [(name, now) for name in sorted(names)]
        await database.insert_many("peer", ("host", "due_at"), lanes, conflict=peers.MAKE_DUE)


async def cpu_of(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds of CPU of this process, all threads."""
    began = time.process_time()
    await work()
    return time.process_time() - began


def signature_s(key: RSAPrivateKey, times: int = 50) -> float:
    """Seconds of CPU of one RSA-2048 signature by cryptography."""
    began = time.process_time()
    for _ in range(times):
        key.sign(b"x" * 300, PKCS1v15(), SHA256())
    return (time.process_time() - began) / times


@asynccontextmanager
async def sender(
    folder: Path, ports: list[int], key: RSAPrivateKey, schemes: OneScheme
) -> AsyncIterator[DeliveryWorker]:
    """A worker over a database file, as a node runs it."""
    settings = ClientSettings(
        user_agent="Covey/benchmark",
        allow_private=(ip_network("127.0.0.0/8"),),
        ca_file=str(folder / "ca.pem"),
        hosts={name: ("127.0.0.1", port) for name, port in zip(NAMES, ports, strict=True)},
    )
    commits = GroupCommit(delivery_queue.turn)
    async with database.opened(f"sqlite://{folder}/sender.db"), Client(settings) as client:
        await migrate.apply("0" * 32)
        await make_peers()
        running = asyncio.create_task(commits.run())
        yield DeliveryWorker(
            Means(
                client=client,
                keyring=OneKey(key),
                directory=NoDirectory(),
                turn=commits.submit,
                clock=wall_clock,
                chance=lambda: 0.5,
                new_token=lambda: str(next(NUMBERS)),
                on_forbidden=NoDirectory().refresh,
                schemes=schemes,
            )
        )
        commits.stop()
        await running


class Rounds:
    """What a row has cost in each round, in one scheme; in seconds of CPU, all threads."""

    def __init__(self) -> None:
        self.batched: list[float] = []
        self.single: list[float] = []

    async def run(self, worker: DeliveryWorker) -> None:
        """One round: a row to each host at once, and eight rows to one host, one at a time."""

        async def all_hosts() -> None:
            await asyncio.gather(*(worker.run_once(wall_clock()) for _ in NAMES))

        async def one_host() -> None:
            await worker.run_once(wall_clock())

        await owe(NAMES)
        self.batched.append(await cpu_of(all_hosts) / HOSTS)
        alone = 0.0
        for _ in range(8):
            await owe(NAMES[:1])
            alone += await cpu_of(one_host)
        self.single.append(alone / 8)

    def report(self, signatures: list[float], name: str) -> dict[str, object]:
        """Medians; each round is compared with the RSA signature measured beside it."""
        ratios = sorted(b / s for b, s in zip(self.batched, signatures, strict=True))
        singles = [b / s for b, s in zip(self.single, signatures, strict=True)]
        return {
            f"{name}row_us": round(statistics.median(self.batched) * 1e6),
            f"{name}ratio": round(statistics.median(ratios), 2),
            f"{name}ratio_spread": [round(ratios[0], 2), round(ratios[-1], 2)],
            f"{name}one_host_ratio": round(statistics.median(singles), 2),
        }


async def measure(folder: Path, ports: list[int], rounds: int) -> dict[str, object]:
    """Alternate the figures, so that a busy machine slows them alike."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    schemes = OneScheme(wall_clock)
    signatures: list[float] = []
    by_scheme = {Scheme.CAVAGE: Rounds(), Scheme.RFC_9421_ED25519: Rounds()}
    async with sender(folder, ports, key, schemes) as worker:
        for number in range(rounds + 2):
            if number == 2:  # the first rounds shake hands
                signatures.clear()
                by_scheme = {scheme: Rounds() for scheme in by_scheme}
            for schemes.scheme, figures in by_scheme.items():
                await figures.run(worker)
            signatures.append(signature_s(key))
        left = await database.fetch("SELECT state, COUNT(*) AS n FROM delivery GROUP BY state")
    rsa, ed25519 = by_scheme.values()
    halves = [e / r for e, r in zip(ed25519.batched, rsa.batched, strict=True)]
    return {
        "benchmark": "deliver",
        "hosts": HOSTS,
        "rounds": len(signatures),
        "rsa_2048_us": round(statistics.median(signatures) * 1e6),
        **rsa.report(signatures, ""),
        **ed25519.report(signatures, "ed25519_"),
        "ed25519_to_rsa": round(statistics.median(halves), 2),
        **about(),
        "rows": {row["state"]: row["n"] for row in left},
    }


def main() -> None:
    """Measure, or be the receivers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--receive", metavar="CERTIFICATE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.receive:
        asyncio.run(receive(options.receive))
        return
    with tempfile.TemporaryDirectory() as name, receivers(Path(name)) as ports:
        print(json.dumps(asyncio.run(measure(Path(name), ports, options.rounds))))


if __name__ == "__main__":
    main()

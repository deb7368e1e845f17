"""What people and servers meet under the node's name is asked for as they would ask."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import quote, urlsplit

from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.transport.answer import Answer
from federation.transport.client import Client, ClientSettings
from federation.transport.dialler import tls_context
from node.config.sections import Config
from node.doctor.finding import Finding, bad, doubtful, well
from node.doctor.judging import judge_arrival, judge_certificate, judge_names, lost_host
from node.http.arrival import ARRIVAL

# What a proxy that takes apart or tidies up a path would change.
AS_SENT: Final = f"{ARRIVAL}a%3Ab%40c/d%20e?f=%2Fg%20h"
EVERYWHERE: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))
ANSWER_MAX: Final = 65_536
WAIT_S: Final = 5.0
HTTPS: Final = 443
NODE: Final = "node"
DOCUMENTS: Final = (
    ("host-meta", "/.well-known/host-meta"),
    ("NodeInfo", "/.well-known/nodeinfo"),
    ("instance actor", "/actor"),
    ("OAuth metadata", "/.well-known/oauth-authorization-server"),
)


async def look_at_front_door(
    config: Config, settings: ClientSettings, now: datetime
) -> AsyncIterator[Finding]:
    """DNS, TLS, the proxy and the documents that others begin with.

    Args:
        config: Checked before.
        settings: Of the way out. The node's own name may lead anywhere.
        now: A certificate has to be valid at this time.
    """
    here = await _listening(config)
    yield here
    parts = urlsplit(config.server.base_url)
    host, port = parts.hostname or "", parts.port or (HTTPS if parts.scheme == "https" else 80)
    dialled = settings.hosts.get(host)
    addresses = [dialled[0]] if dialled else await addresses_of(host, port)
    is_development = dialled is not None or bool(config.federation.allow_private_addresses)
    is_development = is_development or parts.scheme == "http"
    yield judge_names(host, addresses, is_development=is_development)
    if not addresses:
        return
    if parts.scheme == "https":
        place = dialled or (addresses[0], port)
        certificate = await find_certificate(host, place, settings.ca_file, now)
        yield certificate
    own = replace(settings, own_origin="", allow_private=EVERYWHERE)
    async with Client(own) as client:
        async for one in _asked(client, config):
            yield one


async def _listening(config: Config) -> Finding:
    """Whether somebody answers where the node listens."""
    place = config.server.listen[0]
    try:
        async with asyncio.timeout(WAIT_S):
            if place.startswith("unix:"):
                _, writer = await asyncio.open_unix_connection(place.removeprefix("unix:"))
            else:
                address, _, port = place.rpartition(":")
                address = address.strip("[]")
                any_here = ip_address(address).is_unspecified
                near = "localhost" if any_here else address
                _, writer = await asyncio.open_connection(near, int(port))
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
    except (OSError, TimeoutError):
        fix = "start it: covey serve, or systemctl start covey"
        return bad(NODE, f"nobody answers at {place}", fix)
    return well(NODE, f"something answers at {place}")


async def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a name, of both families; none if it has none."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(str(one[4][0]) for one in found))


async def find_certificate(
    host: str, place: tuple[str, int], ca_file: str | None, now: datetime
) -> Finding:
    """Whether others believe the certificate at this place, and for how long."""
    fix = "see docs/admin/running.md on TLS: the whole chain has to be given, for this name"
    try:
        async with asyncio.timeout(WAIT_S):
            _, writer = await asyncio.open_connection(
                *place, ssl=tls_context(ca_file), server_hostname=host
            )
    except ssl.SSLCertVerificationError as error:
        return bad("certificate", f"that of {host}: {error.verify_message}", fix)
    except (OSError, TimeoutError) as error:
        why = str(error) or "no answer"
        said = f"no TLS connection to {host} at {place[0]} port {place[1]}: {why}"
        return bad("certificate", said, "see that the proxy runs, and that the port is open")
    certificate = writer.get_extra_info("peercert") or {}
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    until = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    return judge_certificate(host, datetime.fromtimestamp(until, UTC), now)


async def _asked(client: Client, config: Config) -> AsyncIterator[Finding]:
    base, netloc = config.server.base_url, config.server.netloc
    answer = await client.get(f"{base}{AS_SENT}", accept="application/json", max_bytes=ANSWER_MAX)
    if not isinstance(answer, Answer):
        said = f"{base} gives no answer: {answer.reason}"
        yield bad("proxy", said, "see that the proxy runs, and leads to where the node listens")
        return
    for one in judge_answer(answer, netloc):
        yield one
    if answer.status != HTTPStatus.OK:
        return
    if base.startswith("https:") and "strict-transport-security" not in answer.headers:
        yield doubtful("HSTS", "browsers are not told to use HTTPS alone", "let the proxy keep it")
    for about, path in DOCUMENTS:
        yield await _document(client, about, f"{base}{path}")
    yield await _webfinger(client, config)


def judge_answer(answer: Answer, netloc: str) -> tuple[Finding, ...]:
    """What the node's own account of a request says about what is in front of it."""
    if answer.status == HTTPStatus.MISDIRECTED_REQUEST:
        return (lost_host(),)
    seen: Mapping[str, object] | None = None
    with suppress(RemoteProtocolError):
        seen = strict_json.loads(answer.body)
    if answer.status != HTTPStatus.OK or seen is None:
        said = f"a request for {AS_SENT} gets {answer.status} from somebody else"
        fix = "let the proxy pass on every path, as it came, to where the node listens"
        return (bad("proxy path", said, fix),)
    return judge_arrival(AS_SENT, netloc, seen)


async def _document(client: Client, about: str, url: str) -> Finding:
    answer = await client.get(url, accept="*/*", max_bytes=ANSWER_MAX)
    if isinstance(answer, Answer) and answer.status == HTTPStatus.OK:
        return well(about, "is there")
    said = (
        f"{url} answers {answer.status}"
        if isinstance(answer, Answer)
        else f"{url}: {answer.reason}"
    )
    return bad(about, said, "let the proxy pass it on: other servers begin with it")


async def _webfinger(client: Client, config: Config) -> Finding:
    """Handles lead here, also where they are of another domain."""
    server = config.server
    scheme = urlsplit(server.base_url).scheme
    resource = quote(f"acct:{server.domain}@{server.domain}", safe="")
    url = f"{scheme}://{server.domain}/.well-known/webfinger?resource={resource}"
    answer = await client.look(
        url, accept="application/jrd+json", max_bytes=ANSWER_MAX, may_end_at=lambda *_: True
    )
    there = f"{server.base_url}/"
    if isinstance(answer, Answer) and answer.url.startswith(there):
        return well("WebFinger", f"handles of {server.domain} lead here")
    said = f"{url} does not lead here"
    return bad("WebFinger", said, f"redirect it, with its query, to {there}.well-known/webfinger")

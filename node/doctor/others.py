"""Other servers are asked what time it is, and how it is between one of them and this node."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.nodeinfo import parse_links, parse_nodeinfo
from federation.transport.answer import Answer
from federation.transport.client import Client, ClientSettings
from node.doctor.finding import Finding, bad, well
from node.doctor.front_door import HTTPS, addresses_of, find_certificate
from node.doctor.judging import judge_clock

NODEINFO: Final = "/.well-known/nodeinfo"
ANSWER_MAX: Final = 65_536
ASKED_MOST: Final = 5
EXACT_TO: Final = timedelta(seconds=1)

Now = Callable[[], datetime]


async def look_at_clock(settings: ClientSettings, hosts: Sequence[str], now: Now) -> Finding:
    """Compare the clock with those of some servers."""
    async with Client(settings) as client:
        found = await asyncio.gather(*(_offset(client, host, now) for host in hosts[:ASKED_MOST]))
    return judge_clock({host: offset for host, offset in found if offset is not None})


async def _offset(client: Client, host: str, now: Now) -> tuple[str, timedelta | None]:
    sent = now()
    answer = await client.get(f"https://{host}{NODEINFO}", accept="*/*", max_bytes=ANSWER_MAX)
    return host, offset_of(answer, sent, now()) if isinstance(answer, Answer) else None


def offset_of(answer: Answer, sent: datetime, received: datetime) -> timedelta | None:
    """By how much the clock of whoever answered is ahead; None if it says nothing of use.

    Args:
        answer: Says the time in its header Date, in whole seconds.
        sent: When it was asked for.
        received: When it was there.
    """
    with suppress(ValueError, TypeError):
        said = parsedate_to_datetime(answer.headers.get("date", ""))
        said = said if said.tzinfo else said.replace(tzinfo=UTC)
        if said < sent - EXACT_TO:
            return said - sent
        return max(said - received, timedelta(0))
    return None


async def look_at_peer(host: str, settings: ClientSettings, now: Now) -> AsyncIterator[Finding]:
    """How another server is reached from here.

    Args:
        host: Its name.
        settings: Of the way out.
        now: The clock.
    """
    dialled = settings.hosts.get(host)
    addresses = [dialled[0]] if dialled else await addresses_of(host, HTTPS)
    if not addresses:
        yield bad(
            "DNS", f"{host} has no address", "see whether the name is right, and your resolver"
        )
        return
    yield well("DNS", f"{host} is at {', '.join(addresses)}")
    async with Client(settings) as client:
        url = f"https://{host}{NODEINFO}"
        sent = now()
        answer = await client.get(url, accept="application/json", max_bytes=ANSWER_MAX)
        received = now()
        if not isinstance(answer, Answer):
            fix = "what refuses it is said above: a rule of this node, the network, or that server"
            yield bad("reached", f"{url}: {answer.reason}", fix)
            return
        yield await find_certificate(
            host, dialled or (addresses[0], HTTPS), settings.ca_file, now()
        )
        yield well("reached", f"{url} answers {answer.status}")
        offset = offset_of(answer, sent, received)
        if offset is not None:
            yield judge_clock({host: offset})
        yield await _software(client, answer, host)


async def _software(client: Client, links: Answer, host: str) -> Finding:
    with suppress(RemoteProtocolError):
        document = strict_json.loads(links.body)
        if url := parse_links(document):
            answer = await client.get(url, accept="application/json", max_bytes=ANSWER_MAX)
            if isinstance(answer, Answer):
                runs = parse_nodeinfo(strict_json.loads(answer.body))
                return well("software", f"{host} runs {runs.name} {runs.version}".rstrip())
    return well("software", f"{host} does not say what it runs")

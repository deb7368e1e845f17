"""Which software a host runs, by its NodeInfo: asked once a day, and trusted for nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.nodeinfo import Software, parse_links, parse_nodeinfo
from federation.protocol.uri import host_of
from federation.remote.actors import Directory
from federation.remote.objects import LATER, OK, SERVER_FAULTS
from federation.transport.answer import Answer
from federation.transport.failure import Unreachable
from storage import software

FRESH_FOR: Final = timedelta(hours=24)
NODEINFO_MAX_BYTES: Final = 64 * 1024
JSON: Final = "application/json"
SILENT: Final = Software("", "")


@dataclass(frozen=True, slots=True)
class NotNow:
    """The host could not be asked now."""


@dataclass(frozen=True, slots=True)
class SoftwareNames:
    """Finds out what hosts run.

    Source: groups-protocol.md 1.4
    """

    directory: Directory

    async def of_hosts(self, hosts: Collection[str]) -> dict[str, str]:
        """What these hosts run; "" for one that does not say, or cannot be asked."""
        known = await software.of_hosts(hosts)
        names: dict[str, str] = {}
        for host in sorted(hosts):
            found = await self.find(host)
            held = known[host].name if host in known else ""
            names[host] = held if isinstance(found, NotNow) else found
        return names

    async def find(self, host: str) -> str | NotNow:
        """What a host runs, not older than a day; "" where it does not say."""
        known = (await software.of_hosts([host])).get(host)
        now = self.directory.fetcher.clock()
        if known is not None and now - known.asked_at < FRESH_FOR:
            return known.name
        return await self.ask(host, now)

    async def ask(self, host: str, now: datetime) -> str | NotNow:
        """Ask a host what it runs, and keep the answer."""
        said = await self._asked(host)
        if isinstance(said, NotNow):
            return said
        await software.put(host, said.name, now, version=said.version)
        return said.name

    async def _asked(self, host: str) -> Software | NotNow:
        fetcher = self.directory.fetcher
        # A development node names its port, and has no TLS.
        scheme = "http" if fetcher.allow_http and ":" in host else "https"
        links = await self._document(f"{scheme}://{host}/.well-known/nodeinfo")
        if isinstance(links, NotNow):
            return links
        try:
            url = parse_links(links, allow_http=fetcher.allow_http)
        except RemoteProtocolError:
            return SILENT
        if host_of(url) != host:
            return SILENT
        found = await self._document(url)
        return found if isinstance(found, NotNow) else parse_nodeinfo(found)

    async def _document(self, url: str) -> Mapping[str, Any] | NotNow:
        """The JSON at a URL; empty if there is none."""
        client = self.directory.fetcher.client
        answer = await client.get(url, accept=JSON, max_bytes=NODEINFO_MAX_BYTES)
        if isinstance(answer, Unreachable):
            return NotNow()
        if not isinstance(answer, Answer):
            return {}
        if answer.status in LATER or answer.status in SERVER_FAULTS:
            return NotNow()
        try:
            return strict_json.loads(answer.body) if answer.status == OK else {}
        except RemoteProtocolError:
            return {}

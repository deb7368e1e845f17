"""Many servers of other software behind one port, each with as many people as a test wants."""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import trustme

from tests.support.gate import Exchange
from tests.support.legacy_peer import MESSAGE, LegacyPeer, http
from tests.support.live_node import LiveNode
from tests.support.network import Network

# The name whose port they share.
SHARED = "mallory.test"


@dataclass(slots=True)
class ManyServers:
    """Whoever lives on one of these hosts, by host and name.

    Attributes:
        asked: Host and path of every request that came, oldest first.
    """

    make: Callable[[str, str], LegacyPeer]
    people: dict[tuple[str, str], LegacyPeer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def person(self, host: str, name: str) -> LegacyPeer:
        """Somebody on one of these hosts."""
        if (host, name) not in self.people:
            self.people[host, name] = self.make(host, name)
        return self.people[host, name]

    async def answer(self, exchange: Exchange) -> bytes:
        """Answer for the host and the person that are asked for."""
        host, path = exchange.headers["host"], exchange.target.partition("?")[0]
        self.asked.append((host, path))
        name = path.removeprefix("/users/").partition("/")[0]
        if path == "/.well-known/webfinger":
            query = parse_qs(exchange.target.partition("?")[2])
            name = query["resource"][0].removeprefix("acct:").partition("@")[0]
        found = self.people.get((host, name))
        if found is None:
            found = next((one for at, one in self.people.items() if at[0] == host), None)
        return http(404, b"") if found is None else await found.answer(exchange)

    def beside_actors(self) -> list[tuple[str, str]]:
        """What was asked for that is neither an actor nor what a host says of itself."""
        usual = ("/users/", "/.well-known/", "/nodeinfo/")
        return [
            one
            for one in self.asked
            if not one[1].startswith(usual) or one[1].count("/") > 2 + one[1].endswith("/main-key")
        ]


async def many_servers(
    network: Network, node: LiveNode, ca: trustme.CA, hosts: Sequence[str]
) -> ManyServers:
    """Let a node reach these hosts, which the network does not know by name."""
    carry = network.legacy_peer(SHARED).carry
    servers = ManyServers(lambda host, name: LegacyPeer(host, network.clock.now, carry, name=name))
    network.put_behind(SHARED, servers.answer)
    network.show(SHARED, ca.issue_cert(*hosts))
    await node.stop()
    text = node.config_file.read_text()
    place = tomllib.loads(text)["federation"]["hosts"][SHARED]
    lines = "".join(f'"{host}" = "{place}"\n' for host in hosts)
    head = "[federation.hosts]\n"
    node.config_file.write_text(text.replace(head, head + lines, 1))
    await node.start()
    return servers


async def write(
    sender: LegacyPeer,
    people: Iterable[str],
    text: str,
    *,
    pictures: Sequence[str] = (),
) -> int:
    """Send one message to several people at once; the status of the answer."""
    to = list(people)
    create: dict[str, Any] = sender._activity(MESSAGE, to[0])
    note = create["object"]
    sender._sent += 1
    note["id"] = f"{sender.uri}/statuses/{sender._sent}"
    create["id"] = f"{note['id']}/activity#Create"
    note["url"] = f"https://{sender.host}/@{sender.name}/statuses/{sender._sent}"
    create["published"] = note["published"] = sender._stamp()
    note["content"] = note["contentMap"]["en"] = f"<p>{text}</p>"
    create["to"] = note["to"] = to
    note["tag"] = [{"type": "Mention", "href": one, "name": one} for one in to]
    note["attachment"] = [
        {"type": "Image", "mediaType": "image/png", "url": url, "name": ""} for url in pictures
    ]
    return await sender.post(to[0], create)

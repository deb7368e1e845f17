"""A name server that answers whatever a test has written down, and keeps every question.

It speaks no DNS: a question is the bare name, an answer a JSON list of address and port.
"""

import asyncio
import json
from dataclasses import dataclass, field

Places = list[tuple[str, int]]


@dataclass(slots=True)
class NameServer(asyncio.DatagramProtocol):
    """Every name leads to one place, unless `answers` says something else.

    Attributes:
        usual: Where a name leads of which nothing else is known.
        answers: What one name is answered with: one after the other, the last for ever. None is
            a failure of the name server, an empty list a name that does not exist.
        silent: Names of which nothing is said.
        asked: Every question, oldest first.
    """

    usual: tuple[str, int]
    answers: dict[str, list[Places | None]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    address: tuple[str, int] = ("", 0)
    _transport: asyncio.DatagramTransport | None = None

    async def open(self, address: str) -> None:
        """Answer at a free port of this address."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(address, 0))
        self._transport = transport
        self.address = transport.get_extra_info("sockname")

    def close(self) -> None:
        """Answer no more."""
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        name = data.decode()
        self.asked.append(name)
        if self._transport is not None and name not in self.silent:
            self._transport.sendto(json.dumps(self._answer(name)).encode(), addr)

    def _answer(self, name: str) -> Places | None:
        sequence = self.answers.get(name)
        if sequence is None:
            return [self.usual]
        return sequence.pop(0) if len(sequence) > 1 else sequence[0]

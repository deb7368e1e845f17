"""A message that is answered and was never seen is asked for at its own server."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.network.stories import together
from tests.support.gate import Exchange
from tests.support.legacy_peer import LegacyPeer
from tests.support.network import Network

pytestmark = pytest.mark.network


class Archive:
    """A server of other software that still has what it wrote, for whom signs."""

    def __init__(self, peer: LegacyPeer) -> None:
        self.peer = peer
        self.notes: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []

    async def answer(self, exchange: Exchange) -> bytes:
        uri = f"https://{self.peer.host}{exchange.target}"
        if exchange.method != "GET" or uri not in self.notes:
            return await self.peer.answer(exchange)
        self.asked.append(exchange.headers["signature"])
        body = json.dumps(self.notes[uri]).encode()
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body

    def wrote(self, name: str, to: str, *, text: str, answers: str = "") -> str:
        """A private Note of the person there, that reached nobody."""
        uri = f"{self.peer.uri}/statuses/{name}"
        self.notes[uri] = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": uri,
            "type": "Note",
            "attributedTo": self.peer.uri,
            "to": [to],
            "cc": [],
            "content": f"<p>{text}</p>",
            "published": self.peer.now().isoformat().replace("+00:00", "Z"),
            **({"inReplyTo": answers} if answers else {}),
        }
        return uri


def archive_of(network: Network) -> Archive:
    peer = network.legacy_peer()
    archive = Archive(peer)
    network.put_behind(peer.host, archive.answer)
    return archive


async def test_what_a_message_answers_is_fetched_signed_by_somebody_addressed(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    await al.arrive()
    archive = archive_of(network)
    first = archive.wrote("first", al.uri, text="the first")
    network.advance(seconds=1)
    second = archive.wrote("second", al.uri, text="the second", answers=first)
    network.advance(seconds=1)
    room = await al.write_to(archive.peer.acct, "hello")
    await network.settle()

    await archive.peer.write_to(al.uri, "the third", reply_to=second)
    await network.settle()
    for _ in range(3):
        network.advance(seconds=11)
        await network.settle()

    shown = {one["text"].split("\n")[-1]: one["provenance"] for one in await al.messages(room)}
    assert [shown[text] for text in ("the first", "the second")] == ["fetched", "fetched"]
    assert len(archive.asked) == 2
    assert all(f'keyId="{al.uri}#main-key"' in signature for signature in archive.asked)


async def test_at_most_ten_steps_are_taken_back(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    await al.arrive()
    archive = archive_of(network)
    above = ""
    for number in range(20):
        above = archive.wrote(str(number), al.uri, text=f"number {number}", answers=above)
    await al.write_to(archive.peer.acct, "hello")
    await network.settle()

    await archive.peer.write_to(al.uri, "the end", reply_to=above)
    await network.settle()
    for _ in range(20):
        network.advance(seconds=11)
        await network.settle()

    assert len(archive.asked) == 10


async def test_what_was_written_by_a_clock_far_behind_stands_in_one_place(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await bo.say(room, "first")
    await network.settle()

    network.set_clock("alpha.test", timedelta(hours=-1))
    await al.say(room, "second")
    await network.settle()

    assert await al.texts(room) == await bo.texts(room) == ["first", "second"]

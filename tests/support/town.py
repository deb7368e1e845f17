"""A group on several nodes, made once and copied, and all that can happen to it in a history.

Whatever a person tries is an answer below 500, whether it was allowed or not.
"""

import shutil
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import trustme

from tests.support.clock import VirtualClock
from tests.support.gate import SWALLOWED, Exchange, Gate, posted
from tests.support.live_node import LiveNode
from tests.support.mold import url_of
from tests.support.network import Molds, Network
from tests.support.person import AnsweredOtherwiseError, Person, Room
from tests.support.shuffle import shuffled

HOME = "alpha.test"
# Who lives where. Those of MEMBERS are in the group when a history begins; nobody invites STRANGER.
PEOPLE = {
    HOME: ("al", "ann"),
    "beta.test": ("bo", "bea", "zoe"),
    "gamma.test": ("gi",),
    "delta.test": ("dan",),
    "epsilon.test": ("eve",),
}
MEMBERS = ("al", "bo", "gi")
STRANGER = "zoe"
ENTRIES = ("Create", "Update", "Delete", "Like", "Undo")
# Of the API, where a server that must be asked first does not answer.
AWAY = (502, 503, 504)
JOINED = ("joined", "joining")
OUTSIDE = ("", "left", "removed", "refused", "invited")
CONCERNED = ("joined", "joining", "invited")
BEEN_IN = ("joined", "left", "removed")
OWN_STANDINGS = """
SELECT membership.actor_uri, membership.state FROM membership
JOIN conversation ON conversation.id = membership.conversation_id
WHERE conversation.uri = $1 AND membership.local
"""
MEMBERS_AT = """
SELECT membership.id FROM membership JOIN actor ON actor.uri = membership.actor_uri
JOIN conversation ON conversation.id = membership.conversation_id
WHERE conversation.uri = $1 AND actor.host = $2 AND membership.state = 'joined'
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """A message whose client was told that it is kept."""

    author: str
    text: str
    uri: str


@dataclass(frozen=True, slots=True)
class Cast:
    """The files of all nodes with the group in them; copied for every history."""

    folder: Path
    room: Room
    tokens: dict[str, str]
    now: datetime

    async def copy(self, name: str, folder: Path) -> str:
        """The URL of a database for a node of this name."""
        for file in (self.folder / name).glob("covey.db*"):
            shutil.copy(file, folder)
        return url_of(folder / "covey.db")


async def cast_town(folder: Path, ca: trustme.CA, molds: Molds) -> Cast:
    """Make the group, with al as its founder and bo and gi as members."""
    network = Network(folder, ca, molds, seed=0)
    await network.open()
    try:
        await network.start(*PEOPLE)
        people = people_of(network)
        for person in people.values():
            await person.arrive()
        founder, *guests = (people[name] for name in MEMBERS)
        room = await founder.start_conversation("tea", *(guest.acct for guest in guests))
        await network.settle()
        for guest in guests:
            await guest.accept(room)
            await network.settle()
        network.advance(minutes=1)
        await network.settle()
    finally:
        await network.close()
    tokens = {name: person.token for name, person in people.items()}
    return Cast(folder, room, tokens, network.clock.now())


def people_of(network: Network) -> dict[str, Person]:
    """Everybody who lives on a node that runs, by name."""
    return {
        name: node.person(name) for host, node in network.nodes.items() for name in PEOPLE[host]
    }


@dataclass(slots=True)
class Town:
    """A history while it goes on.

    Attributes:
        said: What was acknowledged, oldest first.
        asked: Who was asked in, or let in by a link, with the times.
        leaks: Requests of this group that began although nobody there was a member any more.
    """

    network: Network
    room: Room
    people: dict[str, Person]
    said: list[Said] = field(default_factory=list)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    held: list[Exchange] = field(default_factory=list)
    has_lost: bool = False
    _fates: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    @classmethod
    async def open(cls, cast: Cast, folder: Path, ca: trustme.CA, hosts: Sequence[str]) -> "Town":
        """Start nodes from copies of the files."""
        network = Network(folder, ca, cast, VirtualClock(cast.now), seed=1)
        await network.open()
        await network.start(*hosts)
        people = people_of(network)
        for name, person in people.items():
            person.token = cast.tokens[name]
        town = cls(network, cast.room, people)
        for host in hosts:
            network.strike(posted(to=host), town._fate)
        return town

    @property
    def nodes(self) -> Iterable[LiveNode]:
        """All nodes, whether they run or not."""
        return self.network.nodes.values()

    async def speak(self, who: int, *, reply_to: int | None = None) -> None:
        """A member says something that nobody has said before."""
        person = await self._one(who, JOINED)
        if person is not None:
            await self.say(person, reply_to=reply_to)

    async def say(self, person: Person, *, reply_to: int | None = None) -> None:
        """Say something new, as an answer to one of the last messages or to none."""
        messages = await person.messages(self.room) if reply_to is not None else []
        answered = str(messages[-1 - (reply_to or 0) % len(messages)]["id"]) if messages else ""
        text = f"message {self._number()}"
        if await self._tried(person.say(self.room, text, reply_to=answered)) is None:
            return
        (uri,) = [one["uri"] for one in await person.messages(self.room) if one["text"] == text]
        self.said.append(Said(person.name, text, uri))

    async def alter(self, who: int, which: int, how: str) -> None:
        """Somebody who is or was a member does something to one of the last messages they see."""
        person = await self._one(who, BEEN_IN)
        messages = await person.messages(self.room) if person is not None else []
        if person is None or not messages:
            return
        message_id = str(messages[-1 - which % len(messages)]["id"])
        if how == "edit":
            await self._tried(person.edit(message_id, f"edit {self._number()}"))
        elif how == "delete":
            await self._tried(person.delete(message_id))
        elif how == "unlike":
            await self._tried(person.take_back(message_id, "❤"))
        else:
            await self._tried(person.react(message_id, {"like": "❤", "burn": "🔥"}[how]))

    async def invite(self, who: int, whom: int) -> None:
        """A member asks somebody in who is none."""
        person, other = await self._one(who, JOINED), await self._one(whom, OUTSIDE)
        if person is not None and other is not None:
            self.asked.append((other.name, self.network.clock.now()))
            await self._tried(person.invite(other, self.room))

    async def treat(self, who: int, whom: int, how: str) -> None:
        """A member removes or bans a member or somebody invited, or gives them a role."""
        person, other = await self._one(who, JOINED), await self._one(whom, CONCERNED)
        if person is None or other is None:
            return
        if how == "remove":
            await self._tried(person.remove(other, self.room))
        elif how == "ban":
            await self._tried(person.ban(other, self.room))
        else:
            await self._tried(person.give_role(other, how, self.room))

    async def answer(self, who: int, how: str) -> None:
        """Somebody who was asked in says yes or no."""
        person = await self._one(who, ("invited",))
        if person is not None:
            await self._tried(
                person.accept(self.room) if how == "accept" else person.decline(self.room)
            )

    async def join(self, who: int) -> None:
        """Somebody who is no member comes in by the last link, which is made if there is none."""
        maker, person = await self._one(0, JOINED), await self._one(who, OUTSIDE)
        if not self.links and maker is not None:
            made = await self._tried(maker.link_into(self.room))
            self.links += [made] if made is not None else []
        if self.links and person is not None:
            self.asked.append((person.name, self.network.clock.now()))
            await self._tried(person.join(self.links[-1]))

    async def leave(self, who: int) -> None:
        """A member leaves."""
        person = await self._one(who, JOINED)
        if person is not None:
            await self._tried(person.leave(self.room))

    async def change(self, who: int, how: str) -> None:
        """A member gives the group another title or another rule."""
        person = await self._one(who, JOINED)
        if person is not None and how == "title":
            await self._tried(person.rename(self.room, f"tea {self._number()}"))
        elif person is not None:
            await self._tried(person.change(self.room, settings={"history": how}))

    async def trouble(self, number: int, how: str, seed: int) -> None:
        """Cut a host off, let what is sent to it come late, twice or never, or restart it."""
        node = self._node(number)
        if how == "cut":
            self.network.cut(node.name)
        elif how == "heal":
            self.network.heal(node.name)
        elif how == "restart":
            await node.stop()
            await node.start()
        elif how == "release":
            await self.release(seed)
        else:
            self._fates[node.name] = how

    async def release(self, seed: int) -> None:
        """Let all that is held arrive, in another order."""
        held, self.held = self.held, []
        for number in shuffled(len(held), seed):
            one = held[number]
            if one.host in self.network._wire.cut:
                self.held.append(one)
            else:
                await self.network.replay(one)

    async def pass_time(self, seconds: int) -> None:
        """Let time pass, and everybody work."""
        self.network.advance(seconds=seconds)
        await self.network.settle()

    async def work(self, number: int) -> None:
        """Let one node do what is due, and the others nothing."""
        await self._node(number).work()

    async def rest(self, seed: int) -> None:
        """Take all troubles back and wait until nobody has anything left to do or to ask."""
        for node in self.nodes:
            self.network.heal(node.name)
        self._fates.clear()
        await self.release(seed)
        for seconds in (0, 20, 60, 1200, 1200):
            await self.pass_time(seconds)
        if self.has_lost:
            # Only what is said later tells home of a loss.
            for number in range(len(self.people)):
                await self.speak(number)
        for _ in range(2):
            self.network.advance(hours=7)
            for node in self.nodes:
                await node.ask_others()
                await node.tidy()
            for seconds in (0, 20, 60):
                await self.pass_time(seconds)

    async def _one(self, number: int, states: Iterable[str]) -> Person | None:
        """One of those whose nodes say that they stand so, in the order of their names."""
        standings = {
            row["actor_uri"]: row["state"]
            for node in self.nodes
            for row in await node.rows(OWN_STANDINGS, self.room.uri)
        }
        found = [
            person
            for name, person in sorted(self.people.items())
            if name != STRANGER and standings.get(person.uri, "") in states
        ]
        return found[number % len(found)] if found else None

    def _node(self, number: int) -> LiveNode:
        nodes = list(self.nodes)
        return nodes[number % len(nodes)]

    def _number(self) -> int:
        self._count += 1
        return self._count

    async def _tried(self, doing: Awaitable[T]) -> T | None:
        """What somebody gets who may or may not do it; None for no, which is never our fault."""
        self.network.advance(milliseconds=10)
        try:
            return await doing
        except AnsweredOtherwiseError as refused:
            if refused.status >= 500 and refused.status not in AWAY:
                raise
            return None

    async def _fate(self, gate: Gate, exchange: Exchange) -> bytes:
        await self._watch(exchange)
        how = self._fates.get(gate.host, "")
        if how == "hold":
            self.held.append(exchange)
            return SWALLOWED
        if how == "lose" and exchange.type in ENTRIES and "chatSeq" in exchange.document:
            self.has_lost = True
            return SWALLOWED
        if how == "repeat":
            await gate.pass_on(exchange)
        return await gate.pass_on(exchange)

    async def _watch(self, exchange: Exchange) -> None:
        """Note a request to a host where nobody is a member, as far as its sender knows."""
        if exchange.type not in ENTRIES or exchange.type == "Delete" or exchange.host == HOME:
            return
        sender = self.network.nodes[exchange.sender]
        if not await sender.rows(MEMBERS_AT, self.room.uri, exchange.host):
            self.leaks.append(
                f"{exchange.sender} sent {exchange.document['id']} to {exchange.host}"
            )

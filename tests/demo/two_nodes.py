"""Two nodes talk, one of them is killed, and nothing that was said is lost: `make demo`."""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
import trustme

from tests.support.person import Person, Room
from tests.support.process_node import NodeDiedError, ProcessNode, make_nodes, until

# A quiet machine needs a tenth of that; a busy one has not failed because it is busy.
ALL_WITHIN_S = 240.0
SOON_S = 60.0
TITLE = "Sunday walk"
COUNT = 10


class DiffersError(Exception):
    """Somebody sees something other than they should."""


def tell(who: str, what: str) -> None:
    """One line of the story."""
    click.echo(f"{who:>8} | {what}")


async def demo(folder: Path) -> None:
    """Play it from an empty folder to the comparison of both sides."""
    alpha, beta = make_nodes(folder, trustme.CA(), "alpha.test", "beta.test")
    tell("", "two nodes are made and started, each a process with a database of its own")
    try:
        alice, bob = await asyncio.gather(prepared(alpha, "alice"), prepared(beta, "bob"))
        await play(alice, bob, beta)
    except (DiffersError, AssertionError) as error:
        logs = "\n".join(f"{node.name}: {line}" for node in (alpha, beta) for line in node.said)
        raise DiffersError(f"{error}\n{logs}") from error
    finally:
        await asyncio.gather(*(node.kill() for node in (alpha, beta) if node.was_started))


async def prepared(node: ProcessNode, name: str) -> Person:
    """A running node with one account."""
    await node.covey("migrate")
    await node.covey("user", "add", name)
    person = Person(node, name, await node.token_for(name))
    await node.start()
    tell(node.name.partition(".")[0], f"https://{node.name} is up; {person.acct} has an account")
    return person


async def play(alice: Person, bob: Person, beta: ProcessNode) -> None:
    """What happens, in order."""
    room = await alice.start_conversation(TITLE)
    tell("alice", f"makes the group “{TITLE}” and invites {bob.acct}")
    await alice.invite(bob, room)
    await must_become(bob, room, {"invited", "requested"})
    tell("bob", f"sees an invitation to “{(await bob.see(room))['title']}” and accepts it")
    await bob.accept(room)
    await must_become(bob, room, {"joined"})
    tell("bob", f"is a member; he sees {', '.join(sorted(await bob.roles(room)))}")

    said = ["Shall we go to the lake?"]
    await says(alice, room, said[-1], bob)
    said.append("Yes, at ten!")
    await says(bob, room, said[-1], alice)

    await beta.kill()
    tell("beta", "is killed (SIGKILL)")
    for number in range(1, COUNT + 1):
        said.append(f"Thing to bring, number {number}")
        await alice.say(room, said[-1])
    tell("alice", f"says {COUNT} things that beta cannot hear: {await waiting(alice, room)} wait")
    await beta.start()
    tell("beta", "is back")
    for text in (await must_read(bob, room, said))[-COUNT:]:
        tell("bob", f"reads: {text}")
    await must_be_delivered(alice, room)
    tell("alice", "sees that all of it was delivered")

    if await alice.texts(room) != await bob.texts(room):
        raise DiffersError(f"alice sees {await alice.texts(room)}, bob {await bob.texts(room)}")
    tell("", f"both see the same {len(said)} messages in the same order, each once")


async def says(person: Person, room: Room, text: str, reader: Person) -> None:
    """Somebody says something, and the other reads it."""
    await person.say(room, text)
    tell(person.name, f"says: {text}")
    await must_read(reader, room, [*(await person.texts(room))])
    tell(reader.name, f"reads: {(await reader.texts(room))[-1]}")


async def waiting(person: Person, room: Room) -> int:
    """How many of their messages wait for another server."""
    shown = await person.messages(room)
    return sum(any(one["state"] == "waiting" for one in each["delivery"]) for each in shown)


async def must_become(person: Person, room: Room, states: set[str]) -> None:
    """Wait until somebody stands to a conversation in one of these ways."""

    async def is_so() -> bool:
        return await person.state_in(room) in states

    if not await until(is_so, within_s=SOON_S):
        state = await person.state_in(room) or "nothing"
        raise DiffersError(f"{person.acct} should see {states} of “{TITLE}”, and sees {state}")


async def must_read(person: Person, room: Room, texts: Sequence[str]) -> list[str]:
    """Wait until somebody reads exactly this, in this order; what they read."""

    async def is_so() -> bool:
        return len(await person.texts(room)) >= len(texts)

    await until(is_so, within_s=SOON_S)
    shown = await person.texts(room)
    if shown != list(texts):
        raise DiffersError(f"{person.acct} should read {list(texts)}, and reads {shown}")
    return shown


async def must_be_delivered(person: Person, room: Room) -> None:
    """Wait until nothing that somebody said waits for another server."""

    async def is_so() -> bool:
        return await waiting(person, room) == 0

    if not await until(is_so, within_s=SOON_S):
        raise DiffersError(f"{await waiting(person, room)} messages of {person.acct} still wait")


async def in_time() -> None:
    """The whole demo, which ends by itself."""
    with tempfile.TemporaryDirectory() as folder:
        async with asyncio.timeout(ALL_WITHIN_S):
            await demo(Path(folder))


def main() -> int:
    """Run the demo; 0 if everything was as it should be."""
    try:
        asyncio.run(in_time())
    except (DiffersError, NodeDiedError, AssertionError) as error:
        click.echo(f"FAILED: {error}", err=True)
        return 1
    except TimeoutError:
        busy = "the last line above says how far it came; is this machine very busy?"
        click.echo(f"FAILED: it takes longer than {ALL_WITHIN_S:.0f} s; {busy}", err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

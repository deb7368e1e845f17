"""What most tests of several nodes begin with."""

from collections.abc import Iterable

from tests.support.gate import Exchange, posted
from tests.support.legacy_member import LegacyMember
from tests.support.network import Network
from tests.support.person import Person, Room


async def together(network: Network, host: Person, *guests: Person, title: str = "tea") -> Room:
    """A group at the first person's node of which all the others are members."""
    room = await host.start_conversation(title)
    for guest in guests:
        await join(network, host, guest, room)
    return room


async def join(network: Network, inviter: Person, guest: Person, room: Room) -> None:
    """Invite somebody and let them accept; every node knows it afterwards."""
    await inviter.invite(guest, room)
    await network.settle()
    await guest.accept(room)
    await network.settle()
    assert await guest.state_in(room) == "joined"


def sent(tape: Iterable[Exchange], *types: str, to: str = "", by: str = "") -> list[Exchange]:
    """What was posted, of these types, to a host or by one."""
    which = posted(*types, to=to, by=by)
    return [one for one in tape if which(one)]


async def join_in_words(
    network: Network, inviter: Person, guest: LegacyMember, room: Room, word: str = "yes"
) -> None:
    """Invite somebody on other software, who says yes to all and accepts whoever writes."""
    await inviter.invite(guest.acct, room)
    await network.settle()
    network.advance(seconds=10)
    await network.settle()
    await guest.accept_senders()
    await guest.reply(guest.find("invites you"), word)
    await network.settle()
    assert guest.acct in await inviter.roles(room)

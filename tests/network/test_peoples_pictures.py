"""Who somebody is shows as a picture too, to those who know them and to no stranger."""

from typing import Any
from urllib.parse import quote

import pytest

from federation.commands import end_account
from storage import media
from tests.network.handing_in import hand_in, look
from tests.network.stories import together
from tests.support.media import opened, picture
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def choose(person: Person, data: bytes) -> None:
    await hand_in(person, "PUT", "/me/picture", data)


async def seen(person: Person, other: Person) -> dict[str, Any]:
    return await person.must("GET", f"/people/{quote(other.acct)}")


async def member(viewer: Person, room: Room, other: Person) -> dict[str, Any]:
    members = (await viewer.see(room))["members"]
    return next(one for one in members if one["acct"] == other.acct)


def fetched(network: Network) -> list[str]:
    return [one.target for one in network.tape if one.target.startswith("/media/")]


async def test_a_picture_is_seen_by_those_in_a_group_and_fetched_once(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    room = await together(network, al, bo, bea)

    await choose(al, picture("JPEG", (600, 500)))
    await network.settle()
    path = (await member(bo, room, al))["picture"]
    before = fetched(network)
    status, data = await look(bo, path)
    again, _ = await look(bea, path)

    assert (status, again) == (200, 200)
    assert opened(data).size == (400, 400)
    assert (before, len(fetched(network))) == ([], 1)
    await al.say(room, "hello")
    await network.settle()
    (message,) = await bo.messages(room)
    assert message["author"]["picture"] == path
    assert (await seen(bo, al))["picture"] == path


async def test_another_picture_is_shown_in_its_place_and_none_once_it_is_taken_back(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await choose(al, picture())
    await network.settle()
    first = (await member(bo, room, al))["picture"]

    network.advance(hours=2)
    await choose(al, picture(colour="red"))
    await network.settle()
    second = (await member(bo, room, al))["picture"]
    status, data = await look(bo, second)
    network.advance(hours=2)
    await al.must("DELETE", "/me/picture")
    await network.settle()

    assert first != second
    assert status == 200
    red, green, _ = opened(data).convert("RGB").getpixel((5, 5))
    assert red - green > 150
    assert "picture" not in await member(bo, room, al)
    assert (await look(bo, second))[0] == 404


async def test_a_strangers_picture_is_neither_shown_nor_fetched(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    await choose(al, picture())
    room = await al.write_to(bo.acct, "hello")
    await network.settle()

    asked = await bo.see(room)
    guess = f"/api/covey/v1/people/{al.acct}/picture"
    told = [asked["inviter"], *asked["members"], await seen(bo, al), *(await found(bo, "al"))]

    assert asked["state"] == "requested"
    assert [one for one in told if "picture" in one] == []
    assert (await look(bo, guess))[0] == 404
    assert fetched(network) == []
    await bo.accept(room)
    assert (await look(bo, (await member(bo, room, al))["picture"]))[0] == 200


async def found(person: Person, words: str) -> list[dict[str, Any]]:
    return list((await person.must("GET", f"/people?q={words}"))["items"])


async def test_who_is_followed_is_seen(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await choose(al, picture())
    await bo.follow(al.acct)
    await network.settle()

    (followed,) = await bo.follows()
    status, _ = await look(bo, followed["picture"])

    assert status == 200
    assert (await seen(bo, al))["picture"] == followed["picture"]
    await bo.unfollow(al.acct)
    assert (await look(bo, followed["picture"]))[0] == 404


async def test_a_picture_goes_with_its_account(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, bo, al)
    await choose(al, picture())
    await network.settle()

    new_id = alpha.node.parts.entropy.new_id
    await alpha.inside(end_account.delete("al", new_id=new_id, now=alpha.clock.now()))
    await network.settle()

    assert await alpha.inside(media.total()) == (0, 0)
    assert room
    assert (await look(bo, f"/api/covey/v1/people/{al.acct}/picture"))[0] == 404

"""A group's picture lies where its admin is; home signs where, and members elsewhere fetch it."""

import pytest

from tests.network.handing_in import get, hand_in, look
from tests.network.stories import together
from tests.support.media import opened, picture
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def choose(person: Person, room: Room, data: bytes) -> None:
    await hand_in(person, "PUT", await path_of(person, room), data)


async def path_of(person: Person, room: Room) -> str:
    return f"/conversations/{(await person.see(room))['id']}/picture"


async def test_an_admin_elsewhere_sets_it_and_everybody_sees_it(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, cy = alpha.person("al"), beta.person("bo"), gamma.person("cy")
    room = await together(network, al, bo, cy)
    await al.give_role(bo, "admin", room)
    await network.settle()

    await choose(bo, room, picture("JPEG", (500, 500)))
    await network.settle()

    icons = {(await one.see(room))["icon"] for one in (al, bo, cy)}
    assert len(icons) == 1
    assert icons.pop().startswith("https://beta.test/media/")
    for person in (al, bo, cy):
        status, data = await look(person, (await person.see(room))["picture"])
        assert (status, opened(data).size) == (200, (400, 400))
    changes = await cy.must("GET", (await path_of(cy, room)).replace("picture", "changes"))
    last = changes["items"][-1]
    assert (last["kind"], last["by"]["acct"]) == ("picture", bo.acct)


async def test_the_picture_of_before_is_gone_where_it_lay(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.give_role(bo, "admin", room)
    await network.settle()
    await choose(bo, room, picture())
    await network.settle()
    before = (await bo.see(room))["icon"]
    status, _ = await get(bo, before)

    await al.must("DELETE", await path_of(al, room))
    await network.settle()

    assert status == 200
    assert (await bo.see(room))["picture"] is None
    assert (await get(bo, before))[0] == 404


async def test_whoever_is_asked_in_sees_and_fetches_none_before_saying_yes(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await choose(al, room, picture())
    await al.invite(bo, room)
    await network.settle()

    asked = await bo.see(room)
    status, _ = await look(bo, f"/api/covey/v1{await path_of(bo, room)}")

    assert (asked["picture"], status) == (None, 404)
    assert [one for one in network.tape if one.target.startswith("/media/")] == []
    await bo.accept(room)
    await network.settle()
    assert (await look(bo, (await bo.see(room))["picture"]))[0] == 200

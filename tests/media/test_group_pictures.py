"""A group is shown by a picture that its admins set, to those who have said yes to it."""

from storage import media
from tests.media.handing_in import choose, seen
from tests.media.sharing import Sharer
from tests.support.api_node import Answer, ApiNode
from tests.support.media import picture


async def show_by(sharer: Sharer, room: str, data: bytes) -> Answer:
    return await choose(sharer, data, path=f"/conversations/{room}/picture")


async def group(ana: Sharer, bo: Sharer) -> str:
    """A group of ana's in which bo is a member."""
    room = await ana.person.start_group(bo.person)
    await bo.person.post(f"/conversations/{room}/accept")
    return room


async def shown(sharer: Sharer, room: str) -> Answer:
    return await sharer.person.get(f"/conversations/{room}")


async def kinds(sharer: Sharer, room: str) -> list[str]:
    """What the group says became of it."""
    changes = await sharer.person.get(f"/conversations/{room}/changes")
    return [one["kind"] for one in changes.items]


async def test_members_see_it_and_that_it_was_changed(ana: Sharer, bo: Sharer):
    room = await group(ana, bo)

    answer = await show_by(ana, room, picture("JPEG", (900, 600)))

    assert answer.status == 200
    path = answer.body["picture"]
    assert (await shown(bo, room)).body["picture"] == path
    assert (await shown(bo, room)).body["icon"].startswith("https://alpha.test/media/")
    served = await seen(bo, path)
    assert (served.status, served.headers["Content-Type"]) == (200, "image/webp")
    assert served.headers["Cache-Control"].startswith("private")
    changes = (await bo.person.get(f"/conversations/{room}/changes")).items
    assert (changes[-1]["kind"], changes[-1]["by"]["acct"]) == ("picture", ana.person.acct)


async def test_the_picture_that_a_group_begins_with_is_no_change(ana: Sharer, bo: Sharer):
    room = await ana.person.start_group(bo.person)
    await show_by(ana, room, picture())
    await bo.person.post(f"/conversations/{room}/accept")

    assert await kinds(ana, room) == ["created", "joined"]
    assert await kinds(bo, room) == ["joined"]

    await show_by(ana, room, picture(colour="red"))

    assert await kinds(ana, room) == ["created", "joined", "picture"]
    assert await kinds(bo, room) == ["joined", "picture"]


async def test_a_name_that_comes_with_the_first_picture_is_told(ana: Sharer):
    room = await ana.person.start_group()
    await show_by(ana, room, picture())
    await ana.person.call("PATCH", f"/conversations/{room}", {"title": "supper"})
    await show_by(ana, room, picture(colour="red"))

    assert await kinds(ana, room) == ["created", "title", "picture"]


async def test_another_one_or_none_takes_its_place(ana: Sharer, bo: Sharer):
    room = await group(ana, bo)
    first = (await show_by(ana, room, picture())).body

    second = (await show_by(ana, room, picture(colour="red"))).body
    removed = await ana.person.call("DELETE", f"/conversations/{room}/picture")

    assert second["picture"] != first["picture"]
    assert (await ana.get(first["icon"])).status == 404
    assert (removed.status, removed.body["picture"], removed.body["icon"]) == (200, None, None)
    assert (await ana.get(second["icon"])).status == 404
    assert (await seen(bo, second["picture"])).status == 404
    assert (await kinds(ana, room))[-3:] == ["picture"] * 3


async def test_who_may_not_change_the_group_leaves_nothing_behind(ana: Sharer, bo: Sharer):
    room = await group(ana, bo)

    answer = await show_by(bo, room, picture())

    assert answer.status == 403
    assert await media.used_bytes("bo") == 0
    assert (await shown(bo, room)).body["picture"] is None


async def test_outsiders_and_the_invited_see_none(ana: Sharer, bo: Sharer, node: ApiNode):
    room = await ana.person.start_group(bo.person)
    path = (await show_by(ana, room, picture())).body["picture"]

    assert (await shown(bo, room)).body["picture"] is None
    assert [(await seen(one, path)).status for one in (bo, Sharer(node.person("cy")))] == [404, 404]


async def test_no_group_names_the_picture_of_another_away(ana: Sharer, bo: Sharer):
    room, other = await group(ana, bo), await ana.person.start_group()
    icon = (await show_by(ana, room, picture())).body["icon"]
    named = await ana.person.call("PATCH", f"/conversations/{other}", {"icon": icon})

    await ana.person.call("PATCH", f"/conversations/{other}", {"icon": None})

    assert named.body["icon"] == icon
    assert (await ana.get(icon)).status == 200


async def test_a_direct_conversation_has_none(ana: Sharer, bo: Sharer):
    made = await ana.person.post(
        "/conversations", kind="direct", members=[bo.person.acct], text="hello"
    )

    assert (await show_by(ana, made.body["id"], picture())).word == "direct-conversation"

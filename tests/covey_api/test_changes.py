"""A group says who came, went and got another role, what it is called, and who asked for that."""

from typing import Any

from tests.support.api_node import Person


async def told(person: Person, room: str, **query: str) -> list[tuple[Any, ...]]:
    answer = await person.get(f"/conversations/{room}/changes", **query)
    assert answer.status == 200, answer.body
    return [
        (
            one["kind"],
            one["person"] and one["person"]["acct"],
            one["by"] and one["by"]["acct"],
            one["role"] or one["title"],
        )
        for one in answer.items
    ]


async def test_who_did_what_is_told_in_its_order(ana: Person, bo: Person, cy: Person) -> None:
    room = (await ana.post("/conversations", kind="group", title="Book", members=[bo.acct])).body[
        "id"
    ]
    path = f"/conversations/{room}"
    await bo.post(f"{path}/accept")
    await ana.call("PATCH", f"{path}/members/{bo.acct}", {"role": "moderator"})
    await bo.post(f"{path}/members", acct=cy.acct)
    await cy.post(f"{path}/accept")
    await ana.call("PATCH", path, {"title": "Book circle"})
    await ana.call("PATCH", path, {"settings": {"invite": "admin"}})
    await bo.call("DELETE", f"{path}/members/{cy.acct}")
    await bo.post(f"{path}/leave")

    everything = await told(ana, room)

    assert everything == [
        ("created", None, ana.acct, "Book"),
        ("joined", bo.acct, ana.acct, "member"),
        ("role", bo.acct, ana.acct, "moderator"),
        ("joined", cy.acct, bo.acct, "member"),
        ("title", None, ana.acct, "Book circle"),
        ("settings", None, ana.acct, None),
        ("removed", cy.acct, bo.acct, None),
        ("left", bo.acct, None, None),
    ]
    assert await told(ana, room, before="3") == everything[:2]
    assert await told(ana, room, limit="1") == everything[-1:]
    # Nobody is told what came before them or after them.
    assert await told(cy, room) == everything[3:7]


async def test_the_picture_that_a_group_begins_with_is_no_change(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo, title="Book")
    path = f"/conversations/{room}"
    await ana.call("PATCH", path, {"icon": f"https://alpha.test/media/{'1' * 32}/picture.webp"})
    await bo.post(f"{path}/accept")

    assert [one[0] for one in await told(ana, room)] == ["created", "joined"]
    assert [one[0] for one in await told(bo, room)] == ["joined"]

    await ana.call("PATCH", path, {"icon": f"https://alpha.test/media/{'2' * 32}/picture.webp"})

    assert [one[0] for one in await told(ana, room)] == ["created", "joined", "picture"]
    assert [one[0] for one in await told(bo, room)] == ["joined", "picture"]


async def test_a_ban_and_its_end_are_told(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    member = f"/conversations/{room}/members/{bo.acct}"

    await ana.call("DELETE", member, {"ban": True})
    await ana.call("DELETE", member)

    assert [one[:3] for one in await told(ana, room)][-2:] == [
        ("banned", bo.acct, ana.acct),
        ("unbanned", bo.acct, ana.acct),
    ]


async def test_an_epoch_is_a_number(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)

    answer = await ana.get(f"/conversations/{room}/changes", before="x")

    assert (answer.status, answer.word) == (400, "bad-request")

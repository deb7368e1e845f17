"""A life in the chat, so that every screen has something to show: alice's, and of people around."""

from dataclasses import dataclass

from playwright.async_api import Page, expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS
from tests.support.process_node import until

NAMES = {
    "alice": "Alice Moreau",
    "cora": "Cora Lindqvist",
    "bob": "Bob Tanaka",
    "eve": "Eve Marsh",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to look at; the ids are of conversations.

    Attributes:
        here: alice's node, where cora lives too.
        there: The node of bob and eve.
        room: A group of bob's in which they talk with cora.
        direct: With cora.
        removed: A group that alice is no longer in.
        invited: An invitation by somebody whom she follows.
        asked: A stranger's invitation.
        request: A stranger's message.
    """

    here: Desk
    there: Desk
    room: str
    direct: str
    removed: str
    invited: str
    asked: str
    request: str


async def set_scene(here: Desk, there: Desk) -> Scene:
    """Let it all happen; alice is signed in at her page."""
    await _people(here, there)
    room = await _group(there, "bob", "Book circle", here, "cora", "alice")
    await here.ask("alice", "POST", "/follows", {"acct": "cora@alpha.test"})
    removed = await _group(here, "cora", "Garden plans", here, "alice")
    await here.say("cora", removed, "The tomatoes are in.")
    await here.ask("cora", "DELETE", f"/conversations/{removed}/members/alice@alpha.test")
    invited = await _draft(here, "cora", "group", "Choir", "We sing on Thursdays.")
    direct = await _draft(here, "alice", "direct", "", "Shall I bring the cake?")
    await _draft(there, "eve", "group", "Swap meet", "Come and see.")
    await _draft(there, "eve", "direct", "", "Hello, I read your page on mosses.")
    asked, request = await _found(here, "group"), await _found(here, "direct")
    await _talk(here, there, room)
    return Scene(here, there, room, direct, removed, invited, asked, request)


async def _people(here: Desk, there: Desk) -> None:
    for desk, names in ((here, ("cora",)), (there, ("bob", "eve"))):
        for name in names:
            await desk.node.covey("user", "add", name)
            await desk.ask(name, "PATCH", "/me", {"name": NAMES[name]})
    bio = {"name": NAMES["alice"], "bio": "Mosses, mostly."}
    await here.ask("alice", "PATCH", "/me", bio)


async def _draft(desk: Desk, name: str, kind: str, title: str, text: str) -> str:
    """Something that begins with alice; where she begins it, with cora."""
    to = "cora@alpha.test" if name == "alice" else "alice@alpha.test"
    draft = {"kind": kind, "members": [to], "text": text} | ({"title": title} if title else {})
    return str((await desk.ask(name, "POST", "/conversations", draft))["id"])


async def _group(home: Desk, founder: str, title: str, here: Desk, *names: str) -> str:
    """The id of a group at alice's node, which these people of it have joined."""
    accts = [f"{name}@{here.node.name}" for name in names]
    draft = {"kind": "group", "title": title, "members": accts}
    await home.ask(founder, "POST", "/conversations", draft)
    rooms = [await _waiting(here, name, title) for name in names]
    for name, room in zip(names, rooms, strict=True):
        await here.ask(name, "POST", f"/conversations/{room}/accept")
        assert await until(lambda name=name: _has_joined(here, name, title), within_s=20)
    return rooms[0]


async def _waiting(here: Desk, name: str, title: str) -> str:
    """The id of the group of this title to which somebody is invited, once it is there."""
    found: list[str] = []

    async def look() -> bool:
        for state in ("invited", "requests"):
            items = (await here.ask(name, "GET", f"/conversations?state={state}"))["items"]
            found.extend(str(each["id"]) for each in items if each["title"] == title)
        return bool(found)

    assert await until(look, within_s=20)
    return found[0]


async def _has_joined(here: Desk, name: str, title: str) -> bool:
    items = (await here.ask(name, "GET", "/conversations?state=joined"))["items"]
    return any(each["title"] == title and each["state"] == "joined" for each in items)


async def _found(here: Desk, kind: str) -> str:
    """The id of eve's request of that kind, once it is there."""
    found: list[str] = []

    async def look() -> bool:
        items = (await here.ask("alice", "GET", "/conversations?state=requests"))["items"]
        found[:] = [str(each["id"]) for each in items if each["kind"] == kind]
        return bool(found)

    assert await until(look, within_s=20)
    return found[0]


async def _talk(here: Desk, there: Desk, room: str) -> None:
    path = f"/conversations/{room}/messages"
    (home,) = (await there.ask("bob", "GET", "/conversations"))["items"]
    first = await here.ask("cora", "POST", path, {"text": "Who has read the *last chapter*?"})
    answer = {"text": "Nearly! I finish it on the train tomorrow.", "reply_to": first["id"]}
    await here.ask("alice", "POST", path, answer)
    slip = await here.ask("cora", "POST", path, {"text": "A slip"})
    await here.ask("cora", "DELETE", f"/messages/{slip['id']}")
    await here.say("cora", room, "No spoilers, promised.")
    when = await here.ask("cora", "POST", path, {"text": "Sunday at six?"})
    await here.ask("cora", "PATCH", f"/messages/{when['id']}", {"text": "Sunday at **seven**?"})
    for name, emoji in (("alice", "❤️"), ("cora", "❤️"), ("cora", "☕")):
        await here.ask(name, "PUT", f"/messages/{when['id']}/reactions/{emoji}")

    async def is_heard() -> bool:
        shown = await there.ask("bob", "GET", f"/conversations/{home['id']}/messages")
        return any("seven" in (each["text"] or "") for each in shown["items"])

    assert await until(is_heard, within_s=20)
    await there.say(
        "bob", home["id"], "Sunday it is. I bring the tea, and a list of what comes next."
    )


async def open_room(page: Page, scene: Scene) -> None:
    await scene.here.open(f"/chat/{scene.room}")
    await expect(journeys.message(page, "Sunday it is")).to_be_visible(timeout=PATIENCE_MS)

"""A private group with everything in it that a group can have, and the words that betray it.

al and her picture, title, messages, edits and link live at home, falco elsewhere. Others came to
know a part of it: ray and rex were removed, ina and ivy were asked in and have not answered. What
EARLY names was there before those were removed, LATE what came after it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from federation.queries.notifications import of_message
from storage import numbers
from tests.network.stories import join
from tests.support.live_node import LiveNode
from tests.support.media import picture
from tests.support.network import Network
from tests.support.person import API, Person, Room

HOME, AWAY, REMOVED_AT, INVITED_AT = "alpha.test", "beta.test", "delta.test", "epsilon.test"
MEMBERS = ("falco", "lanner")
TITLES = ("osprey circle", "eyrie")


@dataclass(slots=True)
class SecretGroup:
    """The group.

    Attributes:
        early: Words of what was there before two members were removed, with what they are.
        late: Of what came after it.
        names: Words of its title and its members, which who was asked in may see.
    """

    room: Room
    al: Person
    falco: Person
    ray: Person
    rex: Person
    ina: Person
    ivy: Person
    early: dict[str, bytes] = field(default_factory=dict)
    late: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, bytes] = field(default_factory=dict)

    @property
    def words(self) -> Mapping[str, bytes]:
        """All of them."""
        return self.early | self.late | self.names

    def words_but(self, known: Collection[str]) -> dict[str, bytes]:
        """All of them but these."""
        return {what: word for what, word in self.words.items() if what not in known}


async def make_secret_group(network: Network) -> SecretGroup:
    """Make it, on nodes that run."""
    nodes = network.nodes
    al, ray, ina = (nodes[HOME].person(name) for name in ("al", "ray", "ina"))
    falco, lanner = (nodes[AWAY].person(name) for name in MEMBERS)
    rex, ivy = nodes[REMOVED_AT].person("rex"), nodes[INVITED_AT].person("ivy")
    for person in (al, ray, ina, falco, lanner, rex, ivy):
        await person.arrive()
    room = await al.start_conversation(TITLES[0])
    group = SecretGroup(room, al, falco, ray, rex, ina, ivy)
    for guest in (falco, ray, rex):
        await join(network, al, guest, room)
    await _talk(network, group, group.early, "kestrel")
    for guest in (ray, rex):
        await al.remove(guest, room)
        await network.settle()
    network.advance(minutes=1)
    await al.rename(room, TITLES[1])
    await join(network, al, lanner, room)
    await _talk(network, group, group.late, "hobby")
    shown = [one["id"] for one in await al.messages(room) if one["author"]["uri"] == falco.uri]
    await al.must("POST", "/reports", {"acct": falco.acct, "message_ids": shown[-3:]})
    link = await al.link_into(room)
    for guest in (ina, ivy):
        await al.invite(guest, room)
        await network.settle()
    group.names = {"title": TITLES[1].encode(), "falco": b"falco@", "lanner": b"lanner@"}
    group.late["join link"] = link.rpartition("/")[2].encode()
    return group


async def _talk(network: Network, group: SecretGroup, words: dict[str, bytes], bird: str) -> None:
    """Both say, edit, delete and answer something, and show a picture."""
    for person in (group.al, group.falco):
        name = f"{bird} by {person.name}"
        path = f"/conversations/{(await person.see(group.room))['id']}/messages"
        shown = await _upload(person, f"picture of {name}")
        body = {"text": f"look at {name}", "media_ids": [shown["id"]]}
        said = (await person.must("POST", path, body))["id"]
        edited = await person.say(group.room, f"before the edit {name}")
        gone = await person.say(group.room, f"deleted {name}")
        await network.settle()
        await person.edit(edited, f"after the edit {name}")
        await person.delete(gone)
        await person.react(str(said), "🦅")
        await network.settle()
        sayings = ("look at", "before the edit", "after the edit", "deleted", "picture of")
        words |= {f"{one} {name}": f"{one} {name}".encode() for one in sayings}
        file = await _bytes(person, shown["url"])
        words[f"bytes of {name}"] = file[len(file) // 2 :][:40]
        words[f"address of {name}"] = shown["url"].split("/media/")[1].split("/")[0].encode()


def _host(person: Person) -> LiveNode:
    assert isinstance(person.node, LiveNode)
    return person.node


async def fills_of(group: SecretGroup, person: Person) -> dict[str, list[str]]:
    """What may stand in the places of a path at somebody's node, by the name of the place."""
    room, node = group.room, _host(person)
    ids = [room.uri.rpartition("/")[2], str((await person.see(room))["id"])]
    messages = await person.messages(room)
    chosen = [*messages[:3], *messages[-2:]]
    ids += [one[key].rpartition("/")[2] for one in chosen for key in ("id", "uri")]
    for sql in ("SELECT id FROM media", "SELECT id FROM join_link"):
        ids += [str(row["id"]) for row in await node.rows(sql)]
    link = ids[-1:]
    # As clients of Mastodon's API call them.
    said = [str(one["id"]) for one in chosen[:1]]
    for kind, names in ((numbers.MESSAGES, said), (numbers.CONVERSATIONS, ids[1:2])):
        ids += map(str, (await node.inside(numbers.numbers_of(kind, names))).values())
    told = [of_message(each, "").number for each in said]
    ids += map(str, told)
    reports = await node.rows("SELECT id FROM report")
    logs = await node.rows("SELECT uri FROM author_log WHERE local")
    (actor,) = await _host(group.al).rows("SELECT username FROM actor WHERE uri = $1", room.uri)
    return {
        "id": list(dict.fromkeys(ids)),
        "conversation": ids[:2],
        "name": [person.name, actor["username"]],
        "acct": [group.falco.acct, person.acct],
        "token": ["0" * 32, *(row["uri"].rpartition("/")[2] for row in logs)],
        "link": link,
        "emoji": ["🦅"],
        "host": ["bad.test"],
        "rule": ["bad"],
        "list": ["partner"],
        "account": [person.name],
        "message": [one["id"] for one in messages[:2]] or ids[:1],
        "position": ["0"],
        # Words of what is said and of the titles, but not all of those that betray them.
        "q": ["by", "kestrel", "eyr", "osprey"],
        "domain": [group.falco.acct.partition("@")[2]],
        "session": ["1"],
        "app": ["1"],
        "report": [str(row["id"]) for row in reports] or ["1"],
        "part": ["file"],
        "mac": ["00"],
        "version": ["0"],
        "path": ["app.css"],
        "tag": ["birds"],
        "rest": ["how"],
        "group": [f"ungrouped-{number}" for number in told],
    }


async def _upload(person: Person, description: str) -> dict[str, Any]:
    form = aiohttp.FormData()
    colour = f"#{sum(description.encode()) % 0xFFF:03x}"
    form.add_field("file", picture("JPEG", (60, 40), colour), filename="bird.jpg")
    form.add_field("description", description)
    async with _at(person) as http:
        headers = {"Authorization": f"Bearer {person.token}"}
        async with http.post(f"{API}/media", data=form, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            return dict(await answer.json())


async def _bytes(person: Person, url: str) -> bytes:
    async with _at(person) as http, http.get(url.partition(person.node.name)[2]) as answer:
        assert answer.status == 200
        return await answer.read()


def _at(person: Person) -> aiohttp.ClientSession:
    port = _host(person).node.ports[0]
    return aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers={"Host": person.node.name})

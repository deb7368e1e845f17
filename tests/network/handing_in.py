"""What people hand in as forms and get as bytes, which is no JSON."""

from typing import Any

import aiohttp

from tests.support.live_node import LiveNode
from tests.support.person import API, Person


async def hand_in(
    person: Person, method: str, path: str, data: bytes, **told: str
) -> dict[str, Any]:
    """Send a file; what is answered once it is taken."""
    form = aiohttp.FormData()
    form.add_field("file", data, filename="menu.jpg")
    for name, value in told.items():
        form.add_field(name, value)
    async with at(person) as http:
        headers = await _headers(person)
        async with http.request(method, f"{API}{path}", data=form, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
            return dict(await answer.json())


async def look(person: Person, path: str) -> tuple[int, bytes]:
    """What somebody with an account gets under a path of their node."""
    async with at(person) as http, http.get(path, headers=await _headers(person)) as answer:
        return answer.status, await answer.read()


async def get(person: Person, url: str) -> tuple[int, bytes]:
    """What anybody gets under an address of this person's node."""
    path = url.removeprefix(f"https://{person.node.name}")
    assert path != url
    async with at(person) as http, http.get(path) as answer:
        return answer.status, await answer.read()


def at(person: Person) -> aiohttp.ClientSession:
    """A client of this person's node."""
    node = person.node
    assert isinstance(node, LiveNode)
    port = node.node.ports[0]
    return aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers={"Host": node.name})


async def _headers(person: Person) -> dict[str, str]:
    await person.arrive()
    return {"Authorization": f"Bearer {person.token}"}

"""The event stream of a node in a process of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.support.event_stream import EventStream
from tests.support.person import API, Person
from tests.support.process_node import ProcessNode


@asynccontextmanager
async def streaming(person: Person, *, resume: str = "") -> AsyncIterator[EventStream]:
    """Somebody's stream at the process they talk to, from here on or from an id."""
    await person.arrive()
    node = person.node
    assert isinstance(node, ProcessNode)
    headers = {"Host": node.name, "Authorization": f"Bearer {person.token}"}
    headers |= {"Last-Event-ID": resume} if resume else {}
    url = f"https://127.0.0.1:{node.port}{API}/events"
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=node.tls())) as http,
        http.get(url, headers=headers, server_hostname=node.name) as response,
    ):
        assert response.status == 200, await response.text()
        stream = EventStream(response)
        await stream.open()
        yield stream

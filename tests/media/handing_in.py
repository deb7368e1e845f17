"""Pictures of people and groups as somebody hands them in, and as others get them."""

from io import BytesIO

from aiohttp import FormData

from tests.media.sharing import Served, Sharer
from tests.support.api_node import BASE, Answer


async def choose(sharer: Sharer, data: bytes, *, path: str = "/me/picture") -> Answer:
    """Hand in a picture."""
    person, form = sharer.person, FormData()
    form.add_field("file", BytesIO(data), filename="me.jpg")
    async with person.client.put(f"{BASE}{path}", data=form, headers=person.headers) as answer:
        return Answer(answer.status, await answer.json(content_type=None), answer.headers)


async def seen(sharer: Sharer, path: str) -> Served:
    """What somebody with an account gets under a path of a document."""
    return await sharer.get(path, Authorization=sharer.person.headers["Authorization"])

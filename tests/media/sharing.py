"""Somebody who uploads files, posts them and looks at what others have posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import FormData
from yarl import URL

from tests.support.api_node import BASE, HOST, Answer, Person
from tests.support.media import picture


@dataclass(frozen=True, slots=True)
class Served:
    """What an address answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sharer:
    """A person with files."""

    person: Person

    async def upload(
        self, data: bytes, *, name: str = "menu.jpg", description: str = "", key: str = ""
    ) -> Answer:
        form = FormData()
        form.add_field("file", data, filename=name, content_type="image/svg+xml")
        form.add_field("description", description)
        headers = self.person.headers | ({"Idempotency-Key": key} if key else {})
        async with self.person.client.post(f"{BASE}/media", data=form, headers=headers) as answer:
            return Answer(answer.status, await answer.json(content_type=None), answer.headers)

    async def uploaded(self, data: bytes | None = None, **told: str) -> dict[str, Any]:
        """An upload that is taken."""
        answer = await self.upload(picture() if data is None else data, **told)
        assert answer.status == 201, answer.body
        return dict(answer.body)

    async def post(self, place: str, *media_ids: str, key: str = "", text: str = "") -> Answer:
        path = f"/conversations/{place}/messages"
        return await self.person.post(path, key=key, text=text, media_ids=list(media_ids))

    async def posted(self, place: str, *media_ids: str) -> dict[str, Any]:
        """A message that is taken."""
        answer = await self.post(place, *media_ids)
        assert answer.status == 201, answer.body
        return dict(answer.body)

    async def get(self, url: str, **headers: str) -> Served:
        """What anybody gets at an address, without a token."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        exact = URL(target, encoded=True)
        async with self.person.client.get(exact, headers={"Host": HOST, **headers}) as answer:
            return Served(answer.status, await answer.read(), dict(answer.headers))

"""What the JSON API would say if every text in it were written by an attacker.

The answers are made from the schemas that the API describes itself by, so that a field that is
added there is filled here too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Route

from node.covey_api.schemas import ANSWERS, NAMED
from node.covey_api.schemas.shapes import Schema, reference
from tests.support.person import API

TIME = "2026-09-03T12:00:00.000Z"
# Where the browser would go, or would show something from; every other text is one to be read.
ADDRESSES = frozenset({"uri", "url", "thumbnail_url", "icon", "picture"})
# As many of a kind as there are ways for the client to show it.
STANDINGS = (
    *(("group", "joined"), ("direct", "joined"), ("group", "invited"), ("group", "requested")),
    *(("direct", "requested"), ("group", "joining"), ("group", "left"), ("group", "closed")),
)
DELIVERIES = ("waiting", "delivered", "sent", "refused", "failed")
VARIANTS: tuple[Mapping[str, Any], ...] = (
    {},
    {"html": None},
    {"html": None, "text": None},
    {"provenance": "relayed", "edited": None, "deleted": None, "removed": None},
    {"provenance": "fetched", "deleted": None},
    {"deleted": TIME},
)


# Without slots: Playwright notes on an object which of its methods it calls.
@dataclass
class PoisonedApi:
    """Answers whatever the client asks.

    Attributes:
        text: What every text is.
        address: What every address is.
        also: A field that holds the text although it is a word, a time or an id of ours; "" for
            none.
    """

    text: str
    address: str
    also: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def answer(self, route: Route) -> None:
        """Answer a request of the page in place of the node."""
        path = urlsplit(route.request.url).path.removeprefix(API)
        if path == "/events":
            body, kind = self._stream(), "text/event-stream"
            await route.fulfill(status=200, body=body, content_type=kind)
            return
        status, answer = self._answer(route.request.method, path)
        await route.fulfill(status=status, json=answer)

    def _answer(self, method: str, path: str) -> tuple[int, Any]:
        if path == "/me":
            return 200, self._of("Account") | {"uri": "https://home.test/u/me"}
        if path == "/conversations" and method == "GET":
            return 200, {"items": self._conversations()}
        if path.endswith("/messages") and method == "GET":
            conversation = path.split("/")[2]
            return 200, {"items": self._messages(conversation)}
        if path == "/people/resolve":
            return 200, self._of("Person")
        if method == "GET" and (schema := described(path)) is not None:
            return 200, self._with_words(self._value(schema, ""))
        return 422, self._of("Problem") | {"status": 422}

    def _conversations(self) -> list[dict[str, Any]]:
        return [
            self._conversation(f"c{number}", kind, state)
            for number, (kind, state) in enumerate(STANDINGS)
        ]

    def _conversation(self, name: str, kind: str, state: str) -> dict[str, Any]:
        made = self._of("Conversation")
        made |= {"id": name, "unread": 0, "kind": kind, "state": state, "uri": self._home()}
        made["settings"] |= {"invite": "member"}
        made["last_message"] |= {"conversation": name}
        for member, standing in zip(made["members"], ("joined", "invited"), strict=True):
            member |= {"state": standing, "uri": f"https://home.test/u/{standing}"}
        return self._with_words(made)

    def _messages(self, conversation: str) -> list[dict[str, Any]]:
        own = {"author": self._of("Person") | {"uri": "https://home.test/u/me"}}
        delivered = [
            own | {"delivery": [self._of("Delivery") | {"state": state}]} for state in DELIVERIES
        ]
        return [
            self._with_words(
                self._of("Message")
                | {"conversation": conversation, "id": f"m{number}", "deleted": None}
                | variant
            )
            for number, variant in enumerate((*VARIANTS, *delivered))
        ]

    def _stream(self) -> str:
        """One event of each type, and no other attempt."""
        message = self._of("Message") | {"conversation": "c0", "deleted": None}
        data: dict[str, Any] = {
            "message": {**message, "id": "m90"},
            "message.updated": {**message, "id": "m0"},
            "message.deleted": {**message, "id": "m1", "deleted": TIME},
            "reaction": {**message, "id": "m2"},
            "conversation": self._conversation("c1", "direct", "joined"),
            "delivery": self._of("Delivery") | {"message": "m7", "state": "failed"},
            "typing": {"conversation": "c0", "acct": self.text, "until": TIME},
            "read": {"conversation": "c0", "acct": self.text, "up_to": "m1"},
        }
        lines = [f"event: {name}\ndata: {json.dumps(one)}\n\n" for name, one in data.items()]
        return "retry: 3600000\n\n" + "".join(lines)

    def _home(self) -> str:
        # The client takes the host of it.
        return self.address if "://" in self.address else "https://b.test/c/x"

    def _with_words(self, made: dict[str, Any]) -> dict[str, Any]:
        """The document with one field more poisoned, wherever in it that is."""
        if not self.also:
            return made
        return {
            key: self.text if key == self.also else self._deeply(value)
            for key, value in made.items()
        }

    def _deeply(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self._with_words(value)
        return [self._deeply(one) for one in value] if isinstance(value, list) else value

    def _of(self, name: str) -> dict[str, Any]:
        made = self._value(reference(name), name)
        assert isinstance(made, dict)
        return made

    def _value(self, schema: Schema, name: str) -> Any:
        """Something that has this schema, its texts and addresses poisoned."""
        schema = _meant(schema)
        if "enum" in schema:
            return schema["enum"][0]
        match _kind(schema):
            case "object" if "properties" in schema:
                return {key: self._value(one, key) for key, one in schema["properties"].items()}
            case "array":
                return [self._value(schema["items"], name) for _ in range(2)]
            case "string" if schema.get("format") == "date-time":
                return TIME
            case "string":
                return self.address if name in ADDRESSES else self.text
            case kind:
                return {"object": {self.text: self.text}, "integer": 1, "boolean": False}[kind]


def described(path: str) -> Schema | None:
    """What a GET of this path answers, as the API describes itself."""
    for (method, template), (_, schema) in ANSWERS.items():
        pattern = "[^/]+".join(map(re.escape, re.split(r"\{\w+\}", template)))
        if method == "GET" and re.fullmatch(pattern, path):
            return schema
    return None


def _meant(schema: Schema) -> Schema:
    """The schema itself, if another one leads to it."""
    if "oneOf" in schema:
        return _meant(schema["oneOf"][0])
    return NAMED[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _kind(schema: Schema) -> str:
    """The first of its types: what may be null is not."""
    kinds = schema["type"]
    return str(kinds[0] if isinstance(kinds, list) else kinds)


def words_and_times() -> list[str]:
    """The fields that hold no text of anybody: words, times, and ids of ours."""
    found = {"id", "conversation", "role", "state", "media_type"}
    for schema in NAMED.values():
        for name, one in schema.get("properties", {}).items():
            if "enum" in one or one.get("format") == "date-time":
                found.add(name)
    return sorted(found)

"""Somebody who uses a node by its JSON API and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

API = "/api/covey/v1"


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation as every node can name it.

    Attributes:
        uri: The id of a group; "" of a direct conversation.
        people: The ids of a direct conversation's people.
    """

    uri: str = ""
    people: frozenset[str] = frozenset()

    @classmethod
    def of(cls, conversation: Mapping[str, Any]) -> "Room":
        """The room that a conversation of the JSON API is."""
        if conversation["uri"]:
            return cls(uri=conversation["uri"])
        return cls(people=frozenset(one["uri"] for one in conversation["members"]))


class Node(Protocol):
    """What a person needs of their node."""

    name: str

    async def call(
        self, method: str, path: str, *, headers: dict[str, str], json: object = None
    ) -> tuple[int, Any]:
        """Ask the node over HTTP; status and JSON or text."""

    async def token_for(self, name: str) -> str:
        """A bearer token of this person."""


class AnsweredOtherwiseError(AssertionError):
    """The API answered with another status than the test expects."""

    def __init__(self, request: str, status: int, answer: object) -> None:
        super().__init__(f"{request} answered {status}: {answer}")
        self.status = status
        self.answer = answer


@dataclass(slots=True)
class Person:
    """A person with an account; every method is something they do or look at."""

    node: Node
    name: str
    token: str = ""

    @property
    def acct(self) -> str:
        """The handle by which others find them."""
        return f"{self.name}@{self.node.name}"

    @property
    def uri(self) -> str:
        """Their actor's id."""
        return f"https://{self.node.name}/u/{self.name}"

    async def arrive(self) -> None:
        """Have an account, so that others can find this person."""
        if not self.token:
            self.token = await self.node.token_for(self.name)

    async def ask(
        self, method: str, path: str, body: object = None, *, key: str = ""
    ) -> tuple[int, Any]:
        """Any request to the JSON API; status and answer."""
        await self.arrive()
        headers = {"Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        return await self.node.call(method, f"{API}{path}", headers=headers, json=body)

    async def must(
        self, method: str, path: str, body: object = None, *, key: str = ""
    ) -> dict[str, Any]:
        """A request that succeeds; its answer."""
        status, answer = await self.ask(method, path, body, key=key)
        if status >= 300:
            raise AnsweredOtherwiseError(f"{self.acct}: {method} {path}", status, answer)
        return answer

    async def start_conversation(self, title: str, *members: str) -> Room:
        """Start a group; `members` are handles of people to invite."""
        body = {"kind": "group", "title": title, "members": list(members)}
        return Room.of(await self.must("POST", "/conversations", body))

    async def write_to(self, acct: str, text: str) -> Room:
        """Write to one person directly."""
        return await self.write_to_all([acct], text)

    async def write_to_all(self, accts: Sequence[str], text: str) -> Room:
        """Write to several people directly."""
        body = {"kind": "direct", "members": list(accts), "text": text}
        return Room.of(await self.must("POST", "/conversations", body))

    async def invite(self, person: "Person | str", room: Room) -> None:
        """Invite somebody."""
        if isinstance(person, Person):
            await person.arrive()
        acct = person if isinstance(person, str) else person.acct
        await self.must("POST", f"{await self._path(room)}/members", {"acct": acct})

    async def accept(self, room: Room) -> None:
        """Accept an invitation."""
        await self.must("POST", f"{await self._path(room)}/accept")

    async def decline(self, room: Room) -> None:
        """Decline an invitation."""
        await self.must("POST", f"{await self._path(room)}/decline")

    async def leave(self, room: Room) -> None:
        """Leave a group."""
        await self.must("POST", f"{await self._path(room)}/leave")

    async def rename(self, room: Room, title: str) -> dict[str, Any]:
        """Give a group another title; the group as it is then shown."""
        return await self.must("PATCH", await self._path(room), {"title": title})

    async def change(self, room: Room, **changes: object) -> dict[str, Any]:
        """Change what is set of a group."""
        return await self.must("PATCH", await self._path(room), changes)

    async def give_role(self, person: "Person", role: str, room: Room) -> dict[str, Any]:
        """Make a member admin, moderator or member."""
        path = f"{await self._path(room)}/members/{person.acct}"
        return await self.must("PATCH", path, {"role": role})

    async def remove(self, person: "Person", room: Room, *, query: str = "") -> dict[str, Any]:
        """Remove a member, unban an outcast or withdraw an invitation."""
        return await self.must("DELETE", f"{await self._path(room)}/members/{person.acct}{query}")

    async def ban(self, person: "Person", room: Room) -> dict[str, Any]:
        """Ban somebody."""
        return await self.remove(person, room, query="?ban=true")

    async def close(self, room: Room) -> dict[str, Any]:
        """Close a group."""
        return await self.must("DELETE", await self._path(room))

    async def link_into(self, room: Room, **terms: int) -> str:
        """Make a join link; its address."""
        return str((await self.must("POST", f"{await self._path(room)}/links", terms))["url"])

    async def join(self, link: str) -> Room:
        """Join a group by a link."""
        return Room.of(await self.must("POST", "/conversations/join", {"link": link}))

    async def say(self, room: Room, text: str, *, reply_to: str = "", key: str = "") -> str:
        """Post a message; its id here."""
        body = {"text": text} | ({"reply_to": reply_to} if reply_to else {})
        said = await self.must("POST", f"{await self._path(room)}/messages", body, key=key)
        return str(said["id"])

    async def edit(self, message_id: str, text: str) -> Mapping[str, Any]:
        """Let a message of theirs say something else; how they see it then."""
        return await self.must("PATCH", f"/messages/{message_id}", {"text": text})

    async def delete(self, message_id: str) -> Mapping[str, Any]:
        """Delete a message of theirs, or remove another's; how they see it then."""
        return await self.must("DELETE", f"/messages/{message_id}")

    async def react(self, message_id: str, emoji: str) -> Mapping[str, Any]:
        """React to a message; how they see it then."""
        return await self.must("PUT", f"/messages/{message_id}/reactions/{quote(emoji)}")

    async def take_back(self, message_id: str, emoji: str) -> Mapping[str, Any]:
        """React to a message no longer; how they see it then."""
        return await self.must("DELETE", f"/messages/{message_id}/reactions/{quote(emoji)}")

    async def give_receipts(self) -> None:
        """Let others see how far they have read."""
        await self.must("PATCH", "/me", {"receipts": True})

    async def read(self, room: Room, message_id: str) -> None:
        """Mark everything up to a message as read."""
        await self.must("POST", f"{await self._path(room)}/read", {"up_to": message_id})

    async def type_in(self, room: Room) -> int:
        """Begin to type; the status of the answer."""
        return (await self.ask("POST", f"{await self._path(room)}/typing"))[0]

    async def presence(self, room: Room) -> dict[str, Mapping[str, Any]]:
        """Who of the others is there, and has read how far, by handle."""
        items = (await self.must("GET", f"{await self._path(room)}/presence"))["items"]
        return {one["acct"]: one for one in items}

    async def block(self, acct: str) -> None:
        """Block somebody."""
        await self.must("POST", "/blocks", {"acct": acct})

    async def reactions(self, room: Room) -> list[dict[str, int]]:
        """What stands below each message, with how often."""
        return [
            {each["emoji"]: each["count"] for each in one["reactions"]}
            for one in await self.messages(room)
        ]

    async def follow(self, acct: str) -> None:
        """Follow somebody."""
        await self.must("POST", "/follows", {"acct": acct})

    async def unfollow(self, acct: str) -> None:
        """Follow somebody no longer."""
        await self.must("DELETE", f"/follows/{quote(acct)}")

    async def follows(self) -> Sequence[Mapping[str, Any]]:
        """Whom they follow."""
        return (await self.must("GET", "/follows"))["items"]

    async def rooms(self, state: str) -> list[Mapping[str, Any]]:
        """Their conversations of one state: joined, invited, requests or left."""
        return (await self.must("GET", f"/conversations?state={state}"))["items"]

    async def find(self, room: Room) -> Mapping[str, Any] | None:
        """A conversation as they see it, whatever state it is in."""
        for one in (await self.must("GET", "/conversations"))["items"]:
            if Room.of(one) == room:
                return one
        return None

    async def see(self, room: Room) -> Mapping[str, Any]:
        """A conversation that they must be able to see."""
        found = await self.find(room)
        assert found is not None, f"{self.acct} does not see {room}"
        return found

    async def messages(self, room: Room) -> list[Mapping[str, Any]]:
        """Every message they are shown, in order."""
        path = f"{await self._path(room)}/messages?limit=50"
        shown: list[Mapping[str, Any]] = (await self.must("GET", path))["items"]
        page = shown
        while len(page) == 50:
            page = (await self.must("GET", f"{path}&before={page[0]['id']}"))["items"]
            shown = [*page, *shown]
        return shown

    async def texts(self, room: Room) -> list[str]:
        """What they read, in order."""
        return [one["text"] for one in await self.messages(room)]

    async def state_in(self, room: Room) -> str:
        """How they stand to a conversation; "" if they see nothing of it."""
        found = await self.find(room)
        return str(found["state"]) if found is not None else ""

    async def roles(self, room: Room) -> dict[str, str]:
        """Who is a member with which role, as this person sees it."""
        members = (await self.see(room))["members"]
        return {one["acct"]: one["role"] for one in members if one["state"] == "joined"}

    async def _path(self, room: Room) -> str:
        return f"/conversations/{(await self.see(room))['id']}"

"""A member of a group on other software, who sees what that software makes of what arrives.

The base of three scripted servers: mastodon_peer.py, gotosocial_peer.py and misskey_peer.py. Each
has a `judge` with the acceptance rules of its software, as groups-protocol.md 6.2 and 13 state
them, and writes replies the way it does. What they have in common is here: a request must be
signed by the actor who speaks, whose document is fetched, as is the document of whoever is
mentioned and not known.
"""

import base64
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from federation.protocol.json_ld import id_of
from federation.protocol.signature.sign import sign_request
from tests.support.gate import Exchange
from tests.support.legacy_peer import REPLY, LegacyPeer, http
from tests.support.signer import request

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_PARTS = re.compile(r'(\w+)="([^"]*)"')


@dataclass(slots=True)
class Shown:
    """A message as the member sees it.

    Attributes:
        kind: What their software calls it, such as "private mention".
        people: Everybody else whom their software shows as taking part, and would answer.
        row: What it is listed under: messages of one row stand together.
        parent: The message that it is shown below, or "".
    """

    uri: str
    author: str
    text: str
    kind: str
    people: frozenset[str]
    row: tuple[str, ...]
    parent: str = ""
    thread: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(slots=True)
class LegacyMember(LegacyPeer):
    """One person, carol, and her server.

    Attributes:
        shown: What she sees, oldest first; what is deleted is taken out.
        filtered: What her software keeps from her until she accepts its author.
        lost: Why what was not shown was not.
        met: Actors whose documents were fetched, by id.
        reactions: Who answered what of hers with which emoji.
    """

    name: str = "carol"
    shown: list[Shown] = field(default_factory=list)
    filtered: list[Shown] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    met: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    reactions: list[tuple[str, str]] = field(default_factory=list)
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def answer(self, exchange: Exchange) -> bytes:
        """Answer a request, and let the software judge what was posted."""
        path = exchange.target.partition("?")[0]
        note = f"https://{self.host}{path}"
        if exchange.method == "GET" and note in self.notes:
            return http(200, json.dumps(self.notes[note]).encode())
        answered = await LegacyPeer.answer(self, exchange)
        if exchange.method == "POST":
            await self._take(exchange)
        return answered

    def texts(self) -> list[str]:
        """What she reads, without its tags."""
        return [re.sub(r"<[^>]*>", "", one.text) for one in self.shown]

    def find(self, text: str) -> Shown:
        """The message that says this."""
        (found,) = [one for one in (*self.shown, *self.filtered) if text in one.text]
        return found

    async def accept_senders(self) -> None:
        """Let what was filtered through, as one does once for each sender."""
        self.shown += self.filtered
        self.filtered.clear()

    async def reply(
        self,
        answered: Shown,
        text: str,
        *,
        to: Collection[str] | None = None,
        cc: Collection[str] = (),
        more: Mapping[str, Any] = {},
    ) -> str:
        """Answer everybody as her software does by itself, or only some; the Note's id."""
        people = answered.people if to is None else to
        return await self.write(text, sorted(people), cc=sorted(cc), parent=answered, more=more)

    async def write(
        self,
        text: str,
        to: Collection[str],
        *,
        cc: Collection[str] = (),
        parent: Shown | None = None,
        more: Mapping[str, Any] = {},
    ) -> str:
        """Write to some people; the Note's id."""
        create = self.create(text, list(to), list(cc), parent)
        create["object"] |= more
        note = create["object"]["id"]
        self.notes[note] = {"@context": create["@context"], **create["object"]}
        await self.deliver(create, (*to, *cc))
        return note

    async def edit(self, note: str, text: str) -> None:
        """Let a message of hers say something else."""
        document = self.notes[note]
        document |= {"content": f"<p>{text}</p>", "updated": self._stamp()}
        document.pop("contentMap", None)
        update = {
            "@context": document["@context"],
            "id": f"{note}#updates/{self._sent}",
            "type": "Update",
            "actor": self.uri,
            "to": document["to"],
            "cc": document["cc"],
            "object": {key: value for key, value in document.items() if key != "@context"},
        }
        await self.deliver(update, as_list(document["to"]))

    async def delete(self, note: str) -> None:
        """Delete a message of hers."""
        document = self.notes.pop(note)
        delete = {
            "@context": document["@context"],
            "id": f"{note}#delete",
            "type": "Delete",
            "actor": self.uri,
            "to": document["to"],
            "object": {"type": "Tombstone", "id": note},
        }
        await self.deliver(delete, as_list(document["to"]))

    async def block(self, actor: str) -> None:
        """Block somebody, as GoToSocial and Mastodon say so."""
        block = self._activity("l-block-01-POST-Block-sink.test_inbox", actor)
        await self.post(actor, block | {"id": f"https://{self.host}/blocks/1"})

    async def post_as(self, other: LegacyPeer, answered: Shown, text: str) -> int:
        """A reply in her name that another server's person signs; the status of the answer."""
        create = self.create(text, sorted(answered.people), [], answered)
        return await other.post(answered.author, create)

    async def deliver(self, document: Mapping[str, Any], people: Iterable[str]) -> None:
        """Post to each server of these people once."""
        hosts: dict[str, str] = {}
        for person in people:
            host = urlsplit(person).netloc
            if host not in {self.host, "www.w3.org"}:
                hosts.setdefault(host, person)
        for person in hosts.values():
            await self.post(person, document)

    async def get(self, url: str) -> Mapping[str, Any] | None:
        """A document of another server, asked for with her signature; None if there is none."""
        headers = sign_request("GET", url, None, key_id=self.key_id, key=self.key, date=self.now())
        asked = request("GET", url, headers | {"User-Agent": f"x (+https://{self.host})"}, None)
        if await self.carry(asked) != 200:
            return None
        return json.loads(asked.answer.partition(b"\r\n\r\n")[2])

    async def meet(self, uri: str) -> Mapping[str, Any] | None:
        """The document of an actor; once found it is remembered."""
        if uri not in self.met:
            found = await self.get(uri)
            if found is None or found.get("id") != uri:
                return None
            self.met[uri] = found
        return self.met[uri]

    def create(
        self, text: str, to: list[str], cc: list[str], parent: Shown | None
    ) -> dict[str, Any]:
        """The Create of a Note, made of a recorded one of GoToSocial."""
        create = self._activity(REPLY, to[0])
        note = create["object"]
        self._sent += 1
        note["id"] = f"{self.uri}/statuses/{self._sent}"
        note["url"] = f"https://{self.host}/@{self.name}/{self._sent}"
        create["id"] = f"{note['id']}/activity"
        create["published"] = note["published"] = self._stamp()
        for document in (create, note):
            document |= {"to": single(to), "cc": single(cc)}
        tags = [{"type": "Mention", "href": one, "name": self._handle(one)} for one in to]
        note["tag"] = single([tag for tag in tags if tag["name"]])
        note["content"] = f"<p>{self._mentions(to)}{text}</p>"
        note["contentMap"] = {"en": note["content"]}
        note.pop("inReplyTo")
        if parent is not None:
            note["inReplyTo"] = parent.uri
        return create

    async def judge(self, note: Mapping[str, Any]) -> None:
        """Show a Note that is authentic, or lose it."""
        raise NotImplementedError

    def _handle(self, uri: str) -> str:
        actor = self.met.get(uri)
        if actor is None:
            return ""
        return f"@{actor['preferredUsername']}@{urlsplit(uri).netloc}"

    def _mentions(self, people: Iterable[str]) -> str:
        """What her software writes before a reply."""
        links = [
            f'<span class="h-card"><a href="{one}" class="u-url mention">'
            f"@<span>{self.met[one]['preferredUsername']}</span></a></span> "
            for one in people
            if one in self.met
        ]
        return "".join(links)

    async def _take(self, exchange: Exchange) -> None:
        activity = exchange.document
        actor = await self.meet(activity["actor"])
        if actor is None or not _is_signed(exchange, actor):
            self.lost.append("not signed by an actor who can be found")
            return
        if activity["type"] == "Create":
            await self.judge(activity["object"])
        elif activity["type"] == "Update":
            self._revise(activity)
        elif activity["type"] == "Delete":
            gone = id_of(activity["object"])
            self.shown = [one for one in self.shown if one.uri != gone]
        elif activity["type"] == "Like":
            self.react(activity)

    def _revise(self, update: Mapping[str, Any]) -> None:
        changed = update["object"]
        if changed["id"] == update["actor"]:
            self.met[update["actor"]] = changed
        for one in self.shown:
            if one.uri == changed["id"]:
                one.text = changed["content"]

    def react(self, like: Mapping[str, Any]) -> None:
        """A reaction as a software shows it that knows favourites alone."""
        if like["object"] in self.notes:
            self.reactions.append((like["actor"], "favourite"))


def single(values: list[str] | list[dict[str, Any]]) -> object:
    """GoToSocial writes a list of one as its only value."""
    return values[0] if len(values) == 1 else values


def as_list(value: object) -> list[Any]:
    """One value or several, as a list."""
    return value if isinstance(value, list) else [value]


def mentions(note: Mapping[str, Any]) -> list[str]:
    """Whom a Note mentions."""
    return [tag["href"] for tag in as_list(note.get("tag", [])) if tag["type"] == "Mention"]


def _is_signed(exchange: Exchange, actor: Mapping[str, Any]) -> bool:
    parts = dict(_PARTS.findall(exchange.headers.get("signature", "")))
    if parts.get("keyId") != actor["publicKey"]["id"]:
        return False
    values = exchange.headers | {"(request-target)": f"post {exchange.target}"}
    text = "\n".join(f"{name}: {values[name]}" for name in parts["headers"].split())
    key: Any = load_pem_public_key(actor["publicKey"]["publicKeyPem"].encode())
    try:
        key.verify(base64.b64decode(parts["signature"]), text.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True

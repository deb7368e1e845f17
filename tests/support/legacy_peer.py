"""A server that knows nothing of group conversations, built from what GoToSocial was seen to send.

Its documents are the recorded ones of tests/wire/gotosocial with names, ids and keys replaced; it
signs as GoToSocial does. It takes whatever is posted to it and keeps it.
"""

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from federation.protocol.keys import pem_of
from tests.support.gate import Exchange
from tests.support.signer import request
from tests.support.signing import rsa_key

WIRE = Path(__file__).parents[1] / "wire" / "gotosocial"
COVERED = ("(request-target)", "host", "date", "digest")
MEDIA_TYPE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
RECORDED_HOST = "gts1.test"
RECORDED_NAME = "alice1"
FOLLOW = "b-follow-01-POST-Follow-sink.test_inbox"
UNDO = "i-undo-follow-01-POST-Undo-sink.test_inbox"
ACCEPT = "c-accept-follow-01-POST-Accept-sink.test_inbox"
MESSAGE = "a4-dm-one-01-POST-Create-sink.test_inbox"
REPLY = "j-dm-reply-01-POST-Create-sink.test_inbox"
# To whom the recorded activities were sent.
RECORDED_PEERS = ("https://sink.test/users/alice", "https://sink.test/users/bob")


@dataclass(slots=True)
class LegacyPeer:
    """One server with one person, dana.

    Attributes:
        received: Every activity that was posted to it, oldest first.
        software: What its NodeInfo says it is; "" if it has none.
        shared: Whether it has a shared inbox.
        moved: The path of that inbox, if it is no longer the usual one.
        shown_as: What its person calls herself, if not what was recorded.
    """

    host: str
    now: Callable[[], datetime]
    carry: Callable[[Exchange], Awaitable[int]]
    name: str = "dana"
    key: RSAPrivateKey = field(default_factory=rsa_key)
    received: list[Mapping[str, Any]] = field(default_factory=list)
    software: str = "gotosocial"
    shared: bool = False
    moved: str = "/inbox"
    shown_as: str = ""
    posted: Exchange | None = None
    _sent: int = 0

    @property
    def key_id(self) -> str:
        """The id of the person's key."""
        return f"{self.uri}/main-key"

    @property
    def uri(self) -> str:
        """The person's actor."""
        return f"https://{self.host}/users/{self.name}"

    @property
    def acct(self) -> str:
        """The person's handle."""
        return f"{self.name}@{self.host}"

    async def answer(self, exchange: Exchange) -> bytes:
        """Answer a request as GoToSocial would."""
        if exchange.method == "POST":
            self.received.append(exchange.document)
            return http(202, b"{}")
        path = exchange.target.partition("?")[0]
        if path == "/.well-known/webfinger":
            found = self._renamed("read/gts1.test-webfinger.json")
            return http(200, found, "application/jrd+json")
        if path == "/.well-known/nodeinfo" and self.software:
            rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
            link = {"rel": rel, "href": f"https://{self.host}/nodeinfo/2.0"}
            return http(200, json.dumps({"links": [link]}).encode(), "application/json")
        if path == "/nodeinfo/2.0" and self.software:
            named = {"version": "2.0", "software": {"name": self.software, "version": "1"}}
            return http(200, json.dumps(named).encode(), "application/json")
        if path in {f"/users/{self.name}", f"/users/{self.name}/main-key"}:
            return http(200, json.dumps(self._actor()).encode())
        return http(404, b"")

    def received_of(self, kind: str) -> list[Mapping[str, Any]]:
        """What was posted of one type."""
        return [one for one in self.received if one["type"] == kind]

    async def write_to(self, person: str, text: str, *, reply_to: str = "") -> int:
        """Send a direct message; the status of the answer."""
        create = self._activity(REPLY if reply_to else MESSAGE, person)
        note = create["object"]
        self._sent += 1
        note["id"] = f"{self.uri}/statuses/{self._sent}"
        create["id"] = f"{note['id']}/activity#Create"
        note["url"] = f"https://{self.host}/@{self.name}/statuses/{self._sent}"
        create["published"] = note["published"] = self._stamp()
        note["content"] = note["contentMap"]["en"] = f"<p>{text}</p>"
        if reply_to:
            note["inReplyTo"] = reply_to
        return await self.post(person, create)

    async def rename(self, name: str, person: str) -> int:
        """Call herself something else, and tell somebody's server."""
        self.shown_as = name
        self._sent += 1
        update = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{self.uri}#updates/{self._sent}",
            "type": "Update",
            "actor": self.uri,
            "object": self._actor(),
            "to": [person],
        }
        return await self.post(person, update)

    async def follow(self, person: str) -> int:
        """Ask to follow somebody."""
        return await self.post(person, self._activity(FOLLOW, person))

    async def unfollow(self, person: str) -> int:
        """Take the follow back."""
        return await self.post(person, self._activity(UNDO, person))

    async def answer_follow(self, follow: Mapping[str, Any], *, verb: str = "Accept") -> int:
        """Accept or Reject a follow that came."""
        answer = self._activity(ACCEPT, follow["actor"])
        answer |= {"type": verb, "id": f"https://{self.host}/{verb}-of-{len(self.received)}"}
        answer["object"] |= {"id": follow["id"], "actor": follow["actor"]}
        return await self.post(follow["actor"], answer)

    async def post(self, person: str, document: Mapping[str, Any]) -> int:
        """Sign as GoToSocial does and send to the shared inbox of somebody's server."""
        host = urlsplit(person).netloc
        body = json.dumps(document).encode()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {
            "Host": host,
            "User-Agent": f"gotosocial/0.20.0 (+https://{self.host})",
            "Content-Type": MEDIA_TYPE,
            "Date": format_datetime(self.now(), usegmt=True),
            "Digest": f"SHA-256={digest}",
        }
        values = {"(request-target)": "post /inbox"} | {k.lower(): v for k, v in headers.items()}
        text = "\n".join(f"{name}: {values[name]}" for name in COVERED)
        signature = base64.b64encode(self.key.sign(text.encode(), PKCS1v15(), SHA256())).decode()
        headers["Signature"] = (
            f'keyId="{self.key_id}",algorithm="hs2019",'
            f'headers="{" ".join(COVERED)}",signature="{signature}"'
        )
        self.posted = request("POST", f"https://{host}/inbox", headers, body)
        return await self.carry(self.posted)

    def _stamp(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _actor(self) -> dict[str, Any]:
        actor: dict[str, Any] = json.loads(self._renamed("read/gts1.test-actor.json"))
        actor["publicKey"] |= {
            "id": self.key_id,
            "publicKeyPem": pem_of(self.key.public_key()),
        }
        if self.shown_as:
            actor["name"] = self.shown_as
        if self.shared:
            actor["endpoints"] = {"sharedInbox": f"https://{self.host}{self.moved}"}
        return actor

    def _activity(self, recorded: str, person: str) -> dict[str, Any]:
        text = self._renamed(f"{recorded}.json").decode()
        for peer in RECORDED_PEERS:
            text = text.replace(peer, person)
        document: dict[str, Any] = json.loads(text)
        return document

    def _renamed(self, file: str) -> bytes:
        text = (WIRE / file).read_text()
        return text.replace(RECORDED_HOST, self.host).replace(RECORDED_NAME, self.name).encode()


def http(status: int, body: bytes, content_type: str = "application/activity+json") -> bytes:
    """An answer with a body."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body

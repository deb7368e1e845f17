"""A fetched document is believed only at the address that its own id names."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from federation.keyring import Keyring
from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import id_of
from federation.protocol.namespace import Namespace
from federation.protocol.signature.sign import Scheme, sign_by
from federation.protocol.uri import canonical, host_of, same_origin, without_fragment
from federation.protocol.vocabulary import ACTIVITY_JSON, ACTIVITYSTREAMS, LD_JSON
from federation.remote.allowance import Allowances
from federation.remote.schemes import Schemes
from federation.transport.answer import Answer
from federation.transport.client import Client, Sign
from federation.transport.failure import BadAnswer, Forbidden, NoAnswer, Unreachable

OBJECT_MAX_BYTES: Final = 256 * 1024
# A page of whole activities.
PAGE_MAX_BYTES: Final = 1024 * 1024
ACCEPT: Final = f"{ACTIVITY_JSON}, {LD_JSON}"
OK: Final = 200
GONE: Final = 410
# Statuses by which a server says "not now".
LATER: Final = frozenset({408, 425, 429})
SERVER_FAULTS: Final = range(500, 600)

_ACTIVITY_TYPE: Final = re.compile(
    r'application/(?:activity\+json|ld\+json\s*;\s*profile="'
    + re.escape(ACTIVITYSTREAMS)
    + r'")\s*(?:;\s*charset="?utf-8"?\s*)?',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document by the origin of its id.

    Attributes:
        url: Where it was found, after redirects.
        text: Its JSON as it came.
    """

    url: str
    document: Mapping[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class NotThere:
    """Its origin says that there is no such document, for good if `is_gone`."""

    is_gone: bool


@dataclass(frozen=True, slots=True)
class Unusable:
    """It may not be fetched, or what came is no document we believe."""

    reason: str


@dataclass(frozen=True, slots=True)
class Away:
    """Nobody can know now: the network, or the server, failed."""

    reason: str


Found = Fetched | NotThere | Unusable | Away


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Asks other servers for documents, each request signed by an actor of ours.

    Attributes:
        schemes: What is known of hosts and their signatures.
        allowances: How much is asked on others' account.
        allow_http: Development only: http ids count as well-formed.
    """

    client: Client
    keyring: Keyring
    namespace: Namespace
    clock: Callable[[], datetime]
    schemes: Schemes
    allowances: Allowances
    allow_http: bool = False

    async def fetch_object(self, url: str, *, as_signer: str | None = None) -> Found:
        """The document whose id is this URL, or that its origin names as the right one.

        Args:
            url: An id, in canonical form.
            as_signer: The actor of ours that asks; the instance actor if None.

        Returns:
            Fetched only if the document's id is the URL it was found at. An id elsewhere on the
            same origin is fetched itself, once.

        Source: security.md 6.6 and 6.7
        """
        found = await self.fetch_document(url, as_signer=as_signer)
        if not isinstance(found, Fetched) or self._id(found) == found.url:
            return found
        named = self._id(found)
        if not same_origin(named, found.url):
            return Unusable("the document's id is on another origin")
        again = await self.fetch_document(named, as_signer=as_signer)
        if isinstance(again, Fetched) and self._id(again) != again.url:
            return Unusable("the document's id is not where it was found")
        return again

    async def fetch_page(self, url: str) -> Found:
        """A page of a log or a history, which may be as large as what is sent; at its own id."""
        found = await self.fetch_document(url, max_bytes=PAGE_MAX_BYTES)
        if isinstance(found, Fetched) and self._id(found) != found.url:
            return Unusable("the page's id is not where it was found")
        return found

    async def fetch_document(
        self, url: str, *, as_signer: str | None = None, max_bytes: int = OBJECT_MAX_BYTES
    ) -> Found:
        """The document at this URL, whatever its id: for bare keys, which the caller judges."""
        document = without_fragment(url)
        if self.namespace.is_ours(document):
            return Unusable("our own documents are not fetched")
        if not self.allowances.may_ask(host_of(document)):
            return Away("as much as may be was fetched on that account")
        signer = as_signer or self.namespace.instance
        answer = await self._knocked(document, signer, max_bytes)
        match answer:
            case Answer():
                return _read(answer)
            case Unreachable():
                return Away(answer.kind.value)
            case Forbidden() | BadAnswer():
                return Unusable(answer.reason)

    async def _knocked(
        self, document: str, signer: str, max_bytes: int
    ) -> Answer | BadAnswer | NoAnswer:
        async def ask(scheme: Scheme) -> Answer | BadAnswer | NoAnswer:
            sign = await self._sign(signer, scheme)
            return await self.client.get(document, accept=ACCEPT, max_bytes=max_bytes, sign=sign)

        return await self.schemes.knock(host_of(document), ask, _status)

    async def _sign(self, actor_uri: str, scheme: Scheme) -> Sign | None:
        key = await self.keyring.for_requests(actor_uri, scheme)
        if key is None:
            return None

        def sign(url: str) -> Mapping[str, str]:
            return sign_by(key, "GET", url, None, self.clock())

        return sign

    def _id(self, found: Fetched) -> str:
        try:
            return canonical(id_of(found.document), allow_http=self.allow_http)
        except RemoteProtocolError:
            return ""


def _status(answer: Answer | BadAnswer | NoAnswer) -> int:
    return answer.status if isinstance(answer, Answer | BadAnswer) else 0


def _read(answer: Answer) -> Found:
    if answer.status in LATER or answer.status in SERVER_FAULTS:
        return Away(f"status {answer.status}")
    if answer.status in {404, GONE}:
        return NotThere(is_gone=answer.status == GONE)
    if answer.status != OK:
        return Unusable(f"status {answer.status}")
    if not _ACTIVITY_TYPE.fullmatch(answer.headers.get("content-type", "")):
        return Unusable("the content type is not an ActivityStreams one")
    try:
        return Fetched(answer.url, strict_json.loads(answer.body), answer.body.decode())
    except RemoteProtocolError as error:
        return Unusable(error.reason)

"""A handle that somebody typed leads to the actor that both its domain and its host agree on."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import host_of
from federation.protocol.vocabulary import JRD_JSON
from federation.protocol.webfinger import Account, Finger, parse_account, parse_jrd
from federation.remote.actors import Directory, Lookup
from federation.remote.objects import GONE, LATER, OK, SERVER_FAULTS, Away, NotThere, Unusable
from federation.transport.answer import Answer
from federation.transport.failure import BadAnswer, Forbidden, Unreachable
from storage import actors
from storage.actors import StoredActor

JRD_MAX_BYTES: Final = 64 * 1024
_JSON_TYPES: Final = frozenset({JRD_JSON, "application/json"})


@dataclass(frozen=True, slots=True)
class HandleResolver:
    """Finds actors by handle."""

    directory: Directory

    async def resolve(self, handle: str) -> Lookup:
        """The actor behind `name@domain`, ours from storage, others fetched.

        Args:
            handle: As typed, also with a leading `@` or `acct:`.

        Returns:
            Unusable too when it is no handle, or when domain and actor do not agree.

        Source: security.md 4.3 and 6.9
        """
        try:
            account = parse_account(handle.strip())
        except RemoteProtocolError as error:
            return Unusable(error.reason)
        namespace = self.directory.fetcher.namespace
        if account.domain in {namespace.account_domain, namespace.host}:
            local = await actors.find_actor_by_handle(
                account.name.lower(), namespace.account_domain
            )
            return local or NotThere(is_gone=False)
        finger = await self._asked(account)
        if not isinstance(finger, Finger):
            return finger
        found = await self.directory.get(finger.actor)
        if not isinstance(found, StoredActor):
            return found
        return await self._confirmed(found, account, finger)

    async def _confirmed(self, actor: StoredActor, asked: Account, finger: Finger) -> Lookup:
        """The actor with the handle that its domain and its own host both give it."""
        subject = finger.subject or asked
        if actor.local:
            return Unusable("another domain does not name our people")
        if subject.domain != asked.domain and not await self._says(subject, subject, actor):
            return Unusable("the domain of the handle does not confirm it")
        host = host_of(actor.uri)
        if subject.domain != host and not await self._says(
            Account(subject.name, host), subject, actor
        ):
            return Unusable("the actor's host does not confirm the handle")
        if subject.name.lower() != actor.username.lower():
            return Unusable("the actor does not go by this handle")
        if actor.domain != subject.domain:
            await actors.set_handle(actor.uri, actor.username, subject.domain)
        return await actors.find_actor(actor.uri) or NotThere(is_gone=False)

    async def _says(self, account: Account, subject: Account, actor: StoredActor) -> bool:
        """Whether asking for `account` leads to this subject and this actor."""
        finger = await self._asked(account)
        return finger == Finger(subject, actor.uri)

    async def _asked(self, account: Account) -> Finger | NotThere | Unusable | Away:
        fetcher = self.directory.fetcher
        namespace = fetcher.namespace
        if account.domain in {namespace.account_domain, namespace.host}:
            return Unusable("a name of our domain is not asked for elsewhere")
        resource = quote(f"acct:{account.name}@{account.domain}", safe="")
        # A development node names its port, and has no TLS.
        scheme = "http" if fetcher.allow_http and ":" in account.domain else "https"
        answer = await fetcher.client.get(
            f"{scheme}://{account.domain}/.well-known/webfinger?resource={resource}",
            accept=JRD_JSON,
            max_bytes=JRD_MAX_BYTES,
        )
        match answer:
            case Answer():
                return _read(answer, allow_http=fetcher.allow_http)
            case Unreachable():
                return Away(answer.kind.value)
            case Forbidden() | BadAnswer():
                return Unusable(answer.reason)


def _read(answer: Answer, *, allow_http: bool) -> Finger | NotThere | Unusable | Away:
    if answer.status in LATER or answer.status in SERVER_FAULTS:
        return Away(f"status {answer.status}")
    if answer.status in {404, GONE}:
        return NotThere(is_gone=answer.status == GONE)
    content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status != OK or content_type not in _JSON_TYPES:
        return Unusable(f"status {answer.status}, {content_type[:80]}")
    try:
        return parse_jrd(strict_json.loads(answer.body), allow_http=allow_http)
    except RemoteProtocolError as error:
        return Unusable(error.reason)

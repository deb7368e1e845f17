"""Who asks for a document: the host of the actor that signed the request, or nobody."""

from typing import Final

from aiohttp import web

from federation.inbound.status import reply_to
from federation.protocol.signature.parsed import Request
from federation.protocol.signature.verify import Verified
from federation.protocol.uri import host_of
from federation.queries.fetchable import Asker
from node.app_keys import SERVICES
from node.http.client_address import counted_address
from node.http.errors import DeclinedError
from node.http.problem import Problem

SIGNATURES: Final = ("Signature", "Signature-Input")
# What a server hears that may come again; any other fault makes it a stranger.
TO_COME_AGAIN: Final = {429: "too-many-requests", 503: "unavailable"}


def counted(request: web.Request) -> str:
    """Count a request against its address, before anything else is looked at; gives the address.

    Raises:
        DeclinedError: Its address sends too much (429): step 1 of security.md 2.1.
    """
    client = counted_address(request)
    wait_s = request.app[SERVICES].authenticator.address_wait_s(client)
    if wait_s:
        raise DeclinedError(
            Problem("too-many-requests", "too many requests", wait_s, rest_s=wait_s)
        )
    return client


def signed_request(request: web.Request, body: bytes | None, client: str) -> Request:
    """The request as it was on the wire, for the verifier; from a client that was counted."""
    scheme = request.app[SERVICES].space.base_url.partition(":")[0]
    headers = tuple(request.headers.items())
    return Request(request.method, request.raw_path, headers, body, scheme, client)


async def asker_of(request: web.Request) -> Asker:
    """The asking host. A signature that does not hold counts as none.

    Raises:
        DeclinedError: Nobody can know now, because the key's server does not answer (503); or too
            much comes from there (429).
    """
    services = request.app[SERVICES]
    now = services.clock()
    if not any(name in request.headers for name in SIGNATURES):
        return Asker("", now)
    signed = signed_request(request, None, counted(request))
    signer = await services.authenticator.signer_of(signed, now)
    if isinstance(signer, Verified):
        return Asker(host_of(signer.actor), now)
    reply = reply_to(signer)
    if reply.status in TO_COME_AGAIN:
        word = TO_COME_AGAIN[reply.status]
        raise DeclinedError(Problem(word, reply.reason, reply.retry_after_s))
    return Asker("", now)

"""What is sent to an inbox is whole, small and of a known type before anybody looks at it.

This is step 0 of security.md 2.1, as far as it is not the same for every address
(node/http/middleware.py). The rest is federation.inbound.receive.
"""

import logging
import re
from dataclasses import replace
from typing import Final

from aiohttp import hdrs, web

from federation.inbound.status import Reply, reply_to
from federation.protocol.signature.parsed import Request
from federation.protocol.signature.scheme import ACCEPT_SIGNATURE
from federation.protocol.signature.verify import Verified
from federation.queries.fetchable import Gone, Hidden
from federation.queries.inboxes import Inbox, conversation_inbox, person_inbox
from node.app_keys import SERVICES
from node.fediverse.answering import answering
from node.fediverse.asking import counted, signed_request
from node.http.errors import IS_LOGGED, DeclinedError, told_of
from node.http.limits import read_body
from node.http.problem import Problem, for_status
from node.http.routes import Endpoint, Handler, Scope

LOG: Final = logging.getLogger(__name__)
BODY_BYTES_MAX: Final = 1024 * 1024
ACCEPTED: Final = 202
UNAUTHORIZED: Final = 401
# What an operator's counters call an answer that is neither 202 nor a plain refusal.
WORDS: Final = {429: "limited", 503: "unavailable"}

# What servers send; anything else is read by the grammar.
USUAL_TYPES: Final = frozenset(
    {
        "application/activity+json",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    }
)
MEDIA_TYPE: Final = re.compile(
    r"(?:application/activity\+json"
    r'|application/ld\+json[ \t]*;[ \t]*profile="https://www\.w3\.org/ns/activitystreams")'
    r'(?:[ \t]*;[ \t]*charset="?utf-8"?)?[ \t]*',
    re.IGNORECASE,
)


async def _shared(request: web.Request) -> web.Response:
    return await _take(request, await _read(request), "")


async def _person(request: web.Request) -> web.Response:
    signed = await _read(request)
    inbox = await person_inbox(request.app[SERVICES].space, request.match_info["name"])
    if not isinstance(inbox, Inbox):
        return answering(inbox)
    return await _take(request, signed, inbox.owner)


async def _conversation(request: web.Request) -> web.Response:
    """A sender without a signature learns the same of every conversation: that it needs one."""
    signed = await _read(request)
    inbox = await conversation_inbox(request.match_info["id"])
    if not isinstance(inbox, Inbox):
        return await _refuse_signed(request, signed, inbox)
    return await _take(request, signed, inbox.owner)


async def _refuse_signed(
    request: web.Request, signed: Request, absent: Hidden | Gone
) -> web.Response:
    services = request.app[SERVICES]
    signer = await services.authenticator.signer_of(signed, services.clock())
    return answering(absent) if isinstance(signer, Verified) else _answer(request, reply_to(signer))


async def _read(request: web.Request) -> Request:
    """The request with its body.

    Raises:
        DeclinedError: Its address sends too much (429), its media type is not one of ours (415),
            its body is larger than 1 MiB (413) or not there within 10 s (408).
    """
    client = counted(request)
    kinds = request.headers.getall(hdrs.CONTENT_TYPE, ())
    if len(kinds) != 1 or not (kinds[0] in USUAL_TYPES or MEDIA_TYPE.fullmatch(kinds[0])):
        raise DeclinedError(Problem("unsupported-media-type", "Send application/activity+json."))
    return signed_request(request, await _body(request), client)


async def _body(request: web.Request) -> bytes:
    # PERF: most bodies are there with the headers; without a timer and a copy that is less than
    # half the work of read_body (benchmarks/inbox.py).
    content = request.content
    is_whole = content.is_eof() and content.exception() is None
    if is_whole and content.total_bytes <= BODY_BYTES_MAX:
        return content.read_nowait()
    return await read_body(request, BODY_BYTES_MAX)


async def _take(request: web.Request, signed: Request, owner: str) -> web.Response:
    services = request.app[SERVICES]
    tally = services.tally
    with tally.inbox_s.timing():
        return _answer(request, await services.receiver.receive(signed, inbox_owner=owner))


def _counted(handler: Handler) -> Handler:
    """Count the requests that end before anybody could be asked about them."""

    async def with_count(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Exception as error:
            word = "declined" if isinstance(error, DeclinedError) else "failed"
            request.app[SERVICES].tally.inbox.add(word)
            raise

    return with_count


def _outcome(reply: Reply) -> str:
    if reply.status == ACCEPTED:
        return "dropped" if reply.detail else "accepted"
    return WORDS.get(reply.status, "refused")


def _answer(request: web.Request, reply: Reply) -> web.Response:
    request.app[SERVICES].tally.inbox.add(_outcome(reply))
    if reply.reason or reply.detail:
        LOG.info(
            "Activity refused" if reply.status != ACCEPTED else "Activity dropped",
            extra={
                "action": "receive",
                "status": reply.status,
                "reason": reply.reason,
                "detail": reply.detail,
                "signer": reply.signer,
                "activity": reply.about,
                **told_of(request),
            },
        )
    if reply.status == ACCEPTED:
        return web.Response(status=ACCEPTED)
    more = {"category": reply.category} if reply.category else {}
    problem = Problem(reply.problem, reply.reason, more=more) if reply.problem else None
    problem = problem or for_status(reply.status, reply.reason)
    headers = {"Accept-Signature": ACCEPT_SIGNATURE} if reply.status == UNAUTHORIZED else None
    response = replace(problem, retry_after_s=reply.retry_after_s, headers=headers).response()
    response[IS_LOGGED] = True
    return response


ENDPOINTS: Final = (
    Endpoint("POST", "/inbox", _counted(_shared), Scope.SIGNED),
    Endpoint("POST", "/u/{name}/inbox", _counted(_person), Scope.SIGNED),
    Endpoint("POST", "/c/{id}/inbox", _counted(_conversation), Scope.SIGNED),
)

"""Mastodon's administrators' API for domains: each block and each allow is a rule of the database.

Source: policy.md 14; https://docs.joinmastodon.org/methods/admin/domain_blocks/
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from aiohttp import web

from federation.commands import domain_blocks
from federation.commands.rule_change import Changed
from federation.policy.domains import read_domain
from federation.policy.lists.domain_block import RANKS, DomainBlock
from federation.policy.lists.listed_domains import ListedBlock, ListedDomain
from federation.policy.problem import Unreadable
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused
from federation.queries.domain_blocks import list_allows, list_blocks
from node.http.fields import Fields, read_fields
from node.http.routes import Endpoint, Scope
from node.mastodon.admin import V1, ground_of, paged, require_operator, unprocessable
from node.mastodon.answers import found, told
from node.mastodon.answers import unprocessable as invalid
from node.mastodon.call import is_on, number_in, services_of
from node.mastodon.context import MastodonContext

BLOCKS: Final = f"{V1}/domain_blocks"
ALLOWS: Final = f"{V1}/domain_allows"
CONFLICT: Final = "There is a block for this domain already that is as strict"


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """Blocks and allows of domains."""
    return (*_shown(context), *_changed(context), *_allows(context))


def _shown(context: MastodonContext) -> tuple[Endpoint, ...]:
    async def list_all(request: web.Request) -> web.Response:
        require_operator(request)
        return paged(
            request, await _held(request, context), lambda one: one.at.number, block_entity
        )

    async def show(request: web.Request) -> web.Response:
        require_operator(request)
        return told(block_entity(await _named(request, context)))

    return (
        Endpoint("GET", BLOCKS, list_all, Scope.ADMIN_READ_DOMAIN_BLOCKS),
        Endpoint("GET", f"{BLOCKS}/{{id}}", show, Scope.ADMIN_READ_DOMAIN_BLOCKS),
    )


def _changed(context: MastodonContext) -> tuple[Endpoint, ...]:
    async def make(request: web.Request) -> web.Response:
        require_operator(request)
        said = await read_fields(request)
        block = _said(said, DomainBlock(_domain(said)))
        done = await domain_blocks.make_block(block, ground_of(request, context))
        if isinstance(done, ListedBlock):
            entity = block_entity(done)
            return told({"error": CONFLICT, "existing_domain_block": entity}, status=422)
        _done(done)
        return told(block_entity(await _of(request, context, block.domain)))

    async def change(request: web.Request) -> web.Response:
        require_operator(request)
        held = await _named(request, context)
        block = _said(await read_fields(request), held.block)
        _done(await domain_blocks.change_block(held.at, block, ground_of(request, context)))
        return told(block_entity(await _of(request, context, block.domain)))

    async def remove(request: web.Request) -> web.Response:
        require_operator(request)
        held = await _named(request, context)
        _done(await domain_blocks.take_back(held.at, ground_of(request, context)))
        return told({})

    return (
        Endpoint("POST", BLOCKS, make, Scope.ADMIN_WRITE_DOMAIN_BLOCKS),
        Endpoint("PUT", f"{BLOCKS}/{{id}}", change, Scope.ADMIN_WRITE_DOMAIN_BLOCKS),
        Endpoint("DELETE", f"{BLOCKS}/{{id}}", remove, Scope.ADMIN_WRITE_DOMAIN_BLOCKS),
    )


def _allows(context: MastodonContext) -> tuple[Endpoint, ...]:
    async def held(request: web.Request) -> list[ListedDomain]:
        return await list_allows(context.written(), services_of(request).clock())

    async def list_all(request: web.Request) -> web.Response:
        require_operator(request)
        return paged(request, await held(request), lambda one: one.number, allow_entity)

    async def show(request: web.Request) -> web.Response:
        require_operator(request)
        number = number_in(request)
        one = next((each for each in await held(request) if each.number == number), None)
        return told(allow_entity(found(one)))

    async def make(request: web.Request) -> web.Response:
        require_operator(request)
        domain = _domain(await read_fields(request))
        there = {one.domain: one for one in await held(request)}
        if domain not in there:
            _done(await domain_blocks.allow(domain, ground_of(request, context)))
            there = {one.domain: one for one in await held(request)}
        return told(allow_entity(there[domain]))

    async def remove(request: web.Request) -> web.Response:
        require_operator(request)
        number = number_in(request)
        one = found(next((each for each in await held(request) if each.number == number), None))
        _done(await domain_blocks.take_back(one, ground_of(request, context)))
        return told({})

    return (
        Endpoint("GET", ALLOWS, list_all, Scope.ADMIN_READ_DOMAIN_ALLOWS),
        Endpoint("POST", ALLOWS, make, Scope.ADMIN_WRITE_DOMAIN_ALLOWS),
        Endpoint("GET", f"{ALLOWS}/{{id}}", show, Scope.ADMIN_READ_DOMAIN_ALLOWS),
        Endpoint("DELETE", f"{ALLOWS}/{{id}}", remove, Scope.ADMIN_WRITE_DOMAIN_ALLOWS),
    )


def block_entity(one: ListedBlock) -> Mapping[str, object]:
    """A block as Mastodon writes it."""
    return {
        "id": str(one.at.number),
        "domain": one.block.domain,
        "digest": sha256(one.block.domain.encode()).hexdigest(),
        "created_at": format_time(one.at.created_at),
        "severity": one.block.severity,
        "reject_media": one.block.reject_media,
        "reject_reports": one.block.reject_reports,
        "private_comment": one.block.private_comment,
        "public_comment": one.block.public_comment,
        "obfuscate": one.block.obfuscate,
    }


def allow_entity(one: ListedDomain) -> Mapping[str, object]:
    """An allow as Mastodon writes it."""
    created = format_time(one.created_at)
    return {"id": str(one.number), "domain": one.domain, "created_at": created}


async def _held(request: web.Request, context: MastodonContext) -> list[ListedBlock]:
    return await list_blocks(context.written(), services_of(request).clock())


async def _named(request: web.Request, context: MastodonContext) -> ListedBlock:
    number = number_in(request)
    held = await _held(request, context)
    return found(next((one for one in held if one.at.number == number), None))


async def _of(request: web.Request, context: MastodonContext, domain: str) -> ListedBlock:
    held = await _held(request, context)
    return found(next((one for one in held if one.block.domain == domain), None))


def _domain(said: Fields) -> str:
    domain = read_domain(said.text("domain"))
    if isinstance(domain, Refused):
        raise invalid("Domain is not a valid domain")
    return domain


def _said(said: Fields, block: DomainBlock) -> DomainBlock:
    """A block with what is said of it otherwise."""
    severity = said.text("severity") or block.severity
    if severity not in RANKS:
        raise invalid("Severity is not included in the list")
    return DomainBlock(
        block.domain,
        severity,
        _flag(said, "reject_media", otherwise=block.reject_media),
        _flag(said, "reject_reports", otherwise=block.reject_reports),
        _text(said, "public_comment", block.public_comment),
        _text(said, "private_comment", block.private_comment),
        _flag(said, "obfuscate", otherwise=block.obfuscate),
    )


def _flag(said: Fields, name: str, *, otherwise: bool) -> bool:
    return is_on(said, name) if said.texts(name) else otherwise


def _text(said: Fields, name: str, otherwise: str) -> str:
    return said.text(name).strip() if said.texts(name) else otherwise


def _done(answer: Changed | Unreadable | Refused) -> None:
    if isinstance(answer, Refused):
        raise unprocessable(answer)
    if isinstance(answer, Unreadable):
        raise invalid("; ".join(each.reason for each in answer.problems[:5]))

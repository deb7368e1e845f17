"""What each front end is told of its node: its parts, in the words of that front end."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import web

from federation.commands.people_lists import bring_list
from federation.commands.pictures import set_own_picture
from federation.commands.register_account import register_account
from federation.commands.upload_media import Upload
from federation.protocol.verdict import Allowed, Refused
from federation.remote.client_documents import read_client_document
from node.admin.context import AdminContext
from node.admin.context import Pages as AdminPages
from node.admin.routes import admin_endpoints
from node.app_keys import Services
from node.archive.bringing import bring_for
from node.archive.uploads import Library
from node.archive.writing import write_archive
from node.archive.zip_stream import Sink
from node.http.client_address import networks
from node.http.routes import Endpoint
from node.identity.attempts import Attempts
from node.identity.caller import Caller
from node.identity.half_way import HalfWay
from node.identity.passkeys import ASKED_MAX, Passkeys
from node.identity.passwords import Passwords
from node.identity.registration import Admissions
from node.identity.second_factor import PURPOSE, SecondFactor
from node.mastodon.context import NO_PICTURE, MastodonContext, told_of
from node.oauth.context import OAuthContext, Pages
from node.oauth.documents import READ_MAX
from node.oauth.registering import REGISTERED_MAX
from node.parts import Parts
from node.web.context import PageContext
from node.web.errors import paged
from node.web.forms import read_form
from node.web.languages import Words
from node.web.rendering import Site, renderer
from node.web.return_path import sign_in_anew_for
from node.web.signed_in import read_own_form, require_caller
from node.web.static_files import StaticFiles
from node.web.turns import Turns
from storage.accounts import get_account
from storage.own_actors import count_people
from storage.sealing import SecretSealer

# Whose templates pages are drawn by.
TEMPLATES: Final = ("node.web", "node.admin")


def services_of(parts: Parts) -> Services:
    """What handlers of every front end may use."""
    return Services(
        space=parts.space,
        receiver=parts.receiver,
        whispers=parts.whispers,
        authenticator=parts.authenticator,
        desk=parts.desk,
        clock=parts.clock.now,
        server_name=parts.config.server.name,
        limits=parts.config.limits,
        intake=parts.intake,
        remote_media=parts.remote_media,
        upload_max_bytes=parts.config.media.upload_max,
        queue_retention=parts.config.federation.queue_retention,
        push_key=parts.pusher.public_key,
        previews=parts.previews,
        seal_token=parts.app_tokens.sealed,
        registration=parts.config.registration,
        tally=parts.tally,
    )


def pages_of(parts: Parts, static: StaticFiles) -> PageContext:
    """What the pages need."""
    server, space, mint = parts.config.server, parts.space, parts.mint
    site = Site(server.name, space.host, space.account_domain)

    async def register(name: str, password_hash: str, role: str) -> Allowed | Refused:
        return await register_account(mint, name=name, role=role, password_hash=password_hash)

    async def set_picture(caller: Caller, data: bytes) -> Allowed | Refused:
        upload = Upload(caller.account, data)
        return await set_own_picture(parts.intake, caller.actor_uri, upload, space)

    return PageContext(
        base_url=space.base_url,
        site=site,
        account_domain=space.account_domain,
        render=renderer(site, static, packages=TEMPLATES),
        now=parts.clock.now,
        entropy=parts.entropy,
        passwords=Passwords(),
        attempts=Attempts(),
        half_way=HalfWay(server.sealing_key),
        second_factor=SecondFactor(SecretSealer(server.sealing_key, PURPOSE), parts.entropy),
        passkeys=Passkeys(space.base_url, server.name, parts.entropy),
        asking=Attempts(ASKED_MAX),
        proxies=networks(server.trusted_proxies),
        register=register,
        set_picture=set_picture,
        upload_max_bytes=parts.config.media.upload_max,
        room_bytes=parts.config.media.user_max,
        bring_list=partial(bring_list, parts.desk),
        bring_archive=partial(bring_for, parts.desk),
        write_archive=partial(_write, parts),
        turns=Turns(),
        arrivals=Turns(),
        admissions=Admissions(parts.config.registration),
        rules=parts.policy.rules,
    )


async def _write(parts: Parts, name: str, readme: str, sink: Sink) -> object:
    account, library = await get_account(name), Library(parts.space, parts.intake.blobs)
    return await write_archive(account, library, sink, readme=readme, at=parts.clock.now())


def admin_of(parts: Parts, pages: PageContext) -> tuple[Endpoint, ...]:
    """The pages of those who run the node; what goes wrong there is a page too."""

    async def who(request: web.Request, path: str) -> Caller:
        return await require_caller(request, pages, path)

    async def form(request: web.Request, token: str) -> Mapping[str, str]:
        return await read_form(request, pages.base_url, token)

    server = parts.config.server
    context = AdminContext(
        base_url=pages.base_url,
        pages=AdminPages(render=pages.render, words=Words, require_caller=who, read_form=form),
        now=pages.now,
        entropy=parts.entropy,
        mint=parts.mint,
        folder=Path(server.data_dir),
        may_send=parts.restoration.may_send,
        desk=parts.desk,
        rules=parts.policy.rules,
        written=parts.policy.written,
        own_hosts=server.names,
        remote_room_bytes=parts.config.media.remote_cache_max,
    )
    found = admin_endpoints(context)
    return tuple(replace(each, handler=paged(each.handler, pages.render)) for each in found)


def oauth_of(parts: Parts, pages: PageContext) -> OAuthContext:
    """What the pages and addresses of apps need."""

    async def who(request: web.Request, path: str) -> Caller:
        return await require_caller(request, pages, path)

    async def form(request: web.Request, path: str) -> tuple[Caller, Mapping[str, str]]:
        return await read_own_form(request, pages, path)

    return OAuthContext(
        base_url=pages.base_url,
        now=pages.now,
        entropy=parts.entropy,
        pages=Pages(
            render=pages.render,
            require_caller=who,
            read_form=form,
            sign_in_anew=lambda path: web.HTTPSeeOther(sign_in_anew_for(path)),
        ),
        registering=Attempts(REGISTERED_MAX),
        reading=Attempts(READ_MAX),
        read_document=partial(read_client_document, parts.directory.fetcher.client),
    )


def mastodon_of(parts: Parts, static: StaticFiles) -> MastodonContext:
    """What Mastodon's API tells of this node."""
    server = parts.config.server
    return told_of(
        parts.space,
        server.name,
        static.address(NO_PICTURE),
        count_people,
        written=parts.policy.written,
        own_hosts=server.names,
    )

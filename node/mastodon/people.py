"""People: found, looked at, followed, blocked and muted."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from aiohttp import web

from federation.commands import follow as following
from federation.commands import hush
from federation.commands.people import find_known, find_person
from federation.protocol.verdict import Refused
from federation.queries import people, profiles
from federation.queries.numbered import faces_by_number, faces_of, find_face
from federation.queries.numbered_views import FaceView, RelationView
from federation.queries.relations import relations
from node.http.routes import Endpoint, Scope
from node.mastodon.answers import declined, done, found, told
from node.mastodon.call import (
    caller_of,
    is_on,
    limit_of,
    number_in,
    numbers_in,
    query_of,
    services_of,
)
from node.mastodon.context import MastodonContext, SiteHandler, bound
from node.mastodon.entities.account import Said, account
from node.mastodon.entities.relationship import relationship
from node.mastodon.entities.site import Document, Site

PATH: Final = "/api/v1/accounts"
ONE: Final = f"{PATH}/{{id}}"
WAITING: Final = "/api/v1/follow_requests"
RELATED_MAX: Final = 80
# What is not told of somebody, since there is nothing of it or it is their own affair.
UNTOLD: Final = ("statuses", "followers", "following", "lists", "featured_tags")
NOBODY_FOLLOWED: Final = 404


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """Every address of people."""
    reading, follows = Scope.READ_ACCOUNTS, Scope.WRITE_FOLLOWS
    handlers: tuple[tuple[str, str, SiteHandler, Scope], ...] = (
        ("GET", f"{PATH}/search", _search, reading),
        ("GET", f"{PATH}/lookup", _look_up, reading),
        ("GET", f"{PATH}/relationships", _relate, Scope.READ_FOLLOWS),
        ("GET", f"{PATH}/familiar_followers", _nothing, Scope.READ_FOLLOWS),
        ("GET", ONE, _show, reading),
        *(("GET", f"{ONE}/{name}", _untold, reading) for name in UNTOLD),
        ("POST", f"{ONE}/follow", _follow, Scope.WRITE_FOLLOWS),
        ("POST", f"{ONE}/unfollow", _unfollow, Scope.WRITE_FOLLOWS),
        ("POST", f"{ONE}/block", partial(_hush, act=hush.block), Scope.WRITE_BLOCKS),
        ("POST", f"{ONE}/unblock", partial(_hush, act=hush.unblock), Scope.WRITE_BLOCKS),
        ("POST", f"{ONE}/mute", partial(_hush, act=hush.mute), Scope.WRITE_MUTES),
        ("POST", f"{ONE}/unmute", partial(_hush, act=hush.unmute), Scope.WRITE_MUTES),
        ("GET", "/api/v1/blocks", _list_blocks, Scope.READ_BLOCKS),
        ("GET", "/api/v1/mutes", _list_mutes, Scope.READ_MUTES),
        ("GET", WAITING, _list_requests, Scope.READ_FOLLOWS),
        ("POST", f"{WAITING}/{{id}}/authorize", partial(_answer, accepts=True), follows),
        ("POST", f"{WAITING}/{{id}}/reject", partial(_answer, accepts=False), follows),
    )
    return tuple(
        Endpoint(method, path, bound(handler, context.site), scope)
        for method, path, handler, scope in handlers
    )


async def find_accounts(request: web.Request, words: str, limit: int, site: Site) -> list[Document]:
    """People with these words in their name, whom whoever asks may find."""
    views = await people.search_people(caller_of(request).actor_uri, words, limit=limit)
    return await _shown(request, [view.uri for view in views], site)


async def resolve(request: web.Request, handle: str, site: Site) -> list[Document]:
    """The person behind a handle, whose server is asked; none where there is nobody."""
    person = await find_person(services_of(request).desk, handle.removeprefix("@"))
    return [] if isinstance(person, Refused) else await _shown(request, [person.uri], site)


async def _search(request: web.Request, site: Site) -> web.Response:
    said = query_of(request)
    words = said.text("q")
    shown = await find_accounts(request, words, limit_of(said, usual=40, most=80), site)
    if not shown and is_on(said, "resolve"):
        shown = await resolve(request, words, site)
    return told(shown)


async def _look_up(request: web.Request, site: Site) -> web.Response:
    handle = query_of(request).text("acct").removeprefix("@")
    services = services_of(request)
    if "@" not in handle:
        handle = f"{handle}@{services.space.account_domain}"
    known = found(await find_known(services.desk, handle))
    face = found(await find_face(known.uri, services.space))
    return told(found(await _profile(request, face, site)))


async def _show(request: web.Request, site: Site) -> web.Response:
    return told(found(await _profile(request, await _one(request), site)))


async def _profile(request: web.Request, face: FaceView, site: Site) -> Document | None:
    """Somebody with what they say of themselves; of a group no more than its name."""
    if face.is_group:
        known = await _is_in(request, face.uri)
        return account(face, site) if known else None
    view = await profiles.view_profile(caller_of(request).actor_uri, face.uri)
    return None if view is None else account(face, site, Said(view.bio, view.details))


async def _is_in(request: web.Request, group: str) -> bool:
    return await profiles.knows_group(caller_of(request).actor_uri, group)


async def _untold(request: web.Request, site: Site) -> web.Response:
    found(await _profile(request, await _one(request), site))
    return told([])


async def _nothing(_: web.Request, site: Site) -> web.Response:
    del site
    return told([])


async def _relate(request: web.Request, site: Site) -> web.Response:
    del site
    asked = numbers_in(query_of(request).texts("id"), most=RELATED_MAX)
    faces = [
        face
        for face in await faces_by_number(asked, services_of(request).space)
        if not face.is_group
    ]
    return told(await _related(request, faces))


async def _follow(request: web.Request, site: Site) -> web.Response:
    del site
    face = await _person(request)
    desk, person = services_of(request).desk, caller_of(request).actor_uri
    done(await following.follow(desk, person, _handle(face)))
    return told((await _related(request, [face]))[0])


async def _unfollow(request: web.Request, site: Site) -> web.Response:
    del site
    face = await _person(request)
    desk, person = services_of(request).desk, caller_of(request).actor_uri
    ended = await following.unfollow(desk, person, _handle(face))
    # Who was not followed is not followed now.
    if isinstance(ended, Refused) and ended.status not in {404, 409}:
        raise declined(ended)
    return told((await _related(request, [face]))[0])


async def _hush(request: web.Request, site: Site, *, act: hush.Act) -> web.Response:
    del site
    face = await _person(request)
    answer = await act(services_of(request).desk, caller_of(request).actor_uri, _handle(face))
    if isinstance(answer, Refused) and answer.status != NOBODY_FOLLOWED:
        raise declined(answer)
    return told((await _related(request, [face]))[0])


async def _list_blocks(request: web.Request, site: Site) -> web.Response:
    limit = limit_of(query_of(request), usual=40, most=80)
    views, _ = await people.list_blocks(caller_of(request).actor_uri, limit=limit)
    return told(await _shown(request, [view.uri for view in views], site))


async def _list_mutes(request: web.Request, site: Site) -> web.Response:
    limit = limit_of(query_of(request), usual=40, most=80)
    views, _ = await people.list_mutes(caller_of(request).actor_uri, limit=limit)
    return told(await _shown(request, [view.uri for view in views], site))


async def _list_requests(request: web.Request, site: Site) -> web.Response:
    limit = limit_of(query_of(request), usual=40, most=80)
    person = caller_of(request).actor_uri
    views, _ = await profiles.list_waiting(person, before=people.FIRST, limit=limit)
    return told(await _shown(request, [view.person.uri for view in views], site))


async def _answer(request: web.Request, site: Site, *, accepts: bool) -> web.Response:
    """Let somebody follow who waits for that, or not."""
    del site
    face = await _person(request)
    desk, person = services_of(request).desk, caller_of(request).actor_uri
    done(await following.answer_follow(desk, person, _handle(face), accepts=accepts))
    return told((await _related(request, [face]))[0])


async def _one(request: web.Request) -> FaceView:
    """Whoever is in the address.

    Raises:
        DeclinedError: Nobody here knows them.
    """
    faces = await faces_by_number([number_in(request)], services_of(request).space)
    return found(faces[0] if faces else None)


async def _person(request: web.Request) -> FaceView:
    face = await _one(request)
    return found(None if face.is_group or face.is_deleted else face)


async def _shown(request: web.Request, uris: Sequence[str], site: Site) -> list[Document]:
    faces = await faces_of(uris, services_of(request).space)
    return [account(faces[uri], site) for uri in uris if uri in faces]


async def _related(request: web.Request, faces: Sequence[FaceView]) -> list[Document]:
    views = await relations(caller_of(request).actor_uri, [face.uri for face in faces])
    unrelated = RelationView("")
    return [relationship(views.get(face.uri, unrelated), face.number) for face in faces]


def _handle(face: FaceView) -> str:
    return f"{face.username}@{face.domain}"

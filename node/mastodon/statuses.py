"""Messages, one by one: read with what stands around them, posted, edited, deleted, favoured."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from aiohttp import web

from federation.commands import message_life
from federation.commands.desk import Made
from federation.queries.client_pages import around, find_numbered
from federation.queries.life import find_versions, reacted_to
from federation.queries.numbered import MEDIA, faces_of, find_name
from federation.queries.timeline import find_message
from federation.queries.views import MessageView
from node.http.fields import read_fields
from node.http.routes import Endpoint, Scope
from node.mastodon import showing
from node.mastodon.answers import done, found, told, unprocessable
from node.mastodon.call import (
    caller_of,
    limit_of,
    number_in,
    number_of,
    numbers_in,
    query_of,
    services_of,
)
from node.mastodon.context import MastodonContext, SiteHandler, bound
from node.mastodon.entities.account import account
from node.mastodon.entities.instance import ATTACHMENTS_MAX
from node.mastodon.entities.site import Document, Site
from node.mastodon.entities.status import HEART, content, edit
from node.mastodon.posting import Post, Warned, judge, send, text_of

PATH: Final = "/api/v1/statuses"
ONE: Final = f"{PATH}/{{id}}"
REACTING_MAX: Final = 80
NOT_OFFERED: Final = "This server carries private messages only"
NO_FILE: Final = "There is no such file, or it is sent already"
TOO_MANY_FILES: Final = f"A message shows at most {ATTACHMENTS_MAX} files"
# What is done in public elsewhere.
PUBLIC_ACTS: Final = ("reblog", "unreblog", "bookmark", "unbookmark", "pin", "unpin")


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """Every address of a status."""
    warned = Warned()

    async def post(request: web.Request, site: Site) -> web.Response:
        return await _post(request, site, warned)

    reading, writing = Scope.READ_STATUSES, Scope.WRITE_STATUSES
    handlers: tuple[tuple[str, str, SiteHandler, Scope], ...] = (
        ("GET", PATH, _show_several, reading),
        ("GET", ONE, _show, reading),
        ("GET", f"{ONE}/context", _show_context, reading),
        ("GET", f"{ONE}/source", _show_source, reading),
        ("GET", f"{ONE}/history", _show_history, reading),
        ("GET", f"{ONE}/favourited_by", _show_reacting, reading),
        ("GET", f"{ONE}/reblogged_by", _nobody, reading),
        ("POST", PATH, post, writing),
        ("PUT", ONE, _change, writing),
        ("DELETE", ONE, _delete, writing),
        ("POST", f"{ONE}/favourite", partial(_react, reacts=True), Scope.WRITE_FAVOURITES),
        ("POST", f"{ONE}/unfavourite", partial(_react, reacts=False), Scope.WRITE_FAVOURITES),
        *(("POST", f"{ONE}/{act}", _not_offered, writing) for act in PUBLIC_ACTS),
    )
    return tuple(
        Endpoint(method, path, bound(handler, context.site), scope)
        for method, path, handler, scope in handlers
    )


async def _show(request: web.Request, site: Site) -> web.Response:
    return told(await _shown(request, await _one(request), site))


async def _show_several(request: web.Request, site: Site) -> web.Response:
    asked = numbers_in(query_of(request).texts("id"))
    views = await find_numbered(caller_of(request).actor_uri, asked)
    return told(await showing.statuses(request, views, site))


async def _show_context(request: web.Request, site: Site) -> web.Response:
    before, behind = await around(caller_of(request).actor_uri, await _one(request))
    shown = await showing.statuses(request, [*before, *behind], site)
    return told({"ancestors": shown[: len(before)], "descendants": shown[len(before) :]})


async def _show_source(request: web.Request, site: Site) -> web.Response:
    shown = await _shown(request, view := await _one(request), site)
    return told({"id": shown["id"], "text": view.text or "", "spoiler_text": ""})


async def _show_history(request: web.Request, site: Site) -> web.Response:
    """What it said before, oldest first, and what it says now."""
    view = await _one(request)
    author = (await _shown(request, view, site))["account"]
    versions = await find_versions(caller_of(request).actor_uri, view.id) or ()
    before = [edit(each.html or "", each.written_at, author) for each in versions]
    return told([*before, edit(content(view), view.edited_at or view.placed_at, author)])


async def _show_reacting(request: web.Request, site: Site) -> web.Response:
    """Who has reacted, in whichever way."""
    view, person = await _one(request), caller_of(request).actor_uri
    limit = limit_of(query_of(request), usual=REACTING_MAX, most=REACTING_MAX)
    uris = await reacted_to(person, view.id, limit=limit)
    faces = await faces_of(uris, services_of(request).space)
    return told([account(faces[uri], site) for uri in uris if uri in faces])


async def _nobody(request: web.Request, site: Site) -> web.Response:
    await _shown(request, await _one(request), site)
    return told([])


async def _post(request: web.Request, site: Site, warned: Warned) -> web.Response:
    said = await read_fields(request)
    judge(said)
    answered = await _answered(request, said.text("in_reply_to_id"))
    files = await _files(said.texts("media_ids"))
    made = await send(request, said, Post(text_of(said), files, answered), warned)
    return told(await _made(request, made, site))


async def _change(request: web.Request, site: Site) -> web.Response:
    view, said = await _own(request), await read_fields(request)
    services = services_of(request)
    made = await message_life.edit_message(
        services.desk,
        caller_of(request).actor_uri,
        view.id,
        text=text_of(said),
        characters_max=services.limits.message_characters,
    )
    return told(await _made(request, done(made), site))


async def _delete(request: web.Request, site: Site) -> web.Response:
    view = await _own(request)
    shown = await _shown(request, view, site)
    desk, person = services_of(request).desk, caller_of(request).actor_uri
    done(await message_life.delete_message(desk, person, view.id))
    return told({**shown, "text": view.text or "", "spoiler_text": ""})


async def _react(request: web.Request, site: Site, *, reacts: bool) -> web.Response:
    view = await _one(request)
    desk, person = services_of(request).desk, caller_of(request).actor_uri
    made = done(await message_life.react_to(desk, person, view.id, emoji=HEART, reacts=reacts))
    return told(await _made(request, made, site))


async def _one(request: web.Request) -> MessageView:
    """The message in the address.

    Raises:
        DeclinedError: The caller does not see it, or there is none.
    """
    views = await find_numbered(caller_of(request).actor_uri, [number_in(request)])
    return found(views[0] if views else None)


async def _own(request: web.Request) -> MessageView:
    view = await _one(request)
    return found(view if view.author.uri == caller_of(request).actor_uri else None)


async def _answered(request: web.Request, text: str) -> MessageView | None:
    if not text:
        return None
    number = found(number_of(text))
    views = await find_numbered(caller_of(request).actor_uri, [number])
    return found(views[0] if views else None)


async def _files(texts: Sequence[str]) -> tuple[str, ...]:
    """Our ids of uploads; whose they are, the command asks."""
    if len(texts) > ATTACHMENTS_MAX:
        raise unprocessable(TOO_MANY_FILES)
    names = []
    for text in texts:
        number = number_of(text)
        name = await find_name(MEDIA, number) if number is not None else None
        if name is None:
            raise unprocessable(NO_FILE)
        names.append(name)
    return tuple(names)


async def _shown(request: web.Request, view: MessageView, site: Site) -> Document:
    shown = await showing.statuses(request, [view], site)
    return found(shown[0] if shown else None)


async def _made(request: web.Request, made: Made, site: Site) -> Document:
    view = found(await find_message(caller_of(request).actor_uri, made.resource))
    return await _shown(request, view, site)


async def _not_offered(request: web.Request, site: Site) -> web.Response:
    await _shown(request, await _one(request), site)
    raise unprocessable(NOT_OFFERED)

"""Files are handed in before the message that shows them."""

from typing import Final

from aiohttp import web

from federation.commands.upload_media import Upload, describe_media, upload_media
from federation.queries.media import find_upload
from federation.queries.numbered import MEDIA, find_name, numbers_of
from node.http.fields import read_fields
from node.http.forms import read_file_form
from node.http.routes import Endpoint, Scope
from node.mastodon.answers import done, found, told
from node.mastodon.call import caller_of, number_in, services_of
from node.mastodon.context import MastodonContext
from node.mastodon.entities.media import upload
from node.mastodon.entities.site import Document

V1: Final = "/api/v1/media"
V2: Final = "/api/v2/media"
ONE: Final = f"{V1}/{{id}}"
FIELD: Final = "file"


def endpoints(_: MastodonContext) -> tuple[Endpoint, ...]:
    """Where files are handed in, and described while no message shows them."""
    return (
        Endpoint("POST", V2, _post, Scope.WRITE_MEDIA),
        Endpoint("POST", V1, _post, Scope.WRITE_MEDIA),
        Endpoint("GET", ONE, _show, Scope.WRITE_MEDIA),
        Endpoint("PUT", ONE, _describe, Scope.WRITE_MEDIA),
    )


async def _post(request: web.Request) -> web.Response:
    services = services_of(request)
    form = await read_file_form(request, field=FIELD, limit_bytes=services.upload_max_bytes)
    handed_in = Upload(
        account=caller_of(request).account,
        data=form.data,
        name=form.name,
        description=form.texts.get("description", ""),
    )
    made = done(await upload_media(services.intake, handed_in))
    return told(await _document(request, made.resource))


async def _show(request: web.Request) -> web.Response:
    return told(await _document(request, await _one(request)))


async def _describe(request: web.Request) -> web.Response:
    name, said = await _one(request), await read_fields(request)
    shown = await _document(request, name)
    if "description" in said.values:
        account = caller_of(request).account
        done(await describe_media(account, name, said.text("description")))
        shown = await _document(request, name)
    return told(shown)


async def _one(request: web.Request) -> str:
    return found(await find_name(MEDIA, number_in(request)))


async def _document(request: web.Request, name: str) -> Document:
    """A file of the caller's.

    Raises:
        DeclinedError: It is another's, or there is none.
    """
    view = found(await find_upload(caller_of(request).account, name, services_of(request).space))
    return upload(view, (await numbers_of(MEDIA, [name]))[name])

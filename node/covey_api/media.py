"""Files are handed in before the message that shows them."""

from typing import Final

from aiohttp import web

from federation.commands.upload_media import Upload, describe_media, upload_media
from federation.queries.media import find_upload
from node.covey_api.call import BASE, caller_of, done, found, key_of, read_call, services_of
from node.covey_api.documents import answer, upload
from node.http.forms import read_file_form
from node.http.routes import Endpoint, Scope

FIELD: Final = "file"


async def post(request: web.Request) -> web.Response:
    """Upload a file with its words; a message or draft names its id in `media_ids` within a day."""
    services, account = services_of(request), caller_of(request).account
    key = key_of(request)
    form = await read_file_form(request, field=FIELD, limit_bytes=services.upload_max_bytes)
    handed_in = Upload(
        account=account,
        data=form.data,
        name=form.name,
        description=form.texts.get("description", ""),
        key=key,
    )
    made = done(await upload_media(services.intake, handed_in))
    view = found(await find_upload(account, made.resource, services.space))
    return answer(upload(view), status=201)


async def describe(request: web.Request) -> web.Response:
    """Say what an upload shows, while no message shows it."""
    call = await read_call(request)
    account = call.caller.account
    made = done(await describe_media(account, request.match_info["id"], call.text("description")))
    return answer(upload(found(await find_upload(account, made.resource, call.services.space))))


ENDPOINTS: Final = (
    Endpoint("POST", f"{BASE}/media", post, Scope.WRITE_MEDIA),
    Endpoint("PUT", f"{BASE}/media/{{id}}/description", describe, Scope.WRITE_MEDIA),
)

"""`uploadMedia`: a file with the object that it becomes.

With readers, the object is posted at once: a message that shows the file. Without, it waits for one
that names it.

Source: ActivityPub media upload (Social Web CG); clients.md 10.4
"""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from federation.commands.upload_media import Upload, upload_media
from federation.protocol import strict_json
from federation.queries.media import find_upload
from node.activitypub_api.call import caller_of, done, found, services_of, told
from node.activitypub_api.deeds import Deed
from node.activitypub_api.documents import with_context
from node.activitypub_api.posted import read
from node.http.errors import DeclinedError
from node.http.forms import read_file_form
from node.http.problem import Problem

FILE: Final = "file"
OBJECT: Final = "object"
NO_OBJECT: Final = Problem("unprocessable", "The field object is the object in JSON.")
TYPES: Final = {"image": "Image", "audio": "Audio", "video": "Video"}


async def post(request: web.Request) -> web.Response:
    """Take a file in; exactly 201, with where it is and what it is."""
    services, caller = services_of(request), caller_of(request)
    form = await read_file_form(request, field=FILE, limit_bytes=services.upload_max_bytes)
    if OBJECT not in form.texts:
        raise DeclinedError(NO_OBJECT)
    wanted = strict_json.loads(form.texts[OBJECT].encode())
    # It is judged before anything is kept.
    posted = done(read({"type": "Create", "object": wanted}, caller.actor_uri))
    handed_in = Upload(
        account=caller.account, data=form.data, name=form.name, description=_words(wanted)
    )
    made = done(await upload_media(services.intake, handed_in))
    view = found(await find_upload(caller.account, made.resource, services.space))
    document = {
        **wanted,
        "id": view.url,
        "type": TYPES.get(view.media_type.partition("/")[0], "Document"),
        "attributedTo": caller.actor_uri,
        "mediaType": view.media_type,
        "url": view.url,
        "name": view.description,
    }
    if posted.readers:
        sent = done(read({"type": "Create", "object": document}, caller.actor_uri))
        await Deed(services, caller, sent).do()
    return told(with_context(document), status=201, location=view.url)


def _words(wanted: Mapping[str, Any]) -> str:
    """What the file shows, in words."""
    named = [wanted.get(name) for name in ("name", "summary")]
    return next((each for each in named if isinstance(each, str)), "")

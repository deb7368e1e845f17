"""Pictures of people and groups: handed in, taken back, and shown to whoever may see them."""

from typing import Final

from aiohttp import web

from federation.commands.people import find_known
from federation.commands.pictures import (
    remove_group_picture,
    remove_own_picture,
    set_group_picture,
    set_own_picture,
)
from federation.commands.upload_media import Upload
from federation.queries.pictures import Pictures, picture_of_group, picture_of_person
from node.app_keys import Services
from node.covey_api.call import BASE, caller_of, done, found, services_of
from node.covey_api.conversations import decided, group_shown
from node.covey_api.documents import answer
from node.covey_api.me import shown_me
from node.http.files import file_response
from node.http.forms import read_file_form
from node.http.routes import Endpoint, Scope

FIELD: Final = "file"


async def show_person(request: web.Request) -> web.StreamResponse:
    """A small picture of a person, unless they are a stranger elsewhere."""
    services = services_of(request)
    known = found(await find_known(services.desk, request.match_info["acct"]))
    viewer = caller_of(request).actor_uri
    return file_response(done(await picture_of_person(_pictures(services), viewer, known)))


async def show_group(request: web.Request) -> web.StreamResponse:
    """A small picture of a group, for whoever has said yes to it."""
    pictures, viewer = _pictures(services_of(request)), caller_of(request).actor_uri
    return file_response(done(await picture_of_group(pictures, viewer, request.match_info["id"])))


async def put_own(request: web.Request) -> web.Response:
    """Show the caller by a picture, cut to a square; it is public, as their name is."""
    caller, services = caller_of(request), services_of(request)
    upload = await _read(request)
    done(await set_own_picture(services.intake, caller.actor_uri, upload, services.space))
    return answer(await shown_me(caller, services))


async def remove_own(request: web.Request) -> web.Response:
    """Show the caller by no picture."""
    caller, services = caller_of(request), services_of(request)
    new_id = services.desk.entropy.new_id
    done(await remove_own_picture(caller.actor_uri, new_id=new_id, now=services.clock()))
    return answer(await shown_me(caller, services))


async def put_group(request: web.Request) -> web.Response:
    """Show a group by a picture, cut to a square; 202 while another home has not decided."""
    services, person = services_of(request), caller_of(request).actor_uri
    group = await group_shown(person, request.match_info["id"])
    upload = await _read(request)
    place = group["id"], group["uri"]
    done(await set_group_picture(services.desk, services.intake, person, place, upload))
    return await decided(person, group["id"])


async def remove_group(request: web.Request) -> web.Response:
    """Show a group by no picture; 202 while another home has not decided."""
    services, person = services_of(request), caller_of(request).actor_uri
    group = await group_shown(person, request.match_info["id"])
    done(await remove_group_picture(services.desk, person, group["id"]))
    return await decided(person, group["id"])


async def _read(request: web.Request) -> Upload:
    limit = services_of(request).upload_max_bytes
    form = await read_file_form(request, field=FIELD, limit_bytes=limit)
    return Upload(caller_of(request).account, form.data, form.name)


def _pictures(services: Services) -> Pictures:
    return Pictures(services.intake.blobs, services.remote_media, services.space)


OWN: Final = f"{BASE}/me/picture"
OF_GROUP: Final = f"{BASE}/conversations/{{id}}/picture"

ENDPOINTS: Final = (
    Endpoint("GET", f"{BASE}/people/{{acct}}/picture", show_person, Scope.READ_ACCOUNTS),
    Endpoint("PUT", OWN, put_own, Scope.WRITE_ACCOUNTS),
    Endpoint("DELETE", OWN, remove_own, Scope.WRITE_ACCOUNTS),
    Endpoint("GET", OF_GROUP, show_group, Scope.READ_STATUSES),
    Endpoint("PUT", OF_GROUP, put_group, Scope.WRITE_GROUPS),
    Endpoint("DELETE", OF_GROUP, remove_group, Scope.WRITE_GROUPS),
)

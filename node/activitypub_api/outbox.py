"""`POST /u/{name}/outbox`: what a person's client posts is done, and answered as an activity.

Source: ActivityPub 6; clients.md 10.3
"""

from aiohttp import web

from node.activitypub_api.call import done, owner_of, read_document, services_of, told
from node.activitypub_api.deeds import Deed
from node.activitypub_api.documents import with_context
from node.activitypub_api.posted import read


async def post(request: web.Request) -> web.Response:
    """Do what is posted; 201 with the activity, and where it is."""
    caller, services = owner_of(request), services_of(request)
    posted = done(read(await read_document(request), caller.actor_uri))
    activity_id, document = await Deed(services, caller, posted).do()
    name = activity_id or services.space.activity(caller.account, services.desk.entropy.new_id())
    return told(with_context({**document, "id": name}), status=201, location=name)

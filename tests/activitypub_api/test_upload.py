"""A client hands in a file with the object that it becomes."""

import json

from aiohttp import FormData

from tests.activitypub_api.client import Client, Told, client_of
from tests.support.media import picture
from tests.support.network import Network

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


async def upload(who: Client, data: bytes, *, as_file: bool = False, **said: object) -> Told:
    form = FormData()
    form.add_field("file", data, filename="menu.jpg", content_type="image/jpeg")
    name = {"filename": "object.json"} if as_file else {}
    form.add_field("object", json.dumps(said), content_type="application/json", **name)
    return await who.ask("POST", "/activitypub/media", data=form)


async def one(network: Network) -> Client:
    (alpha,) = await network.start("alpha.test")
    return await client_of(alpha, "al")


async def test_a_file_is_kept_and_shown_by_a_message_that_names_it(network: Network):
    al = await one(network)
    bo = await client_of(al.node, "bo")

    made = await upload(al, picture(), as_file=True, type="Image", name="the menu")
    sent = await al.done(
        type="Create",
        to=[bo.uri],
        object={"type": "Note", "content": "look", "attachment": [made.body]},
    )

    assert (made.status, made.headers["Location"]) == (201, made.body["id"])
    assert (made.body["type"], made.body["name"], made.body["mediaType"]) == (
        *("Image", "the menu"),
        "image/jpeg",
    )
    (shown,) = sent["object"]["attachment"]
    assert (shown["url"], shown["name"]) == (made.body["url"], "the menu")


async def test_with_readers_it_is_sent_at_once(network: Network):
    al = await one(network)
    bo = await client_of(al.node, "bo")

    made = await upload(al, picture(), type="Image", name="the menu", to=[bo.uri])

    assert made.status == 201
    (sent,) = await al.items("outbox")
    assert [each["url"] for each in sent["object"]["attachment"]] == [made.body["url"]]


async def test_nothing_is_kept_of_what_is_refused(network: Network):
    al = await one(network)

    public = await upload(al, picture(), type="Image", to=PUBLIC)
    no_file = await upload(al, b"", type="Image")
    no_picture = await upload(al, bytes(range(8)), type="Image")
    form = FormData()
    form.add_field("file", picture(), filename="menu.jpg", content_type="image/jpeg")
    no_object = await al.ask("POST", "/activitypub/media", data=form)
    reader = await upload(await al.with_scopes("read"), picture(), type="Image")

    told = (public, no_file, no_picture, no_object, reader)
    assert [each.status for each in told] == [422, 422, 422, 422, 403]


async def test_another_s_file_is_shown_by_nobody_else(network: Network):
    al = await one(network)
    bo = await client_of(al.node, "bo")
    made = await upload(al, picture(), type="Image")

    told = await bo.post(
        {"type": "Create", "to": [al.uri], "object": {"type": "Note", "attachment": made.body}}
    )

    assert told.status == 422
    assert await al.api.rooms("requests") == []

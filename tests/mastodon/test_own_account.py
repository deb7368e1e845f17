"""Somebody changes who they are by such a client, and is told what there is to know."""

from io import BytesIO

import pytest
from aiohttp import FormData

from tests.mastodon.client import Client, client_of
from tests.support.media import picture

PATH = "/api/v1/accounts/update_credentials"


async def test_a_profile_is_changed_by_json_and_by_a_form(al: Client):
    first = await al.ask(
        "PATCH", PATH, json={"display_name": "Al the first", "note": "tea", "locked": True}
    )
    second = await al.form(
        "PATCH",
        PATH,
        [
            ("fields_attributes[0][name]", "town"),
            ("fields_attributes[0][value]", "Lübeck"),
            ("fields_attributes[1][name]", ""),
            ("fields_attributes[1][value]", ""),
            ("bot", "true"),
        ],
    )

    assert first.status == 200
    assert (first.body["display_name"], first.body["source"]["note"]) == ("Al the first", "tea")
    assert first.body["locked"] is True
    assert second.body["display_name"] == "Al the first"
    assert second.body["source"]["fields"] == [
        {"name": "town", "value": "Lübeck", "verified_at": None}
    ]
    seen = (await al.get("/api/v1/accounts/verify_credentials")).body
    assert seen == second.body
    assert (await al.api.must("GET", "/me"))["approves_followers"] is True


async def test_a_picture_is_taken(al: Client):
    form = FormData()
    form.add_field("avatar", BytesIO(picture()), filename="al.jpg")
    form.add_field("display_name", "Al")

    told = await al.ask("PATCH", PATH, data=form)

    before = "https://alpha.test"
    shown = await al.ask("HEAD", told.body["avatar"].removeprefix(before))
    assert (told.status, told.body["display_name"]) == (200, "Al")
    assert shown.headers["Content-Type"].startswith("image/")
    assert "icon-192" not in told.body["avatar"]


@pytest.mark.parametrize(
    "said",
    [
        {"display_name": "x" * 61},
        {"note": "x" * 501},
        {"fields_attributes": {str(n): {"name": "a", "value": "b"} for n in range(5)}},
    ],
)
async def test_what_is_too_much_changes_nothing(al: Client, said: dict[str, object]):
    before = (await al.get("/api/v1/accounts/verify_credentials")).body

    told = await al.ask("PATCH", PATH, json={"locked": True, **said})

    assert told.status == 422
    assert (await al.get("/api/v1/accounts/verify_credentials")).body == before


async def test_one_is_told_how_many_follow(al: Client):
    bo = await client_of(al.node, "bo")
    await bo.api.must("POST", "/follows", {"acct": al.api.acct})

    mine = (await al.get("/api/v1/accounts/verify_credentials")).body
    theirs = (await bo.get("/api/v1/accounts/verify_credentials")).body

    assert (mine["followers_count"], mine["following_count"]) == (1, 0)
    assert (theirs["followers_count"], theirs["following_count"]) == (0, 1)
    # It is nobody else's business.
    assert (await bo.get(f"/api/v1/accounts/{mine['id']}")).body["followers_count"] == 0


async def test_who_has_reacted_is_told_but_for_whom_one_hides(al: Client):
    bo = await client_of(al.node, "bo")
    await bo.api.must("POST", "/follows", {"acct": al.api.acct})
    made = (await al.post("/api/v1/statuses", status="@bo hello")).body
    path = f"/api/v1/statuses/{made['id']}"
    for one in (al, bo):
        await one.post(f"{path}/favourite")

    both = await al.get(f"{path}/favourited_by")
    them = next(one for one in both.body if one["acct"] == "bo")
    await al.post(f"/api/v1/accounts/{them['id']}/block")

    assert {one["acct"] for one in both.body} == {"al", "bo"}
    assert [one["acct"] for one in (await al.get(f"{path}/favourited_by")).body] == ["al"]
    assert (await al.get(f"{path}/reblogged_by")).body == []
    outsider = await client_of(al.node, "cy")
    assert (await outsider.get(f"{path}/favourited_by")).status == 404


async def test_a_report_has_an_id_of_its_own(al: Client):
    bo = await client_of(al.node, "bo")
    person = (await bo.get("/api/v1/accounts/verify_credentials")).body["id"]

    first, second = [
        await al.post("/api/v1/reports", account_id=person, comment="spam") for _ in range(2)
    ]

    ids = {first.body["id"], second.body["id"], person}
    assert len(ids) == 3
    assert all(one.isdigit() and len(one) == 18 for one in ids)


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/nothing/here"])
async def test_what_is_not_here_may_be_read_by_every_page(al: Client, path: str):
    origin = {"Origin": "https://elsewhere.test"}

    asked = await al.ask("OPTIONS", path, headers=origin)
    told = await al.ask("GET", path, headers=origin)
    wrong_way = await al.ask("DELETE", "/api/v1/instance", headers=origin)

    assert asked.status == 204
    assert (told.status, told.error) == (404, "Record not found")
    assert wrong_way.status == 405
    for one in (asked, told, wrong_way):
        assert one.headers["Access-Control-Allow-Origin"] == "*"

"""What clients ask for before they show anything: no call of theirs fails."""

import pytest

from tests.mastodon.client import Client

# What clients read without looking whether it is there (clients.md 5.5 and 8).
NEEDED = {
    "configuration": ("urls", "vapid", "statuses", "media_attachments", "polls", "translation"),
    "thumbnail": ("url",),
    "contact": ("email",),
    "registrations": ("enabled", "approval_required"),
}
EMPTY = (
    "/api/v1/timelines/home",
    "/api/v1/timelines/public",
    "/api/v1/timelines/tag/tea",
    "/api/v1/timelines/list/1",
    "/api/v1/lists",
    "/api/v1/filters",
    "/api/v2/filters",
    "/api/v1/announcements",
    "/api/v1/custom_emojis",
    "/api/v1/followed_tags",
    "/api/v1/trends/tags",
    "/api/v2/suggestions",
    "/api/v1/instance/peers",
    "/api/v1/notifications",
    "/api/v1/notifications/requests",
    "/api/v1/follow_requests",
    "/api/v1/blocks",
    "/api/v1/mutes",
)


def nobody(client: Client) -> Client:
    return Client(client.node, client.api, "")


async def test_the_instance_has_every_key_that_a_client_reads(al: Client):
    told = await nobody(al).get("/api/v2/instance")

    assert told.status == 200
    assert told.body["domain"] == "alpha.test"
    assert told.body["version"].startswith("4.3.0 (compatible; Covey ")
    assert told.body["configuration"]["urls"]["streaming"] == "wss://alpha.test"
    assert told.body["configuration"]["statuses"]["max_characters"] == 5000
    for key, below in NEEDED.items():
        assert set(below) <= set(told.body[key])


async def test_the_first_version_of_the_instance_says_the_same(al: Client):
    told = await nobody(al).get("/api/v1/instance")
    newer = await nobody(al).get("/api/v2/instance")

    assert told.body["uri"] == "alpha.test"
    assert told.body["urls"] == {"streaming_api": "wss://alpha.test"}
    assert told.body["stats"]["user_count"] == 1
    for part in ("statuses", "media_attachments", "polls"):
        assert told.body["configuration"][part] == newer.body["configuration"][part]


async def test_one_s_own_account_has_every_key(al: Client):
    told = await al.get("/api/v1/accounts/verify_credentials")

    assert told.status == 200
    assert told.body["username"] == told.body["acct"] == "al"
    assert told.body["id"].isdigit()
    assert len(told.body["id"]) == 18
    assert told.body["avatar"].startswith("https://alpha.test/")
    assert told.body["source"]["privacy"] == "direct"
    assert told.body["role"]["permissions"] == "0"
    again = await al.get("/api/v1/accounts/verify_credentials/")
    assert again.body == told.body


async def test_the_picture_of_who_has_none_is_there(al: Client):
    told = await al.get("/api/v1/accounts/verify_credentials")

    picture = await al.ask("HEAD", told.body["avatar"].removeprefix("https://alpha.test"))

    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize("path", EMPTY)
async def test_what_there_is_not_is_an_empty_list(al: Client, path: str):
    told = await al.get(path)

    assert (told.status, told.body) == (200, [])
    assert "Link" not in told.headers


async def test_posts_are_for_those_they_name_unless_said_otherwise(al: Client):
    told = await al.get("/api/v1/preferences")

    assert told.body["posting:default:visibility"] == "direct"


async def test_what_is_wrong_is_said_in_mastodon_s_words(al: Client):
    narrow = await al.with_scopes("write:statuses")
    path = "/api/v1/accounts/verify_credentials"

    anonymous, outside = await nobody(al).get(path), await narrow.get(path)
    unknown = await Client(al.node, al.api, "wrong").get(path)

    assert (anonymous.status, anonymous.error) == (401, "The access token is invalid")
    assert (unknown.status, unknown.error) == (401, "The access token is invalid")
    assert (outside.status, outside.error) == (403, "This action is outside the authorized scopes")
    assert (await (await al.with_scopes("profile")).get(path)).status == 200


async def test_every_page_may_call_and_none_with_a_cookie(al: Client):
    origin = {"Origin": "https://elsewhere.test"}

    asked = await nobody(al).ask("OPTIONS", "/api/v1/preferences", headers=origin)
    told = await al.ask("GET", "/api/v1/preferences", headers=origin)
    refused = await nobody(al).ask("GET", "/api/v1/preferences", headers=origin)

    assert asked.status == 204
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    for one in (asked, told, refused):
        assert one.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in one.headers
    assert "Link" in told.headers["Access-Control-Expose-Headers"]


async def test_at_first_there_are_no_notifications_in_either_version(al: Client):
    grouped = await al.get("/api/v2/notifications")
    counts = [await al.get(f"/api/{each}/notifications/unread_count") for each in ("v1", "v2")]
    marks = await al.get("/api/v1/markers?timeline[]=home&timeline[]=notifications")

    assert grouped.body == {"accounts": [], "statuses": [], "notification_groups": []}
    assert [each.body for each in counts] == [{"count": 0}] * 2
    assert marks.body == {}


@pytest.mark.parametrize(
    ("writers", "policy"), [("anyone", "accept"), ("requests", "filter"), ("contacts", "drop")]
)
async def test_the_policy_says_who_may_write(al: Client, writers: str, policy: str):
    await al.api.must("PATCH", "/me", {"writers": writers})

    told = await al.get("/api/v2/notifications/policy")

    assert told.body["for_private_mentions"] == policy
    assert told.body["summary"]["pending_requests_count"] == 0

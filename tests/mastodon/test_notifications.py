"""Notifications as clients of Mastodon's API list, count, mark and put them away."""

import pytest

from tests.mastodon.client import Client, Told, client_of
from tests.support.network import Network

PATH = "/api/v1/notifications"
GROUPED = "/api/v2/notifications"


async def bo_of(al: Client) -> Client:
    return await client_of(al.node, "bo")


async def talk(network: Network, al: Client, bo: Client, *texts: str) -> str:
    """Al says some things to Bo in a group; answers its id."""
    room = await al.api.start_conversation("tea", bo.api.acct)
    await bo.api.accept(room)
    for text in texts:
        network.advance(seconds=1)
        await al.api.say(room, text)
    return str((await al.api.see(room))["id"])


def texts_of(told: Told) -> list[str]:
    return [one["status"]["content"] for one in told.body]


async def test_a_message_is_a_mention(network: Network, al: Client):
    bo = await bo_of(al)
    await talk(network, al, bo, "hello")

    (one,) = (await bo.get(PATH)).body

    assert (one["type"], one["account"]["acct"]) == ("mention", "al")
    assert one["status"]["visibility"] == "direct"
    assert one["status"]["content"] == "<p>hello</p>"
    assert one["group_key"] == f"ungrouped-{one['id']}"
    assert 1_000_000_000 < int(one["id"]) < 2**53
    assert (await bo.get(f"{PATH}/{one['id']}")).body == one
    assert (await al.get(PATH)).body == []


async def test_pages_go_by_number(network: Network, al: Client):
    bo = await bo_of(al)
    await talk(network, al, bo, "1", "2", "3", "4")

    first = await bo.get(PATH, limit="2")
    ids = [one["id"] for one in first.body]
    second = await bo.get(PATH, limit="2", max_id=ids[-1])
    newer = await bo.get(PATH, limit="1", min_id=second.body[-1]["id"])
    since = await bo.get(PATH, since_id=second.body[0]["id"])

    assert texts_of(first) == ["<p>4</p>", "<p>3</p>"]
    assert texts_of(second) == ["<p>2</p>", "<p>1</p>"]
    assert texts_of(newer) == ["<p>2</p>"]
    assert texts_of(since) == ["<p>4</p>", "<p>3</p>"]
    assert f"max_id={ids[-1]}" in first.headers["Link"]
    assert 'rel="next"' not in second.headers["Link"]
    assert "Link" not in (await bo.get(PATH, max_id="1")).headers


async def test_a_reaction_is_a_favourite_and_a_follow_a_follow(network: Network, al: Client):
    bo = await bo_of(al)
    await talk(network, al, bo, "hello")
    (heard,) = (await bo.get(PATH)).body
    network.advance(seconds=1)
    await bo.post(f"/api/v1/statuses/{heard['status']['id']}/favourite")
    network.advance(seconds=1)
    await bo.post(f"/api/v1/accounts/{heard['account']['id']}/follow")

    follow, favourite = (await al.get(PATH)).body

    assert (follow["type"], follow["account"]["acct"], follow["status"]) == ("follow", "bo", None)
    assert (favourite["type"], favourite["status"]["content"]) == ("favourite", "<p>hello</p>")
    await bo.post(f"/api/v1/statuses/{heard['status']['id']}/unfavourite")
    assert [one["type"] for one in (await al.get(PATH)).body] == ["follow"]


async def test_some_kinds_alone(network: Network, al: Client):
    bo = await bo_of(al)
    await talk(network, al, bo, "hello")
    mine = (await al.get("/api/v1/accounts/verify_credentials")).body["id"]
    other = (await bo.get("/api/v1/accounts/verify_credentials")).body["id"]

    for query, count in (
        ({"types[]": "mention"}, 1),
        ({"types[]": "follow"}, 0),
        ({"types[]": "severed_relationships"}, 0),
        ({"exclude_types[]": "mention"}, 0),
        ({"exclude_types[]": "poll"}, 1),
        ({"account_id": mine}, 1),
        ({"account_id": other}, 0),
        ({"account_id": "x"}, 0),
    ):
        assert len((await bo.get(PATH, **query)).body) == count, query
    many = await bo.ask("GET", f"{PATH}?types[]=mention&types[]=quote")
    assert len(many.body) == 1


async def test_whom_one_hears_quietly_is_not_told(network: Network, al: Client):
    bo = await bo_of(al)
    await talk(network, al, bo, "hello")
    (one,) = (await bo.get(PATH)).body

    await bo.post(f"/api/v1/accounts/{one['account']['id']}/mute")
    assert (await bo.get(PATH)).body == []
    await bo.post(f"/api/v1/accounts/{one['account']['id']}/unmute")
    await bo.post(f"/api/v1/accounts/{one['account']['id']}/block")

    assert (await bo.get(PATH)).body == []
    assert (await bo.get(f"{PATH}/{one['id']}")).status == 404


async def test_a_muted_conversation_is_not_told(network: Network, al: Client):
    bo = await bo_of(al)
    room = await talk(network, al, bo, "hello")

    await bo.api.must("POST", f"/conversations/{room}/mute", {})

    assert (await bo.get(PATH)).body == []


async def test_one_is_put_away_and_then_all(network: Network, al: Client):
    bo = await bo_of(al)
    await talk(network, al, bo, "1", "2", "3")
    _, second, _ = (await bo.get(PATH)).body

    dismissed = await bo.post(f"{PATH}/{second['id']}/dismiss")
    left = await bo.get(PATH)
    cleared = await bo.post(f"{PATH}/clear")

    assert (dismissed.status, dismissed.body) == (200, {})
    assert texts_of(left) == ["<p>3</p>", "<p>1</p>"]
    assert (cleared.status, cleared.body) == (200, {})
    assert (await bo.get(PATH)).body == []
    assert (await bo.post(f"{PATH}/{second['id']}/dismiss")).status == 404
    # What comes later is told.
    network.advance(seconds=1)
    await al.post("/api/v1/statuses", status="@bo 4")
    assert len((await bo.get(PATH)).body) == 1


async def test_each_is_a_group_of_its_own(network: Network, al: Client):
    bo = await bo_of(al)
    await talk(network, al, bo, "1", "2")
    flat = (await bo.get(PATH)).body

    told = (await bo.get(GROUPED)).body

    assert [one["username"] for one in told["accounts"]] == ["al"]
    assert [one["content"] for one in told["statuses"]] == ["<p>2</p>", "<p>1</p>"]
    first, _ = told["notification_groups"]
    assert first["most_recent_notification_id"] == int(flat[0]["id"])
    assert first["sample_account_ids"] == [flat[0]["account"]["id"]]
    assert first["status_id"] == flat[0]["status"]["id"]
    one = await bo.get(f"{GROUPED}/{first['group_key']}")
    assert one.body["notification_groups"] == [first]
    people = await bo.get(f"{GROUPED}/{first['group_key']}/accounts")
    assert [each["acct"] for each in people.body] == ["al"]
    await bo.post(f"{GROUPED}/{first['group_key']}/dismiss")
    assert len((await bo.get(GROUPED)).body["notification_groups"]) == 1


async def test_what_is_new_is_counted_behind_the_mark(network: Network, al: Client):
    bo = await bo_of(al)
    await talk(network, al, bo, "1", "2", "3")
    ids = [one["id"] for one in (await bo.get(PATH)).body]

    before = await bo.get(f"{PATH}/unread_count")
    moved = await bo.post("/api/v1/markers", notifications={"last_read_id": ids[1]})
    again = await bo.form("POST", "/api/v1/markers", [("home[last_read_id]", ids[0])])

    assert before.body == {"count": 3}
    assert (await bo.get(f"{PATH}/unread_count")).body == {"count": 1}
    assert (await bo.get(f"{GROUPED}/unread_count")).body == {"count": 1}
    assert moved.body["notifications"]["last_read_id"] == ids[1]
    assert set(again.body) == {"home"}
    both = await bo.ask("GET", "/api/v1/markers?timeline[]=home&timeline[]=notifications")
    assert set(both.body) == {"home", "notifications"}
    later = await bo.post("/api/v1/markers", notifications={"last_read_id": ids[0]})
    assert later.body["notifications"]["version"] == moved.body["notifications"]["version"] + 1
    # Nobody else's.
    assert (await al.ask("GET", "/api/v1/markers?timeline[]=home")).body == {}


@pytest.mark.parametrize("place", ["x", "-1", "9" * 400])
async def test_a_mark_is_an_id(al: Client, place: str):
    told = await al.post("/api/v1/markers", home={"last_read_id": place})

    assert (told.status, told.error) == (422, "Validation failed: last_read_id is no id")
    assert (await al.ask("GET", "/api/v1/markers?timeline[]=home")).body == {}


async def test_another_s_notification_is_not_there(network: Network, al: Client):
    bo = await bo_of(al)
    await talk(network, al, bo, "hello")
    (one,) = (await bo.get(PATH)).body

    for number in (one["id"], "1", "x", "9" * 400, str(2**53)):
        for told in (
            await al.get(f"{PATH}/{number}"),
            await al.post(f"{PATH}/{number}/dismiss"),
            await al.get(f"{GROUPED}/ungrouped-{number}"),
            await al.post(f"{GROUPED}/ungrouped-{number}/dismiss"),
            await al.get(f"{GROUPED}/{number}"),
        ):
            assert (told.status, told.error) == (404, "Record not found"), number
    assert len((await bo.get(PATH)).body) == 1


async def test_who_waits_to_follow_is_let_or_not(network: Network, al: Client):
    bo, gi = await bo_of(al), await client_of(al.node, "gi")
    await al.api.must("PATCH", "/me", {"approves_followers": True})
    mine = (await al.get("/api/v1/accounts/verify_credentials")).body["id"]
    for one in (bo, gi):
        network.advance(seconds=1)
        await one.post(f"/api/v1/accounts/{mine}/follow")

    told = (await al.get(PATH)).body
    waiting = (await al.get("/api/v1/follow_requests")).body
    yes = await al.post(f"/api/v1/follow_requests/{waiting[1]['id']}/authorize")
    no = await al.post(f"/api/v1/follow_requests/{waiting[0]['id']}/reject")

    assert [one["type"] for one in told] == ["follow_request", "follow_request"]
    assert [one["acct"] for one in waiting] == ["gi", "bo"]
    assert (yes.body["followed_by"], no.body["followed_by"]) == (True, False)
    assert (await al.get("/api/v1/follow_requests")).body == []
    left = (await al.get(PATH)).body
    assert [(one["type"], one["account"]["acct"]) for one in left] == [("follow", "bo")]
    again = await al.post(f"/api/v1/follow_requests/{waiting[0]['id']}/reject")
    assert again.status == 404


async def test_a_stranger_is_a_request_and_no_notification(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = await client_of(alpha, "al"), await client_of(beta, "bo")
    await al.post("/api/v1/statuses", status="@bo@beta.test hello <b>you</b> https://x.test")
    await network.settle()

    (asked,) = (await bo.get(f"{PATH}/requests")).body
    policy = (await bo.get(f"{GROUPED}/policy")).body

    assert (await bo.get(PATH)).body == []
    assert asked["account"]["acct"] == "al@alpha.test"
    assert asked["notifications_count"] == "1"
    said = "hello &lt;b&gt;you&lt;/b&gt; https://x.test"
    assert asked["last_status"]["content"] == f"<p>@bo@beta.test {said}</p>"
    assert asked["last_status"]["media_attachments"] == []
    assert policy["summary"] == {"pending_requests_count": 1, "pending_notifications_count": 1}
    assert (await bo.get(f"{PATH}/requests/{asked['id']}")).body == asked
    accepted = await bo.post(f"{PATH}/requests/{asked['id']}/accept")
    assert (accepted.status, accepted.body) == (200, {})
    assert (await bo.get(f"{PATH}/requests")).body == []
    assert (await bo.get(f"{PATH}/requests/merged")).body == {"merged": True}
    assert [one["type"] for one in (await bo.get(PATH)).body] == ["mention"]
    assert (await bo.post(f"{PATH}/requests/{asked['id']}/accept")).status == 404


async def test_an_invitation_says_no_name_and_is_declined(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = await client_of(alpha, "al"), await client_of(beta, "bo")
    room = await al.api.start_conversation("secret tea", bo.api.acct)
    await al.api.say(room, "hush")
    await network.settle()

    (asked,) = (await bo.get(f"{PATH}/requests")).body
    theirs = await al.post(f"{PATH}/requests/{asked['id']}/accept")
    declined = await bo.post(f"{PATH}/requests/dismiss", id=[asked["id"]])

    said = asked["last_status"]["content"]
    assert said == "<p>invites you to a group of 1 people at alpha.test</p>"
    assert "tea" not in str(asked)
    assert asked["account"]["avatar"].startswith("https://beta.test/")
    assert theirs.status == 404
    assert (declined.status, declined.body) == (200, {})
    assert (await bo.get(f"{PATH}/requests")).body == []


async def test_of_several_requests_all_are_there_or_none_is_answered(al: Client):
    bo = await bo_of(al)
    await al.api.start_conversation("tea", bo.api.acct)
    (asked,) = (await bo.get(f"{PATH}/requests")).body

    told = await bo.post(f"{PATH}/requests/accept", id=[asked["id"], "1"])

    assert told.status == 404
    assert len((await bo.get(f"{PATH}/requests")).body) == 1


async def test_the_policy_is_chosen(al: Client):
    told = await al.ask("PATCH", f"{GROUPED}/policy", json={"for_private_mentions": "drop"})
    wrong = await al.ask("PATCH", f"{GROUPED}/policy", json={"for_private_mentions": "x"})

    assert told.body["for_private_mentions"] == "drop"
    assert wrong.status == 422
    assert (await al.api.must("GET", "/me"))["writers"] == "contacts"


async def test_a_token_without_the_scope_is_told_nothing(al: Client):
    narrow = await al.with_scopes("read:statuses", "write:statuses")

    for method, path in (
        ("GET", PATH),
        ("POST", f"{PATH}/clear"),
        ("GET", f"{PATH}/requests"),
        ("GET", GROUPED),
        ("PATCH", f"{GROUPED}/policy"),
        ("POST", "/api/v1/follow_requests/1/authorize"),
    ):
        assert (await narrow.ask(method, path)).status == 403, path

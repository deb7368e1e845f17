"""An app subscribes to push by Mastodon's API.

What it is sent is tried in tests/covey_api/test_push.py.
"""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from tests.mastodon.client import Client
from tests.support.push_device import in_url, point_of

PATH = "/api/v1/push/subscription"
POINT = in_url(point_of(generate_private_key(SECP256R1())))
KEYS = {"p256dh": POINT, "auth": in_url(b"sixteen bytes..!")}
ENDPOINT = "https://push.test/for/al"
KINDS = {"follow", "favourite", "reblog", "mention", "poll", "status", "follow_request", "update"}


async def pushed(al: Client) -> Client:
    """The same person with an app that may push."""
    return await al.with_scopes("read", "write", "push")


async def test_a_subscription_is_made_seen_changed_and_ended(al: Client):
    app = await pushed(al)
    wish = {"endpoint": ENDPOINT, "keys": KEYS, "standard": True}

    made = await app.post(PATH, subscription=wish, data={"alerts": {"mention": True}})
    seen = await app.get(PATH)
    changed = await app.form(
        "PUT",
        PATH,
        [("data[alerts][follow]", "1"), ("data[alerts][mention]", "0"), ("data[policy]", "none")],
    )
    instance = (await app.get("/api/v2/instance")).body
    ended = await app.ask("DELETE", PATH)

    assert made.status == 200
    assert set(made.body["alerts"]) == KINDS
    assert made.body["alerts"] == {name: name == "mention" for name in KINDS}
    assert isinstance(made.body["id"], int)
    assert (made.body["endpoint"], made.body["standard"]) == (ENDPOINT, True)
    assert made.body["policy"] == "all"
    assert made.body["server_key"] == instance["configuration"]["vapid"]["public_key"]
    assert seen.body == made.body
    assert changed.body["alerts"] == {name: name == "follow" for name in KINDS}
    assert changed.body["policy"] == "none"
    assert (ended.status, ended.body) == (200, {})
    assert (await app.get(PATH)).status == 404
    assert (await app.ask("DELETE", PATH)).body == {}


async def test_a_newer_one_takes_its_place(al: Client):
    app = await pushed(al)
    for number in (1, 2):
        fields = [
            ("subscription[endpoint]", f"{ENDPOINT}/{number}"),
            ("subscription[keys][p256dh]", KEYS["p256dh"]),
            ("subscription[keys][auth]", KEYS["auth"]),
            ("data[alerts][mention]", "true"),
        ]
        assert (await app.form("POST", PATH, fields)).status == 200

    told = await app.get(PATH)

    assert (told.body["endpoint"], told.body["standard"]) == (f"{ENDPOINT}/2", False)
    assert (await (await pushed(al)).get(PATH)).status == 404


@pytest.mark.parametrize(
    ("endpoint", "keys", "policy"),
    [
        ("", KEYS, "all"),
        ("http://push.test/x", KEYS, "all"),
        ("https://127.0.0.1/x", KEYS, "all"),
        (ENDPOINT, KEYS | {"p256dh": "x"}, "all"),
        (ENDPOINT, {}, "all"),
        (ENDPOINT, KEYS, "everybody"),
    ],
)
async def test_what_is_no_subscription_is_refused(
    al: Client, endpoint: str, keys: dict[str, str], policy: str
):
    app = await pushed(al)

    told = await app.post(
        PATH, subscription={"endpoint": endpoint, "keys": keys}, data={"policy": policy}
    )

    assert told.status == 422
    assert told.error.startswith("Validation failed: ")
    assert (await app.get(PATH)).status == 404


async def test_it_takes_the_scope_push(al: Client):
    narrow = await al.with_scopes("read", "write")

    for method in ("GET", "POST", "PUT", "DELETE"):
        assert (await narrow.ask(method, PATH)).status == 403

"""Browsers are told of messages by a push service that cannot read them, and of nothing else."""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio

from federation.commands.push import AppWish, Subscriber, Wanted, subscribe
from federation.protocol.verdict import Allowed
from federation.queries.notifications import of_message
from federation.transport.client import Client
from node.entropy import Entropy
from node.identity.fingerprint import fingerprint
from node.web_push.app_tokens import AppTokens
from node.web_push.pusher import RETRY_AFTER, Pusher
from node.web_push.saying import RETRY_MAX
from node.web_push.vapid import Vapid
from storage import accounts, push_subscriptions, sessions, tokens
from storage.database import fetch, transaction
from tests.support.api_node import SECRET, SPACE, START, ApiNode, Clock, Person
from tests.support.push_device import SERVICE, Device, from_url, in_url, is_signed_by
from tests.support.tls_peer import Authority, TlsPeer, authority, peer, settings_for

CHANCE = Entropy(lambda: START)
SECRET_WORDS = "meet me at the harbour"
VAPID = Vapid(SECRET, SPACE.base_url)
TOKENS = AppTokens(SECRET)


@dataclass(slots=True)
class Desk:
    """ana subscribes on this device, bo writes to her."""

    node: ApiNode
    pusher: Pusher
    device: Device
    room: str

    async def work(self, *, later: timedelta = timedelta()) -> None:
        """Time passes, and all that is due has been sent."""
        clock = self.node.mint.clock
        assert isinstance(clock, Clock)
        clock.at += later
        while await self.pusher.read_once(clock()):
            pass
        while await self.pusher.run_once(clock()):
            pass


@pytest.fixture(scope="module")
def issuer() -> Iterator[Authority]:
    with authority() as one:
        yield one


@pytest_asyncio.fixture
async def service(issuer: Authority) -> AsyncIterator[TlsPeer]:
    async with peer(issuer, SERVICE) as server:
        yield server


@pytest_asyncio.fixture
async def pusher(node: ApiNode, issuer: Authority, service: TlsPeer) -> AsyncIterator[Pusher]:
    async with Client(settings_for(issuer, service)) as client:
        one = Pusher(client, VAPID, TOKENS, node.mint.clock, CHANCE)
        await one.read_once(START)
        yield one


@pytest_asyncio.fixture
async def desk(node: ApiNode, pusher: Pusher, service: TlsPeer, ana: Person, bo: Person) -> Desk:
    room = await bo.start_group(ana, title="Book circle")
    assert (await ana.post(f"/conversations/{room}/accept")).status == 202
    return Desk(node, pusher, Device(service), room)


async def test_the_key_of_the_node_is_told_and_stays(ana: Person, bo: Person) -> None:
    first, again = await ana.get("/push"), await bo.get("/push")

    assert first.body == again.body
    assert first.body["subscription"] is None
    assert len(from_url(first.body["public_key"])) == 65


async def test_the_key_lies_in_the_database_sealed(ana: Person) -> None:
    await ana.get("/push")

    (row,) = await fetch("SELECT value FROM setting WHERE key = 'push.key'")

    sealed = base64.b64decode(row["value"])
    assert sealed[:1] == b"\x01"
    assert b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01" not in sealed


async def test_a_message_is_told_without_its_words(desk: Desk, ana: Person, bo: Person) -> None:
    made = await ana.post("/push/subscriptions", **desk.device.wish())
    said = await bo.say(desk.room, SECRET_WORDS)

    await desk.work()

    assert made.status == 201
    assert made.body["show_text"] is False
    assert desk.device.told() == [
        {
            "type": "message",
            "conversation": desk.room,
            "message": said["id"],
            "title": "Book circle",
            "author": "Bo",
            "text": None,
        }
    ]


async def test_who_wants_the_words_gets_them(desk: Desk, ana: Person, bo: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish(show_text=True))
    await bo.say(desk.room, SECRET_WORDS)

    await desk.work()

    assert [one["text"] for one in desk.device.told()] == [SECRET_WORDS]


async def test_the_older_encoding_is_spoken_too(desk: Desk, ana: Person, bo: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish(standard=False))
    await bo.say(desk.room, SECRET_WORDS)

    await desk.work()

    (request,) = desk.device.asked
    assert request.headers["Content-Encoding"] == "aesgcm"
    assert request.headers["Authorization"].startswith("WebPush ")
    assert "p256ecdsa=" in request.headers["Crypto-Key"]
    assert [one["author"] for one in desk.device.told()] == ["Bo"]


async def test_the_service_learns_who_sends_and_no_word_of_what(
    desk: Desk, ana: Person, bo: Person
) -> None:
    key = (await ana.get("/push")).body["public_key"]
    await ana.post("/push/subscriptions", **desk.device.wish(show_text=True))
    await bo.say(desk.room, SECRET_WORDS)

    await desk.work()

    (request,) = desk.device.asked
    authorization = request.headers["Authorization"]
    claims = json.loads(from_url(authorization.split(".")[1]))
    token = authorization.removeprefix("vapid t=").removesuffix(f",k={key}")
    assert is_signed_by(token, key)
    assert (claims["aud"], claims["sub"]) == (f"https://{SERVICE}", SPACE.base_url)
    assert START.timestamp() < claims["exp"] < (START + timedelta(hours=24)).timestamp()
    assert request.headers["TTL"] == "172800"
    told = str(dict(request.headers)) + repr(desk.device.service.bodies)
    for word in (SECRET_WORDS, "Book circle", "harbour", desk.room, 'Bo"'):
        assert word not in told


async def test_a_newer_message_takes_the_place_of_an_older_one(
    desk: Desk, ana: Person, bo: Person
) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish(show_text=True))
    for text in ("one", "two", "three"):
        await bo.say(desk.room, text)

    await desk.work()
    await bo.say(desk.room, "four")
    await desk.work()

    assert [one["text"] for one in desk.device.told()] == ["three", "four"]
    assert len({one.headers["Topic"] for one in desk.device.asked}) == 1


async def test_nobody_is_told_of_what_they_wrote_or_have_read(
    desk: Desk, ana: Person, bo: Person
) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    said = await bo.say(desk.room, "Good evening")
    await ana.post(f"/conversations/{desk.room}/read", up_to=said["id"])
    await ana.say(desk.room, "Hello")

    await desk.work()

    assert desk.device.told() == []


async def test_what_is_read_elsewhere_is_taken_back(desk: Desk, ana: Person, bo: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    said = await bo.say(desk.room, "Good evening")
    await desk.work()

    await ana.post(f"/conversations/{desk.room}/read", up_to=said["id"])
    await desk.work()
    await ana.post(f"/conversations/{desk.room}/read", up_to=said["id"])
    await desk.work()

    assert [one["type"] for one in desk.device.told()] == ["message", "read"]
    assert desk.device.told()[1]["conversation"] == desk.room


@pytest.mark.parametrize(
    ("mute", "text"),
    [
        ({}, "Good evening"),
        ({}, "@ana@beta.test or @anabel or mail@ana"),
        ({"mentions": True}, "@ana good evening"),
        ({"until": "2026-09-03T13:00:00.000Z"}, "Good evening"),
    ],
)
async def test_what_is_muted_makes_no_noise(
    desk: Desk, ana: Person, bo: Person, mute: dict[str, object], text: str
) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    await ana.post(f"/conversations/{desk.room}/mute", **mute)
    await bo.say(desk.room, text)

    await desk.work()

    assert desk.device.told() == []


@pytest.mark.parametrize("text", ["@ana, good evening", "So says @Ana@alpha.test."])
async def test_a_name_passes_a_mute(desk: Desk, ana: Person, bo: Person, text: str) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    await ana.post(f"/conversations/{desk.room}/mute")
    await bo.say(desk.room, text)

    await desk.work()

    assert len(desk.device.told()) == 1


async def test_an_answer_passes_a_mute(desk: Desk, ana: Person, bo: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    await ana.post(f"/conversations/{desk.room}/mute")
    asked = await ana.say(desk.room, "Where?")
    await bo.post(f"/conversations/{desk.room}/messages", text="Here", reply_to=asked["id"])

    await desk.work()

    assert len(desk.device.told()) == 1


async def test_a_mute_that_has_ended_is_none(desk: Desk, ana: Person, bo: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    await ana.post(f"/conversations/{desk.room}/mute", until="2026-09-03T13:00:00.000Z")
    await bo.say(desk.room, "Good evening")

    await desk.work(later=timedelta(hours=2))

    assert len(desk.device.told()) == 1


async def test_nobody_is_told_of_whom_they_have_blocked(
    desk: Desk, ana: Person, bo: Person
) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    await ana.post("/blocks", acct=bo.acct)
    await bo.say(desk.room, "Good evening")

    await desk.work()

    assert desk.device.told() == []


async def test_nobody_is_told_of_whom_they_have_muted(desk: Desk, ana: Person, bo: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    await ana.post("/mutes", acct=bo.acct)
    await bo.say(desk.room, f"@{ana.acct} good evening")

    await desk.work()

    assert desk.device.told() == []


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ({"quiet_from": "11:00", "quiet_to": "13:00"}, 0),
        ({"quiet_from": "13:00", "quiet_to": "11:00"}, 1),
        ({"quiet_from": "13:00", "quiet_to": "15:00", "zone": "Europe/Berlin"}, 0),
        ({"quiet_from": "11:00", "quiet_to": "13:00", "zone": "Europe/Berlin"}, 1),
    ],
)
async def test_nobody_is_told_of_anything_in_their_quiet_hours(
    desk: Desk, ana: Person, bo: Person, hours: dict[str, object], told: int
) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    assert (await ana.call("PATCH", "/me", hours)).status == 200
    await bo.say(desk.room, f"@{ana.acct} good evening")

    await desk.work()

    assert len(desk.device.told()) == told


@pytest.mark.parametrize(
    "hours",
    [
        {"quiet_from": "25:00", "quiet_to": "7:00"},
        {"quiet_from": "22:00"},
        {"zone": "Moon/Crater"},
    ],
)
async def test_what_are_no_hours_changes_nothing(ana: Person, hours: dict[str, object]) -> None:
    before = (await ana.get("/me")).body

    assert (await ana.call("PATCH", "/me", hours)).status == 422
    assert (await ana.get("/me")).body == before


async def test_quiet_hours_are_kept_and_ended(ana: Person) -> None:
    hours = {"quiet_from": "22:00", "quiet_to": "7:00", "zone": "Asia/Tokyo"}
    kept = (await ana.call("PATCH", "/me", hours)).body
    ended = (await ana.call("PATCH", "/me", {"quiet_from": "", "quiet_to": ""})).body

    assert (kept["quiet_from"], kept["quiet_to"]) == ("22:00", "07:00")
    assert (ended["quiet_from"], ended["quiet_to"], ended["zone"]) == (None, None, "Asia/Tokyo")


async def test_nobody_is_told_of_requests(desk: Desk, ana: Person, cy: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    made = await cy.post("/conversations", kind="direct", members=[ana.acct], text="Hello")
    await cy.say(made.body["id"], "Are you there?")
    await cy.start_group(ana, title="Come in", text="Hello")

    await desk.work()

    assert await ana.state_of(made.body["id"]) == "requested"
    assert desk.device.told() == []


async def test_another_persons_device_is_told_nothing(
    desk: Desk, ana: Person, cy: Person, bo: Person
) -> None:
    stranger = Device(desk.device.service, "/for/cy")
    await ana.post("/push/subscriptions", **desk.device.wish())
    await cy.post("/push/subscriptions", **stranger.wish())
    await bo.say(desk.room, "Good evening")

    await desk.work()

    assert (len(desk.device.told()), stranger.asked) == (1, [])


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_is_gone_is_forgotten(
    desk: Desk, ana: Person, bo: Person, status: int
) -> None:
    desk.device.status = status
    await ana.post("/push/subscriptions", **desk.device.wish())
    await bo.say(desk.room, "Good evening")

    await desk.work()
    await bo.say(desk.room, "Still there?")
    await desk.work()

    assert len(desk.device.asked) == 1
    assert (await ana.get("/push")).body["subscription"] is None


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_service_in_trouble_is_tried_three_times(
    desk: Desk, ana: Person, bo: Person, status: int
) -> None:
    desk.device.status = status
    await ana.post("/push/subscriptions", **desk.device.wish())
    await bo.say(desk.room, "Good evening")

    await desk.work()
    tried = [len(desk.device.asked)]
    for wait in (RETRY_AFTER[0], *RETRY_AFTER, timedelta(days=1)):
        await desk.work(later=wait)
        tried.append(len(desk.device.asked))

    assert tried == [1, 2, 2, 3, 3]
    assert (await ana.get("/push")).body["subscription"] is not None


async def test_a_service_says_how_long_to_wait_within_reason(
    desk: Desk, ana: Person, bo: Person
) -> None:
    desk.device.status, desk.device.retry_after = 429, "86400"
    await ana.post("/push/subscriptions", **desk.device.wish())
    await bo.say(desk.room, "Good evening")
    await desk.work()

    await desk.work(later=RETRY_AFTER[0])
    early = len(desk.device.asked)
    await desk.work(later=RETRY_MAX + timedelta(seconds=1))

    assert (early, len(desk.device.asked)) == (1, 2)


async def test_a_refused_push_is_given_up(desk: Desk, ana: Person, bo: Person) -> None:
    desk.device.status = 400
    await ana.post("/push/subscriptions", **desk.device.wish())
    await bo.say(desk.room, "Good evening")

    await desk.work()
    await desk.work(later=timedelta(days=1))

    assert len(desk.device.asked) == 1


async def test_nothing_is_told_once_the_token_is_gone(desk: Desk, ana: Person, bo: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    await bo.say(desk.room, "Good evening")
    await tokens.end_tokens_of("ana")

    await desk.work()
    removed = await push_subscriptions.reap()

    assert desk.device.asked == []
    assert removed == 1


async def test_a_try_that_waits_does_not_outlive_its_token(
    desk: Desk, ana: Person, bo: Person
) -> None:
    desk.device.status = 503
    await ana.post("/push/subscriptions", **desk.device.wish())
    await bo.say(desk.room, "Good evening")
    await desk.work()

    await tokens.end_tokens_of("ana")
    await desk.work(later=timedelta(minutes=5))

    assert len(desk.device.asked) == 1


async def test_a_suspended_account_is_told_nothing(desk: Desk, ana: Person, bo: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    await bo.say(desk.room, "Good evening")
    async with transaction():
        await accounts.set_state("ana", "suspended")

    await desk.work()

    assert desk.device.asked == []


async def test_a_service_that_never_answers_holds_up_nobody_else(
    desk: Desk, ana: Person, bo: Person, cy: Person
) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())
    for number in range(5):
        token = await desk.node.token("ana", "push")
        other = Device(desk.device.service, f"/slow/{number}")
        held = Person("ana", token, ana.client)
        await held.post("/push/subscriptions", **other.wish())
    await bo.say(desk.room, "Good evening")
    await desk.pusher.read_once(desk.node.mint.clock())

    await desk.pusher.run_once(desk.node.mint.clock())

    assert len(desk.device.service.requests) == 2


async def test_a_token_and_a_browser_have_one_subscription(desk: Desk, ana: Person) -> None:
    other = Device(desk.device.service, "/other")
    await ana.post("/push/subscriptions", **desk.device.wish())
    await ana.post("/push/subscriptions", **other.wish())
    again = Person("ana", await desk.node.token("ana", "push"), ana.client)

    await again.post("/push/subscriptions", **other.wish(show_text=True))

    rows = await fetch("SELECT endpoint, shows_text FROM push_subscription")
    assert [(row["endpoint"], bool(row["shows_text"])) for row in rows] == [
        (f"https://{SERVICE}/other", True)
    ]


async def test_who_wants_no_more_is_told_no_more(desk: Desk, ana: Person, bo: Person) -> None:
    await ana.post("/push/subscriptions", **desk.device.wish())

    ended = await ana.call("DELETE", "/push/subscriptions")
    await bo.say(desk.room, "Good evening")
    await desk.work()

    assert ended.status == 204
    assert desk.device.asked == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.test/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://push.test:8443/x",
        "https://user@push.test/x",
        "https://alpha.test/inbox",
        "ftp://push.test/x",
        "https://push.test/" + "x" * 3000,
        "",
    ],
)
async def test_only_a_push_service_may_be_named(ana: Person, service: TlsPeer, endpoint: str):
    refused = await ana.post("/push/subscriptions", **Device(service).wish(endpoint=endpoint))

    assert refused.status == 422
    assert (await ana.get("/push")).body["subscription"] is None


@pytest.mark.parametrize(
    "keys",
    [
        {},
        None,
        {"p256dh": "x", "auth": "y"},
        {"p256dh": in_url(b"\x04" + b"\x01" * 64), "auth": in_url(b"0" * 16)},
        {"p256dh": 1, "auth": None},
        {"p256dh": "ü", "auth": "ü"},
    ],
)
async def test_keys_that_seal_nothing_are_refused(ana: Person, service: TlsPeer, keys: object):
    refused = await ana.post("/push/subscriptions", **Device(service).wish(keys=keys))

    assert refused.status == 422
    assert (await ana.get("/push")).body["subscription"] is None


async def test_a_private_address_behind_a_name_is_not_dialled(
    node: ApiNode, issuer: Authority, service: TlsPeer, desk: Desk, ana: Person, bo: Person
) -> None:
    settings = settings_for(issuer, service)
    strict = type(settings)(user_agent="test", ca_file=issuer.file, hosts=settings.hosts)
    await ana.post("/push/subscriptions", **desk.device.wish())
    async with Client(strict) as client:
        desk.pusher = Pusher(client, VAPID, TOKENS, node.mint.clock, CHANCE)
        await desk.pusher.read_once(START)
        await bo.say(desk.room, "Good evening")

        await desk.work()

    assert desk.device.asked == []
    assert (await ana.get("/push")).body["subscription"] is None


async def test_it_takes_the_scope_push(node: ApiNode, ana: Person) -> None:
    reader = Person("ana", await node.token("ana", "read", "write"), ana.client)

    assert (await reader.get("/push")).status == 403
    assert (await reader.post("/push/subscriptions")).status == 403
    assert (await reader.call("DELETE", "/push/subscriptions")).status == 403


async def test_a_session_takes_its_subscription_along(desk: Desk, ana: Person, bo: Person) -> None:
    await sessions.add_session(
        sessions.NewSession("f" * 64, "ana", "c", "", "", START, START + timedelta(days=90)),
        at_most=5,
    )
    wish = desk.device.wish()
    await push_subscriptions.put(
        push_subscriptions.NewSubscription(
            credential="f" * 64,
            account="ana",
            person=ana.uri,
            endpoint=wish["endpoint"],
            p256dh=wish["keys"]["p256dh"],
            auth=wish["keys"]["auth"],
            standard=True,
            shows_text=False,
        ),
        START,
    )
    await bo.say(desk.room, "Good evening")
    await desk.work()

    await sessions.end_session("f" * 64)
    await bo.say(desk.room, "Good night")
    await desk.work()

    assert len(desk.device.asked) == 1


async def subscribe_app(desk: Desk, ana: Person, wish: AppWish, *, standard: bool = False) -> None:
    """Let an app of Mastodon's API be told at ana's device."""
    device = desk.device.wish()
    keys = device["keys"]
    wanted = Wanted(
        endpoint=device["endpoint"],
        p256dh=keys["p256dh"],
        auth=keys["auth"],
        standard=standard,
        shows_text=True,
        app=wish,
    )
    who = Subscriber("ana", ana.uri, fingerprint(ana.token))
    made = await subscribe(who, wanted, own_origin=SPACE.base_url, now=START)
    assert made == Allowed()


def wish_of(ana: Person, *alerts: str, policy: str = "all") -> AppWish:
    return AppWish(alerts, policy, TOKENS.sealed(ana.token, fingerprint(ana.token)))


@pytest.mark.parametrize("standard", [True, False])
async def test_an_app_of_mastodon_s_api_is_told_in_its_words(
    desk: Desk, ana: Person, bo: Person, *, standard: bool
) -> None:
    await subscribe_app(desk, ana, wish_of(ana, "mention", "follow"), standard=standard)
    said = await bo.say(desk.room, SECRET_WORDS)

    await desk.work()

    (request,) = desk.device.asked
    assert request.headers["Content-Encoding"] == ("aes128gcm" if standard else "aesgcm")
    assert desk.device.told() == [
        {
            "access_token": ana.token,
            "preferred_locale": "en",
            "notification_id": of_message(said["id"], bo.uri).number,
            "notification_type": "mention",
            "icon": "",
            "title": "Bo",
            "body": SECRET_WORDS,
        }
    ]
    (row,) = await fetch("SELECT token FROM push_subscription")
    assert ana.token not in row["token"]


@pytest.mark.parametrize(
    ("alert", "policy", "follows", "count"),
    [
        ("follow", "all", "", 0),
        ("mention", "none", "", 0),
        ("mention", "followed", "", 0),
        ("mention", "followed", "ana", 1),
        ("mention", "follower", "ana", 0),
        ("mention", "follower", "bo", 1),
    ],
)
# A table of four columns, and three who take part.
async def test_an_app_is_told_of_what_it_asks_for(  # noqa: PLR0913, PLR0917
    desk: Desk, ana: Person, bo: Person, alert: str, policy: str, follows: str, count: int
) -> None:
    for person, other in ((ana, bo), (bo, ana)):
        if person.name == follows:
            assert (await person.post("/follows", acct=other.acct)).status == 201
    await subscribe_app(desk, ana, wish_of(ana, alert, policy=policy))
    await bo.say(desk.room, "Good evening")

    await desk.work()

    assert len(desk.device.asked) == count


async def test_an_app_is_not_told_that_all_is_read(desk: Desk, ana: Person, bo: Person) -> None:
    await subscribe_app(desk, ana, wish_of(ana, "mention"))
    said = await bo.say(desk.room, "Good evening")
    await desk.work()

    await ana.post(f"/conversations/{desk.room}/read", up_to=said["id"])
    await desk.work()

    assert len(desk.device.asked) == 1

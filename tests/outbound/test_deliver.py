"""A real worker sends real requests to a real server, and the queue says what became of them."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.outbound import deliver
from federation.outbound.deliver import DeliveryWorker, Means
from federation.outbound.outcome import Fault, HostTrouble, Reason
from federation.policy.domains import NO_RULES, Rules
from federation.policy.refusal import REFUSED
from federation.protocol.keys import load_spki, spki_of
from federation.protocol.signature import cavage, verify
from federation.protocol.signature.parsed import ParsedSignature, Request, SignatureFailure
from federation.protocol.signature.scheme import claims_in
from federation.protocol.signature.sign import Scheme, SigningKey
from federation.protocol.signature.verify import Verified
from federation.remote.schemes import Schemes
from federation.transport.client import Client, ClientSettings
from storage import database
from storage.delivery_queue import Lane, Take, Turn, turn
from storage.errors import StorageUnavailable
from tests.support.owed import (
    ALICE,
    BOB,
    NOW,
    SECOND,
    lane_due_at,
    opened,
    owe,
    person,
    sqlite_url,
    states,
    take,
)
from tests.support.signing import ed25519_key, rsa_key
from tests.support.tls_peer import Authority, TlsPeer, authority, peer, settings_for

HOUR = timedelta(hours=1)
DOWN = "down.example"
NOBODY_LISTENS = ("127.0.0.1", 1)
AWAY = StorageUnavailable("away")


@dataclass(slots=True)
class Keys:
    """Whose keys are at hand, unless reading one breaks."""

    known: dict[str, RSAPrivateKey] = field(default_factory=lambda: {ALICE: rsa_key()})
    breaks: Exception | None = None

    async def for_requests(self, actor_uri: str, scheme: Scheme) -> SigningKey | None:
        if self.breaks is not None:
            raise self.breaks
        rsa = self.known.get(actor_uri)
        if rsa is None:
            return None
        if scheme is Scheme.RFC_9421_ED25519:
            return SigningKey(scheme, f"{actor_uri}#ed25519-key", ed25519_key())
        return SigningKey(scheme, f"{actor_uri}#main-key", rsa)

    async def renewed(self, document: str) -> str:
        return document


@dataclass(slots=True)
class Moves:
    """Fetching an actor anew finds the inbox named here."""

    inboxes: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    away: set[str] = field(default_factory=set)

    async def is_away(self, actor_uri: str) -> bool:
        return actor_uri in self.away

    async def refresh(self, actor_uri: str) -> None:
        self.asked.append(actor_uri)
        inbox = self.inboxes.get(actor_uri)
        if inbox:
            await database.run("UPDATE actor SET inbox = $2 WHERE uri = $1", actor_uri, inbox)


@dataclass
class Scene:
    """A worker, the server it sends to, and what can be set about both."""

    server: TlsPeer
    keys: Keys = field(default_factory=Keys)
    moves: Moves = field(default_factory=Moves)
    forbidden: list[str] = field(default_factory=list)
    has_rules: bool = True
    now: datetime = NOW
    means: Means | None = None
    worker: DeliveryWorker | None = None

    def __post_init__(self) -> None:
        self.schemes = Schemes(lambda: self.now)

    def restart(self) -> None:
        """A process that remembers nothing but what is in the database."""
        assert self.means is not None
        self.schemes = Schemes(lambda: self.now)
        self.worker = DeliveryWorker(replace(self.means, schemes=self.schemes))

    def answers(
        self, *statuses: int, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> None:
        """Bob's inbox answers these in turn, and the last one ever after."""
        waiting = list(statuses)

        async def answer(_: web.Request) -> web.Response:
            status = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return web.Response(status=status, headers=headers, body=body)

        self.server.routes["/u/bob/inbox"] = answer

    async def report(self, conversation_id: str) -> None:
        """Told of a conversation that was forbidden."""
        if self.keys.breaks is not None:
            raise self.keys.breaks
        self.forbidden.append(conversation_id)

    def rules(self) -> Rules:
        """What the operator keeps out, unless it cannot be read."""
        if not self.has_rules:
            raise AWAY
        return NO_RULES

    async def run(self) -> bool:
        """Serve one lane."""
        assert self.worker is not None
        return await self.worker.run_once(self.now)

    async def row(self, row_id: str) -> tuple[str, str, int, int]:
        """A row's state, reason, last status and seconds until it is due."""
        (row,) = await database.fetch("SELECT * FROM delivery WHERE id = $1", row_id)
        waits_s = row["due_at"] / 1000 - self.now.timestamp()
        return row["state"], row["reason"], row["last_status"], round(waits_s)


async def alone(item: Take | Turn) -> Lane | None:
    (lane,) = await turn([item])
    return lane


@pytest.fixture(scope="module")
def issuer() -> Iterator[Authority]:
    with authority() as made:
        yield made


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table, to be copied."""

    async def make() -> None:
        async with opened(sqlite_url(folder)):
            pass

    folder = tmp_path_factory.mktemp("empty")
    asyncio.run(make())
    return folder / "queue.db"


@pytest_asyncio.fixture
async def scene(tmp_path: Path, empty: Path, issuer: Authority) -> AsyncIterator[Scene]:
    shutil.copy(empty, tmp_path)
    async with (
        database.opened(sqlite_url(tmp_path)),
        peer(issuer, BOB) as server,
        Client(_reaching(issuer, server)) as client,
    ):
        made = Scene(server)
        made.means = Means(
            client=client,
            keyring=made.keys,
            directory=made.moves,
            turn=alone,
            clock=lambda: made.now,
            chance=lambda: 1.0,
            new_token=_tokens(),
            on_forbidden=made.report,
            schemes=made.schemes,
            rules=made.rules,
        )
        made.restart()
        await person("bob")
        made.answers(202)
        yield made


def _reaching(issuer: Authority, server: TlsPeer) -> ClientSettings:
    settings = settings_for(issuer, server)
    return replace(settings, hosts={**settings.hosts, DOWN: NOBODY_LISTENS})


def _tokens() -> Callable[[], str]:
    numbers = iter(range(1000))
    return lambda: f"token {next(numbers)}"


# ---------------------------------------------------------------- what is sent


async def test_a_row_arrives_signed_by_its_actor_with_its_exact_bytes(scene: Scene):
    await owe("1")

    was_work = await scene.run()

    (request,), (body,) = scene.server.requests, scene.server.bodies
    signed = Request("POST", request.path_qs, tuple(request.headers.items()), body)
    parsed = cavage.parse(signed)
    assert was_work
    assert request.headers["Content-Type"] == "application/activity+json"
    assert isinstance(parsed, ParsedSignature)
    assert parsed.key_id == f"{ALICE}#main-key"
    key = load_spki(spki_of(rsa_key().public_key()), key_id=parsed.key_id, owner=ALICE)
    assert isinstance(verify.verify(parsed, signed, key), Verified)
    assert await states() == {"1": "delivered"}


@dataclass
class Inbox:
    """Takes what is signed in one scheme by alice's keys, and answers 401 to all else."""

    scheme: Scheme
    knocks: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        signed = Request(
            "POST", request.path_qs, tuple(request.headers.items()), await request.read()
        )
        claims = claims_in(signed)
        assert not isinstance(claims, SignatureFailure)
        (claim,) = claims
        scheme = _scheme_of(claim)
        self.knocks.append(scheme.value)
        private = ed25519_key() if scheme is Scheme.RFC_9421_ED25519 else rsa_key()
        key = load_spki(spki_of(private.public_key()), key_id=claim.key_id, owner=ALICE)
        is_good = isinstance(verify.verify(claim, signed, key), Verified)
        return web.Response(status=202 if is_good and scheme is self.scheme else 401)


def _scheme_of(claim: ParsedSignature) -> Scheme:
    if claim.parameters is None:
        return Scheme.CAVAGE
    is_ed25519 = claim.key_id == f"{ALICE}#ed25519-key"
    return Scheme.RFC_9421_ED25519 if is_ed25519 else Scheme.RFC_9421


async def knocked(scene: Scene, inbox: Inbox, *rows: str) -> list[str]:
    """In which schemes the inbox was asked while these rows were delivered, one after another."""
    scene.server.routes["/u/bob/inbox"] = inbox.answer
    inbox.knocks.clear()
    for row in rows:
        await owe(row)
        await scene.run()
    assert {state for row, state in (await states()).items() if row in rows} == {"delivered"}
    return inbox.knocks


async def test_a_host_is_asked_in_the_older_scheme_first_and_in_the_other_after_a_401(
    scene: Scene,
):
    assert await knocked(scene, Inbox(Scheme.CAVAGE), "1") == ["cavage"]
    assert await knocked(scene, Inbox(Scheme.RFC_9421), "2", "3") == [
        *("cavage", "rfc9421"),
        "rfc9421",
    ]
    assert await knocked(scene, Inbox(Scheme.CAVAGE), "4", "5") == [
        *("rfc9421", "cavage"),
        "cavage",
    ]


async def test_what_was_found_out_about_a_host_outlives_the_process(scene: Scene):
    await knocked(scene, Inbox(Scheme.RFC_9421), "1")
    scene.restart()

    assert await knocked(scene, Inbox(Scheme.RFC_9421), "2") == ["rfc9421"]


async def test_a_host_that_advertises_it_is_asked_with_ed25519_at_once(scene: Scene):
    await scene.schemes.advertised(BOB, Scheme.RFC_9421_ED25519)

    assert await knocked(scene, Inbox(Scheme.RFC_9421_ED25519), "1") == ["rfc9421-ed25519"]


async def test_a_host_that_no_longer_takes_what_it_advertises_is_asked_in_the_older_scheme(
    scene: Scene,
):
    await scene.schemes.advertised(BOB, Scheme.RFC_9421_ED25519)

    assert await knocked(scene, Inbox(Scheme.CAVAGE), "1", "2") == [
        *("rfc9421-ed25519", "cavage"),
        "cavage",
    ]


async def test_a_host_that_takes_neither_changes_nothing_and_the_row_waits(scene: Scene):
    await scene.schemes.advertised(BOB, Scheme.RFC_9421_ED25519)
    scene.answers(401)
    await owe("1")

    await scene.run()

    assert await scene.row("1") == ("pending", Reason.SIGNATURE.value, 401, 3600)
    assert len(scene.server.requests) == 2
    assert await scene.schemes.of(BOB) is Scheme.RFC_9421_ED25519


@pytest.mark.parametrize(
    ("second", "state"), [(404, "pending"), (403, "refused"), (503, "pending"), (202, "delivered")]
)
async def test_the_second_answer_decides_and_only_a_success_is_remembered(
    scene: Scene, second: int, state: str
):
    scene.answers(401, second)
    await owe("1")

    await scene.run()

    assert (await scene.row("1"))[::2] == (state, second)
    expected = Scheme.RFC_9421 if second == 202 else Scheme.CAVAGE
    assert await scene.schemes.of(BOB) is expected


async def test_without_a_due_lane_there_is_no_work(scene: Scene):
    assert not await scene.run()


async def test_rows_of_a_conversation_arrive_in_the_order_in_which_they_were_made(scene: Scene):
    for row_id in ("3", "1", "2"):
        await owe(row_id, conversation_id="c")

    await scene.run()

    sent = [_number(body) for body in scene.server.bodies]
    assert sent == ["1", "2", "3"]


def _number(body: bytes) -> str:
    return body.split(b'"id":"')[1].split(b'"')[0].rsplit(b"/", 1)[1].decode()


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (204, ("delivered", "", 204, 0)),
        (400, ("pending", Reason.NOT_ACCEPTED.value, 400, 3600)),
        (401, ("pending", Reason.SIGNATURE.value, 401, 3600)),
        (403, ("refused", Reason.FORBIDDEN.value, 403, 0)),
        (404, ("pending", Reason.NOT_FOUND.value, 404, 3600)),
        (302, ("pending", Reason.MOVED.value, 302, 3600)),
        (410, ("refused", Reason.GONE.value, 410, 0)),
        (418, ("pending", Reason.CLIENT_ERROR.value, 418, 10)),
        (500, ("pending", Reason.SERVER_ERROR.value, 500, 10)),
        (503, ("pending", "", 503, 0)),
    ],
)
async def test_an_answer_settles_its_row(
    scene: Scene, status: int, expected: tuple[str, str, int, int]
):
    scene.answers(status)
    await owe("1", conversation_id="c")

    await scene.run()

    assert await scene.row("1") == expected
    assert len(scene.server.requests) == (2 if status == 401 else 1)


async def test_a_judgement_about_a_row_lets_the_conversation_go_on(scene: Scene):
    scene.answers(422, 202)
    await owe("1", conversation_id="c", object_uri="note")
    await owe("2", conversation_id="c", object_uri="other")

    await scene.run()

    assert await states() == {"1": "pending", "2": "delivered"}


async def test_the_second_refusal_of_a_row_ends_it(scene: Scene):
    scene.answers(422)
    await owe("1")
    await scene.run()
    scene.now += HOUR

    await scene.run()

    assert (await scene.row("1"))[0] == "refused"


async def test_a_forbidden_conversation_is_reported(scene: Scene):
    scene.answers(403)
    await owe("1", conversation_id="c")

    await scene.run()

    assert scene.forbidden == ["c"]


def refusal(**said: object) -> bytes:
    """What a server answers that exchanges nothing with ours."""
    return json.dumps(
        {"type": REFUSED, "title": "Refused by policy", "status": 403} | said
    ).encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            refusal(category="harassment", detail="Ask <b>us</b>\u202e first.\n"),
            f"{BOB} does not exchange messages with our server. Reason: Ask us first. (harassment)",
        ),
        (refusal(), f"{BOB} does not exchange messages with our server."),
        (
            refusal(category=["a"], detail={"b": 1}),
            f"{BOB} does not exchange messages with our server.",
        ),
        (refusal(detail="x" * 5000), Reason.FORBIDDEN.value),
        (
            refusal(category="spam") + b" " * (8 << 20),
            f"{BOB} does not exchange messages with our server. Reason: spam",
        ),
        (b"[" * (8 << 20), Reason.FORBIDDEN.value),
        (b"\x00\xff<html>", Reason.FORBIDDEN.value),
        (b"", Reason.FORBIDDEN.value),
    ],
)
async def test_why_another_server_refuses_is_kept_with_the_row(
    scene: Scene, body: bytes, reason: str
):
    scene.answers(403, body=body)
    await owe("1", conversation_id="c")

    await scene.run()

    assert await scene.row("1") == ("refused", reason, 403, 0)
    assert scene.forbidden == ["c"]


@pytest.mark.parametrize("status", [202, 404, 503])
async def test_no_other_answer_is_read_as_a_refusal(scene: Scene, status: int):
    scene.answers(status, body=refusal(category="spam"))
    await owe("1")

    await scene.run()

    assert "spam" not in (await scene.row("1"))[1]


async def test_a_busy_host_stops_its_lane_for_as_long_as_it_asks(scene: Scene):
    scene.answers(503, headers={"Retry-After": "120"})
    await owe("1", conversation_id="c")
    await owe("2", conversation_id="d")

    await scene.run()

    assert await states() == {"1": "pending", "2": "pending"}
    assert await lane_due_at() == NOW + 120 * SECOND


async def test_two_rows_with_server_errors_stop_the_lane(scene: Scene):
    scene.answers(500)
    for row_id in ("1", "2", "3"):
        await owe(row_id, conversation_id=row_id)

    await scene.run()

    assert len(scene.server.requests) == 2
    assert await lane_due_at() == NOW + 10 * SECOND


async def test_a_server_error_is_remembered_until_the_next_row(scene: Scene):
    scene.answers(500)
    await owe("1", conversation_id="1")
    await scene.run()
    await owe("2", conversation_id="2", at=NOW + SECOND)
    scene.now += SECOND

    await scene.run()

    assert await lane_due_at() == scene.now + 10 * SECOND
    assert len(scene.server.requests) == 2


async def test_an_address_that_may_not_be_dialled_stops_the_lane(scene: Scene):
    await database.run("UPDATE actor SET inbox = 'https://10.0.0.1/inbox'")
    await owe("1")

    await scene.run()

    (lane,) = await database.fetch("SELECT last_error FROM peer")
    assert lane["last_error"] == HostTrouble.NOT_DIALLED.value
    assert await states() == {"1": "pending"}


async def test_a_refused_document_without_a_time_is_tried_again_in_an_hour(scene: Scene):
    scene.answers(400)
    await owe("1")
    await database.run("UPDATE activity SET document = '{}'")

    await scene.run()

    assert await scene.row("1") == ("pending", Reason.NOT_ACCEPTED.value, 400, 3600)


async def test_an_unreachable_host_waits_on_the_ladder(scene: Scene):
    await person("bob", DOWN)
    await owe("1", host=DOWN)

    await scene.run()
    first = await lane_due_at(DOWN)
    scene.now += 10 * SECOND
    await scene.run()

    assert first == NOW + 10 * SECOND
    assert await lane_due_at(DOWN) == scene.now + 30 * SECOND
    (lane,) = await database.fetch("SELECT last_error FROM peer WHERE host = $1", DOWN)
    assert lane["last_error"] == HostTrouble.UNREACHABLE.value


async def test_after_its_probe_succeeds_a_lane_delivers_everything(scene: Scene):
    scene.answers(503, 202)
    for row_id in ("1", "2", "3"):
        await owe(row_id, conversation_id="c", aware=True)
    await scene.run()
    scene.now += 10 * SECOND

    await scene.run()

    assert set((await states()).values()) == {"delivered"}
    assert await lane_due_at() is None


# ---------------------------------------------------------------- inboxes


async def test_a_moved_inbox_is_found_and_used_at_once(scene: Scene):
    bob = f"https://{BOB}/u/bob"
    scene.answers(404)
    scene.server.serve("/new", b"", status=202)
    scene.moves.inboxes[bob] = f"https://{BOB}/new"
    await owe("1")

    await scene.run()

    assert scene.server.paths() == ["/u/bob/inbox", "/new"]
    assert await states() == {"1": "delivered"}


async def test_a_gone_shared_inbox_is_looked_up_before_the_row_ends(scene: Scene):
    ann = await person("ann", shared_inbox=f"https://{BOB}/inbox")
    scene.server.serve("/inbox", b"", status=410)
    await owe("1", target="shared", recipients=f'["{ann}"]')

    await scene.run()

    assert scene.moves.asked == [ann]
    assert (await scene.row("1"))[:2] == ("refused", Reason.GONE.value)


async def test_recipients_whose_shared_inbox_is_gone_get_it_at_their_own(scene: Scene):
    people = [f"https://{BOB}/u/bob", await person("ann")]
    scene.server.serve("/u/ann/inbox", b"", status=202)
    await owe("1", target="shared", recipients=f'["{people[0]}","{people[1]}"]')

    await scene.run()

    assert sorted(scene.server.paths()) == ["/u/ann/inbox", "/u/bob/inbox"]
    assert await states() == {"1": "delivered"}


async def test_a_lane_with_many_slow_inboxes_stays_its_holders(scene: Scene):
    people = [await person(f"p{number}") for number in range(9)]
    taken: list[Lane | None] = []

    async def slowly(_: web.Request) -> web.Response:
        scene.now += 9 * SECOND
        taken.append(await take("other", at=scene.now))
        return web.Response(status=202)

    for number in range(9):
        scene.server.routes[f"/u/p{number}/inbox"] = slowly
    await owe("1", target="shared", recipients=json.dumps(people))

    await scene.run()

    assert taken == [None] * 9
    assert await states() == {"1": "delivered"}


async def test_a_lane_is_held_up_while_its_host_says_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    is_asked, may_answer = asyncio.Event(), asyncio.Event()

    async def hold(_: web.Request) -> web.Response:
        is_asked.set()
        await may_answer.wait()
        return web.Response(status=202)

    scene.server.routes["/u/bob/inbox"] = hold
    await owe("1")
    await person("eve", DOWN)
    await owe("2", host=DOWN)
    assert scene.means is not None
    # As of lanes that are taken together.
    scene.worker = DeliveryWorker(replace(scene.means, new_token=lambda: "token"))
    serving = asyncio.create_task(scene.run())
    await asyncio.wait_for(is_asked.wait(), 10)
    await scene.run()

    monkeypatch.setattr(deliver, "HELD_UP_AFTER_S", 3600.0)
    at_once = scene.worker.count_held_up()
    monkeypatch.setattr(deliver, "HELD_UP_AFTER_S", 0.0)
    later = scene.worker.count_held_up()
    may_answer.set()
    await serving

    assert (at_once, later, scene.worker.count_held_up()) == (0, 1, 0)
    assert await states() == {"1": "delivered", "2": "pending"}


# ---------------------------------------------------------------- what cannot be sent


async def test_a_row_without_a_key_is_parked_after_three_tries_and_blocks_nothing(scene: Scene):
    scene.keys.known.clear()
    await owe("1", conversation_id="c", object_uri="note")

    for seconds in (0, 10, 30):
        scene.now += seconds * SECOND
        await scene.run()

    assert (await scene.row("1"))[:2] == ("parked", Fault.NO_KEY.value)
    scene.keys.known[ALICE] = rsa_key()
    await owe("2", conversation_id="c", object_uri="note", at=scene.now)
    await scene.run()
    assert await states() == {"1": "parked", "2": "delivered"}


async def test_a_row_for_somebody_unknown_is_looked_up_and_set_aside(scene: Scene):
    nobody = f"https://{BOB}/u/nobody"
    await owe("1", target=nobody)

    await scene.run()

    assert scene.moves.asked == [nobody]
    assert await scene.row("1") == ("pending", Fault.NO_INBOX.value, 0, 10)


async def test_a_row_for_somebody_whose_node_was_never_reached_keeps_waiting(scene: Scene):
    nobody = f"https://{BOB}/u/nobody"
    scene.moves.away.add(nobody)
    await owe("1", target=nobody)

    await scene.run()

    (lane,) = await database.fetch("SELECT * FROM peer")
    assert await states() == {"1": "pending"}
    assert lane["last_error"] == HostTrouble.UNREACHABLE.value


async def test_a_row_whose_bytes_are_lost_is_set_aside(scene: Scene):
    await owe("1")
    await database.run("DELETE FROM activity")

    await scene.run()

    assert await scene.row("1") == ("pending", Fault.NO_BODY.value, 0, 10)


async def test_a_failure_inside_sets_the_row_aside_and_not_the_lane(scene: Scene):
    scene.keys.breaks = LookupError(ALICE)
    await owe("1")

    await scene.run()

    assert await scene.row("1") == ("pending", Fault.FAILED.value, 0, 10)
    assert await lane_due_at() == NOW + 10 * SECOND


# ---------------------------------------------------------------- the database is away


async def whole_row(row_id: str) -> dict[str, object]:
    """All that is kept of a row but which requests of it have begun."""
    (row,) = await database.fetch("SELECT * FROM delivery WHERE id = $1", row_id)
    return {key: row[key] for key in dict(row) if key not in {"attempts", "claim"}}


async def test_while_the_rules_cannot_be_read_no_row_is_taken(scene: Scene):
    await owe("1")
    scene.has_rules = False

    with pytest.raises(StorageUnavailable):
        await scene.run()

    (row,) = await database.fetch("SELECT state, attempts FROM delivery")
    assert (row["state"], row["attempts"]) == ("pending", 0)
    assert scene.server.requests == []
    scene.has_rules = True
    await scene.run()
    assert await states() == {"1": "delivered"}


async def test_rules_that_are_lost_between_two_rows_cost_the_second_no_try(scene: Scene):
    async def lost(_: web.Request) -> web.Response:
        scene.has_rules = False
        return web.Response(status=202)

    for row_id in "12":
        await owe(row_id, conversation_id="c")
    before = await whole_row("2")
    scene.server.routes["/u/bob/inbox"] = lost

    with pytest.raises(StorageUnavailable):
        await scene.run()

    assert await states() == {"1": "delivered", "2": "pending"}
    assert await whole_row("2") == before
    scene.has_rules = True
    await scene.run()
    assert await states() == {"1": "delivered", "2": "delivered"}


async def test_a_database_that_is_away_however_often_costs_a_row_no_try(scene: Scene):
    await owe("1")
    before = await whole_row("1")
    scene.keys.breaks = AWAY

    for _ in range(5):
        with pytest.raises(StorageUnavailable):
            await scene.run()
        assert await whole_row("1") == before

    scene.keys.breaks = None
    await scene.run()
    assert await states() == {"1": "delivered"}


async def test_a_refusal_that_cannot_be_followed_up_is_asked_for_again(scene: Scene):
    async def forbidden(_: web.Request) -> web.Response:
        scene.keys.breaks = AWAY
        return web.Response(status=403)

    await owe("1", conversation_id="c")
    scene.server.routes["/u/bob/inbox"] = forbidden

    with pytest.raises(StorageUnavailable):
        await scene.run()

    assert await states() == {"1": "pending"}
    scene.keys.breaks = None
    scene.answers(403)
    await scene.run()
    assert await states() == {"1": "refused"}
    assert scene.forbidden == ["c"]


# ---------------------------------------------------------------- taking turns


async def test_a_lane_gives_way_after_fifty_rows_when_others_wait(scene: Scene):
    for number in range(52):
        await owe(f"{number:02}", conversation_id="c", aware=True)
    await owe("other", host=DOWN)

    await scene.run()

    assert len(scene.server.requests) == 50


async def test_a_lane_goes_on_when_nobody_else_waits(scene: Scene):
    for number in range(52):
        await owe(f"{number:02}", conversation_id="c", aware=True)

    await scene.run()

    assert len(scene.server.requests) == 52

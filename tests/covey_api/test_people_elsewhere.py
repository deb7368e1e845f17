"""People on another server: asked for, invited, written to, with that server away."""

import pytest

from federation.commands.desk import Made, submit
from federation.commands.people import _person, find_fault
from federation.pipeline.item import StartDirect
from federation.protocol.verdict import Refused
from federation.queries.warnings import fit_of
from federation.remote.objects import Away, NotThere, Unusable
from storage.actors import RemoteProfile, find_actor, put_remote_actor, set_actor_state
from storage.software import put
from tests.support.api_node import ApiNode, Person

DAN = "https://beta.test/u/dan"


async def _met(node: ApiNode, *, aware: bool) -> None:
    """Dan of beta.test is known here from before."""
    profile = RemoteProfile(
        uri=DAN,
        host="beta.test",
        kind="person",
        type="Person",
        username="dan",
        domain="beta.test",
        name="Dan",
        inbox=f"{DAN}/inbox",
        shared_inbox="https://beta.test/inbox",
        followers="",
        outbox="",
        aware=aware,
        document="{}",
    )
    await put_remote_actor(profile, node.mint.clock())


@pytest.mark.parametrize(
    ("found", "status"),
    [(NotThere(is_gone=False), 404), (Unusable("no"), 502), (Away("no"), 503)],
)
def test_why_somebody_is_not_found_is_told_apart(
    found: NotThere | Unusable | Away, status: int
) -> None:
    refused = _person("dan@beta.test", found)

    assert isinstance(refused, Refused)
    assert refused.status == status
    assert "dan@beta.test" in refused.reason


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/people/resolve", {"acct": "dan@beta.test"}),
        ("/follows", {"acct": "dan@beta.test"}),
        ("/conversations", {"kind": "group", "members": ["dan@beta.test"]}),
        ("/conversations", {"kind": "direct", "members": ["dan@beta.test"]}),
    ],
)
async def test_a_server_that_cannot_be_asked_is_a_problem_and_makes_nothing(
    ana: Person, path: str, body: dict[str, object]
) -> None:
    answer = await ana.call("POST", path, body)

    assert answer.status in {502, 503}
    assert "dan@beta.test" in answer.body["detail"]
    assert (await ana.get("/conversations")).items == []


async def test_who_is_suspended_is_nobody(node: ApiNode) -> None:
    await _met(node, aware=True)
    await set_actor_state(DAN, "suspended")
    actor = await find_actor(DAN)
    assert actor is not None

    refused = _person("dan@beta.test", actor)

    assert isinstance(refused, Refused)
    assert refused.status == 404


@pytest.mark.parametrize(
    ("software", "reason"),
    [("lemmy", "Dan's software can't join groups."), ("mastodon", ""), ("", "")],
)
async def test_who_uses_single_recipient_software_cannot_be_asked_into_a_group(
    node: ApiNode, software: str, reason: str
) -> None:
    await _met(node, aware=False)
    dan = await find_actor(DAN)
    assert dan is not None
    await put("beta.test", software, node.mint.clock())

    refused = await find_fault(node.desk, [dan])

    assert (refused.reason if refused else "").startswith(reason)
    assert (refused is None) is not bool(reason)


async def test_who_has_become_aware_is_asked_nothing_of_their_software(node: ApiNode) -> None:
    await _met(node, aware=False)
    dan = await find_actor(DAN)
    assert dan is not None
    await put("beta.test", "lemmy", node.mint.clock())
    await _met(node, aware=True)

    assert await find_fault(node.desk, [dan]) is None


@pytest.mark.parametrize("aware", [True, False])
async def test_a_message_to_another_server_says_for_whom_it_waits(
    node: ApiNode, ana: Person, *, aware: bool
) -> None:
    await _met(node, aware=aware)
    opened = await submit(node.desk, StartDirect(ana.uri, (DAN,)))
    assert isinstance(opened, Made)

    said = await ana.say(opened.resource, "hello")
    own = await ana.get(f"/messages/{said['id']}/delivery")

    (row,) = said["delivery"]
    assert (row["host"], row["state"], row["reason"]) == ("beta.test", "waiting", "")
    assert row["members"] == ["dan@beta.test"]
    assert own.items == [row]
    shown = (await ana.get(f"/conversations/{opened.resource}")).body
    assert {one["acct"]: one["aware"] for one in shown["members"]}["dan@beta.test"] is aware
    assert shown["last_message"]["delivery"] == [row]


async def test_who_shares_a_conversation_or_is_followed_is_found_by_name(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    await _met(node, aware=True)

    async def found(person: Person) -> list[str]:
        return [one["acct"] for one in (await person.get("/people", q="da")).items]

    strangers = [await found(ana), await found(bo)]
    await submit(node.desk, StartDirect(ana.uri, (DAN,)))

    assert strangers == [[], []]
    assert await found(ana) == ["dan@beta.test"]
    assert await found(bo) == [], "who talks with whom is nobody else's business"


@pytest.mark.parametrize(
    ("name", "takes", "kinds"),
    [
        ("mastodon", (False, None), ["unaware", "accepts-senders"]),
        ("sharkey", (False, 20), ["unaware"]),
        ("lemmy", (True, None), ["unaware"]),
        ("", (False, 20), ["unaware", "unknown-software"]),
    ],
)
async def test_how_somebodys_software_takes_part_is_told(
    node: ApiNode, name: str, takes: tuple[bool, int | None], kinds: list[str]
) -> None:
    await _met(node, aware=False)
    dan = await find_actor(DAN)
    assert dan is not None

    view = fit_of(dan, name)

    assert (view.is_aware, view.takes_one, view.people_max) == (False, *takes)
    assert [each.kind for each in view.warnings] == kinds


async def test_who_is_looked_up_with_check_is_said_to_take_part(ana: Person, bo: Person) -> None:
    plain = await ana.post("/people/resolve", acct=bo.acct)
    checked = await ana.post("/people/resolve", acct=bo.acct, check=True)

    assert plain.body.keys() == {"acct", "uri", "name"}
    assert checked.body.items() >= plain.body.items()
    assert (checked.body["aware"], checked.body["software"]) == (True, "covey")
    assert (checked.body["takes_one"], checked.body["warnings"]) == (False, [])

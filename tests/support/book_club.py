"""The book club of groups-protocol.md 4.2: seven epochs whose hashes that page prints."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from federation.groups import chain
from federation.groups.chain import StateChange
from federation.groups.description import Description
from federation.groups.state import GroupState
from federation.protocol.build import state_change
from federation.protocol.build.keys import ActorKeys
from federation.protocol.parse import parse_activity
from federation.protocol.timestamps import parse_time

GROUP = "https://home.example/c/01K4B0"
ALICE = "https://home.example/u/alice"
BOB = "https://bob.example/u/bob"
CAROL = "https://masto.example/users/carol"
DAVE = "https://gts.example/users/dave"
NAME = "Book club ☕"
ICON = "https://media.home.example/cap/9f3c/icon.png"
SETTINGS = {"history": "invited", "invite": "moderator", "relay": True}
AT = parse_time("2026-09-01T09:00:00.000Z")
KEYS = ActorKeys(
    (f"{GROUP}#main-key", "-----BEGIN PUBLIC KEY-----..."), ((f"{GROUP}#ed25519-key", "z6Mk..."),)
)

HASHES = (
    "zQmW46EPKzXZEyuiK6R2vSfPKa9yo8tByGHq1HCNJ5meakB",
    "zQmY35ionDXL6WvPzL7HKmjFPbxaFXzhGViw8prfqe2bU3b",
    "zQmZMYoRgWFj3ntFhGkFcooAvq3WUXW79Gjs2DpizdiDndm",
    "zQmYfru7Gs42oGGaAZXGwGc6zavAe3c4ewxD9TERL9qwycU",
    "zQmbPdmLG6ZuAGbWNrAFRwq6k9MaTKuHyviq1Eo4qaCPVbJ",
    "zQmNPTuWR3JHEL7f6RgkdvPLfp5KLBih5fyN46wG82AyXSE",
    "zQmQfV9GjDx3irJU674np28CK8rFdEV4xcYU433CK4Pbxa2",
)


def states() -> tuple[GroupState, ...]:
    """The seven states, epoch 1 first."""
    one = chain.first_state(GROUP, name=NAME, icon=ICON, settings=SETTINGS, founder=ALICE)
    two = chain.with_role(one, BOB, "member")
    three = chain.with_role(two, BOB, "moderator")
    four = chain.with_role(three, CAROL, "member")
    five = chain.with_role(four, DAVE, "member")
    six = chain.described(five, Description("Book club II ☕", ICON, SETTINGS, (BOB,), None))
    return one, two, three, four, five, six, chain.without(six, DAVE)


def documents() -> tuple[dict[str, Any], ...]:
    """The seven state changes as home builds them; the Update as the actor document has it."""
    one, two, three, four, five, six, seven = (state.to_json() for state in states())
    bare: dict[str, Any] = {"basis": (), "published": AT}
    gone = state_change.Removed(DAVE, "member", {})
    added = ((two, BOB), (three, BOB), (four, CAROL), (five, DAVE))
    return (
        state_change.create(one, change_id=_id(1), published=AT),
        *(
            state_change.add(state, subject=subject, change_id=_id(state["epoch"]), **bare)
            for state, subject in added
        ),
        update(six),
        state_change.remove(seven, removed=gone, change_id=_id(7), **bare),
    )


def update(state: dict[str, Any]) -> dict[str, Any]:
    """An Update to a state, as another node's home sends it."""
    frame = state_change.delete(state, change_id=_id(state["epoch"]), basis=(), published=AT)
    group = {"id": GROUP, "type": "Group", **state_change.description_terms(state)}
    return {**frame, "type": "Update", "object": group}


def changes() -> tuple[StateChange, ...]:
    """The seven state changes as they are read."""
    return tuple(read(document) for document in documents())


def read(document: dict[str, Any]) -> StateChange:
    """One state change as it is read off the wire."""
    return chain.read_change(parse_activity(document))


def claiming(change: StateChange, state_hash: str, published: datetime = AT) -> StateChange:
    """The same change with another claim."""
    return replace(change, state_hash=state_hash, published=published)


def _id(epoch: int) -> str:
    return f"{GROUP}/state/{epoch}"

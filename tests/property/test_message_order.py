"""Any arrival order shows the same order of messages, and no answer stands above its parent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from federation.groups import clock, order
from federation.groups.order import Held

NOON = datetime.fromisoformat("2026-09-01T12:00:00+00:00")
LETTERS = "abcdefgh"

# A message names any other as its parent, itself and one yet to be written included.
CONVERSATIONS = st.dictionaries(
    st.sampled_from(LETTERS),
    st.tuples(st.sampled_from([*LETTERS, "", "elsewhere"]), st.integers(0, 5)),
    min_size=1,
)


def shown(places: Mapping[str, Held]) -> list[str]:
    return sorted(places, key=lambda uri: order.sort_key(places[uri].t, uri))


def below(uri: str, held: Mapping[str, Held]) -> list[Held]:
    """All that answer a message, directly or not, as a node's query finds them."""
    found: dict[str, Held] = {}
    reached = [uri]
    for above in reached:
        for message in held.values():
            if message.parent_uri == above and message.uri not in found and message.uri != uri:
                found[message.uri] = message
                reached.append(message.uri)
    return list(found.values())


def arrive(uri: str, parent_uri: str, published: datetime, held: dict[str, Held]) -> None:
    parent = held.get(parent_uri)
    t = order.place(published, parent.t if parent else None, arrived_at=published, aware=True)
    arrived = Held(uri, parent_uri, published, t)
    moved = order.resettle(arrived, below(uri, held))
    held[uri] = arrived
    for other, new_t in moved.items():
        held[other] = Held(other, held[other].parent_uri, held[other].published, new_t)


def node(messages: Mapping[str, tuple[str, int]], arrivals: Sequence[str]) -> dict[str, Held]:
    held: dict[str, Held] = {}
    for uri in arrivals:
        parent_uri, seconds = messages[uri]
        arrive(uri, parent_uri, NOON + timedelta(seconds=seconds), held)
    return held


@given(st.data(), CONVERSATIONS)
def test_any_arrival_order_shows_the_same_order_of_messages(
    data: st.DataObject, messages: dict[str, tuple[str, int]]
):
    one = data.draw(st.permutations(sorted(messages)))
    other = data.draw(st.permutations(sorted(messages)))

    assert node(messages, one) == node(messages, other)


@given(st.data(), st.lists(st.tuples(st.integers(0, 7), st.integers(0, 300)), min_size=1))
def test_no_answer_stands_above_its_parent(data: st.DataObject, written: list[tuple[int, int]]):
    messages = {
        f"m{number}": (f"m{number - back - 1}" if back < number else "", seconds)
        for number, (back, seconds) in enumerate(written)
    }

    held = node(messages, data.draw(st.permutations(sorted(messages))))

    for message in held.values():
        if message.parent_uri:
            assert message.t > held[message.parent_uri].t


@given(
    st.data(),
    st.lists(st.tuples(st.sampled_from(["slow", "true", "fast"]), st.integers(0, 60)), max_size=8),
)
def test_conformance_78_three_clocks_ninety_seconds_apart_show_one_order(
    data: st.DataObject, turns: list[tuple[str, int]]
):
    errors = {"slow": -90, "true": 0, "fast": 90}
    nodes: dict[str, dict[str, Held]] = {name: {} for name in errors}
    real = NOON
    messages: dict[str, tuple[str, datetime]] = {}

    # Each author answers the newest message that their own node shows; half arrive at once.
    for number, (author, pause) in enumerate(turns):
        real += timedelta(seconds=pause)
        mine = nodes[author]
        newest = shown(mine)[-1] if mine else ""
        now = real + timedelta(seconds=errors[author])
        stamp = clock.stamp(now, mine[newest].t if newest else None)
        messages[f"m{number:02}"] = (newest, stamp)
        reached = {author, *data.draw(st.sets(st.sampled_from(sorted(errors))))}
        for name in reached:
            arrive(f"m{number:02}", newest, stamp, nodes[name])
    for held in nodes.values():
        missing = [uri for uri in messages if uri not in held]
        for uri in data.draw(st.permutations(missing)):
            arrive(uri, *messages[uri], held)

    assert shown(nodes["slow"]) == shown(nodes["true"]) == shown(nodes["fast"])
    for message in nodes["true"].values():
        if message.parent_uri:
            assert message.t > nodes["true"][message.parent_uri].t

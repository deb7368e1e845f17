"""A chain of states read back from its documents is the chain that home made."""

from hypothesis import given
from hypothesis import strategies as st

from federation.groups import chain
from federation.groups.judgement import Duplicate, NextState
from federation.groups.state import GroupState
from federation.protocol.build import state_change
from tests.support import book_club as club

PEOPLE = st.sampled_from([f"https://h{number}.example/u/x" for number in range(5)])
STEPS = st.lists(st.tuples(PEOPLE, st.sampled_from(["member", "admin", "outcast", ""])), max_size=8)


@given(STEPS)
def test_every_change_that_home_builds_makes_the_state_it_claims(steps: list[tuple[str, str]]):
    state = club.states()[0]

    for person, role in steps:
        following, document = home_decides(state, person, role)
        change = club.read(document)
        assert chain.judge(change, state) == NextState(following)
        assert chain.judge(change, following) == Duplicate()
        state = following


def home_decides(state: GroupState, person: str, role: str) -> tuple[GroupState, dict[str, object]]:
    change_id = f"{club.GROUP}/state/{state.epoch + 1}"
    if role:
        following = chain.with_role(state, person, role)
        return following, state_change.add(
            following.to_json(),
            subject=person,
            change_id=change_id,
            basis=(),
            published=club.AT,
        )
    following = chain.without(state, person)
    return following, state_change.remove(
        following.to_json(),
        removed=state_change.Removed(person, "member", {}),
        change_id=change_id,
        basis=(),
        published=club.AT,
    )

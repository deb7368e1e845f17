"""Whatever happens to a person, the table of standings is never left."""

from hypothesis import given
from hypothesis import strategies as st

from federation.groups.membership import REMOTE_MOVES, Event, Standing, move
from federation.protocol.verdict import Refused


@given(st.lists(st.sampled_from(Event)), st.booleans())
def test_the_membership_table_is_never_left(events: list[Event], local: bool):  # noqa: FBT001
    standing: Standing | None = None

    for event in events:
        following = move(standing, event, local=local)
        if isinstance(following, Refused):
            continue
        assert REMOTE_MOVES[standing, event] is following
        assert isinstance(following, Standing)
        assert not (local and event is Event.CONFIRMED) or standing in {"joining", "joined"}
        standing = following

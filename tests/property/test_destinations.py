from hypothesis import given, settings
from hypothesis import strategies as st

from federation.protocol.addressing import Recipient, destinations

OWN_HOST = "a.example"
HOSTS = st.sampled_from([OWN_HOST, "b.example", "c.example:8443", "d.example"])
PEOPLE = st.builds(
    lambda host, name, shares: Recipient(f"https://{host}/u/{name}", host, shared_inbox=shares),
    HOSTS,
    st.integers(0, 5),
    st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PEOPLE, max_size=30))
def test_destinations_have_no_duplicates_and_never_our_own_host(people: list[Recipient]):
    found = destinations(people, own_host=OWN_HOST)

    places = [(place.host, place.target) for place in found]
    assert len(places) == len(set(places))
    assert OWN_HOST not in {place.host for place in found}
    for place in found:
        assert len(place.recipients) == len(set(place.recipients))
    reached = {uri for place in found for uri in place.recipients}
    assert reached == {person.uri for person in people if person.host != OWN_HOST}


@settings(max_examples=100, deadline=None)
@given(st.lists(PEOPLE, max_size=30))
def test_naming_people_twice_changes_nothing(people: list[Recipient]):
    assert destinations(people * 2, own_host=OWN_HOST) == destinations(people, own_host=OWN_HOST)

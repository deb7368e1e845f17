import pytest

from federation.protocol.capability import is_aware, takes_rfc9421
from federation.protocol.vocabulary import PROFILE, RFC9421
from tests.support.examples import examples


@pytest.mark.parametrize("name", ["1 Person", "3.1 Group"])
def test_our_examples_are_aware(name: str):
    assert is_aware(examples()[name])


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ({"implements": [{"href": PROFILE}]}, True),
        ({"implements": {"id": PROFILE}}, True),
        ({"implements": PROFILE}, True),
        ({"implements": [{"href": PROFILE + "0"}, 7, None, {}]}, False),
        ({"implements": [{"name": PROFILE}]}, False),
        ({"implements": ["x"] * 100 + [PROFILE]}, False),
        ({}, False),
        ("https://bob.example/app", False),
        ([{"implements": PROFILE}], False),
    ],
)
def test_a_person_is_aware_when_its_generator_lists_the_profile(value: object, answer: object):
    assert is_aware({"type": "Person", "generator": value}) is answer


def test_a_server_may_list_what_it_implements_itself():
    assert is_aware({"type": "Application", "implements": [{"href": PROFILE}]})


def test_another_profile_of_conversations_is_not_ours():
    assert not is_aware({"type": "Group", "chatProfile": PROFILE.replace("-1", "-2")})


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ({"implements": [{"href": PROFILE}, {"href": RFC9421}]}, True),
        ({"implements": [{"href": PROFILE}]}, False),
        ({"implements": [{"href": f"{RFC9421}#section-1"}]}, False),
        ({}, False),
    ],
)
def test_a_server_takes_rfc_9421_when_it_says_so(value: object, answer: object):
    assert takes_rfc9421({"type": "Person", "generator": value}) is answer
    assert not takes_rfc9421({"type": "Group", "chatProfile": PROFILE})

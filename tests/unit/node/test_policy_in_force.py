"""Rules that were never read let nothing in or out."""

import pytest

from node.policy_in_force import PolicyInForce
from storage.errors import StorageUnavailable
from tests.support.rules import NOW


def test_before_the_rules_are_read_there_is_no_answer() -> None:
    policy = PolicyInForce(lambda: NOW)

    with pytest.raises(StorageUnavailable):
        policy.rules()
    with pytest.raises(StorageUnavailable):
        policy.keeps_out("bad.example")

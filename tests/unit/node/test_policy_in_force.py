"""Rules that were never read let nothing in or out."""

import pytest

from node.policy_in_force import PolicyInForce
from storage.errors import StorageUnavailable


def test_before_the_rules_are_read_there_is_no_answer() -> None:
    policy = PolicyInForce()

    with pytest.raises(StorageUnavailable):
        policy.rules()
    with pytest.raises(StorageUnavailable):
        policy.keeps_out("bad.example")

"""Lists of other servers are read by the guarded client, and change rules in their own name."""

from collections.abc import Sequence
from datetime import datetime

from federation.commands.deeds import OF_LIST
from federation.commands.rule_change import Ground
from federation.transport.client import Client
from federation.upkeep.lists import Library
from node.config.rules import list_bytes
from node.entropy import Entropy
from node.policy_in_force import PolicyInForce


def library_of(
    client: Client, policy: PolicyInForce, own_hosts: Sequence[str], entropy: Entropy
) -> Library:
    """What reading lists needs of a node.

    Args:
        client: With time for long files.
        policy: The rules that hold.
        own_hosts: Names of this node.
        entropy: Names sets of rules.
    """

    def ground(now: datetime) -> Ground:
        return Ground(policy.written(), own_hosts, entropy.new_id, now, OF_LIST)

    return Library(client, policy.written, ground, list_bytes)

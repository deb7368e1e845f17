"""Nobody of this node becomes a member without their own unspent word.

Source: groups-protocol.md 4.3, 4.6 and 5.2
"""

from collections.abc import Collection

from federation.groups.chain import StateChange


def find_entitling(change: StateChange, accepted: Collection[str]) -> str | None:
    """Answer the invitation that an Add of one of our people spends, None without consent.

    Args:
        change: The Add.
        accepted: Ids of invitations to this conversation that the person accepted and no Add has
            spent, nor a Leave or Reject made void.
    """
    return next((item.id for item in change.basis if item.id in accepted), None)


def brings_back(change: StateChange, left_epoch: int | None) -> bool:
    """Say whether an Add counts for somebody whose Leave named `left_epoch`, None for no Leave."""
    return left_epoch is None or change.epoch > left_epoch

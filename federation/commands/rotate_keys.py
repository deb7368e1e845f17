"""An actor of this node signs with new keys from here on, and everybody who knows it is told.

As planned, proofs made with the old key hold for 60 days more. If somebody else may have the old
keys, they hold no longer: nobody verifies anything by them any more. What is still to be sent or
served gets a proof by the new key either way (federation/keyring.py).

Source: security.md 3
"""

from collections.abc import Callable

from federation.commands.deeds import SYSTEM, By, note
from federation.commands.register_account import Mint
from federation.keyring import new_pairs
from federation.pipeline import errands, new_keys
from storage import actor_keys
from storage.database import transaction, wake


async def rotate_keys(
    mint: Mint,
    actor_uri: str,
    *,
    new_id: Callable[[], str],
    is_compromised: bool,
    by: By = SYSTEM,
) -> None:
    """Make new keys for an actor; others are told as soon as the node runs.

    Args:
        mint: What it takes to make keys.
        actor_uri: An actor of this node that has keys.
        new_id: Names them, as no key was named before.
        is_compromised: Whether somebody else may have the old ones.
        by: Who wants it.
    """
    now = mint.clock()
    pairs = await new_pairs(actor_uri, mint.entropy, sealer=mint.sealer, at=now, serial=new_id())
    async with transaction():
        await actor_keys.rotate(
            pairs, actor_uri=actor_uri, at=now, version=new_id(), is_compromised=is_compromised
        )
        detail = "compromised" if is_compromised else ""
        await note(by, "keys.rotated", actor_uri, now, detail=detail)
        await errands.ask(new_id, (new_keys.KIND, actor_uri), now)
        await wake("repair")

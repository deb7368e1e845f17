"""Who waits for an account, for those who run the node."""

from storage import sign_ups
from storage.sign_ups import SignUp


async def list_waiting() -> list[SignUp]:
    """All of them, who has waited longest first."""
    return await sign_ups.listed()


async def count_waiting() -> int:
    """How many there are."""
    return await sign_ups.count_waiting()

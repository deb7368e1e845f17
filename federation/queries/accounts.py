"""The accounts of this node, for who runs it."""

from storage import accounts
from storage.accounts import Account


async def list_page(*, after: str, limit: int) -> tuple[Account, ...]:
    """Accounts by name, whatever their state.

    Args:
        after: The name that a page begins behind, or "".
        limit: How many at most.
    """
    return await accounts.list_page(after=after, limit=limit)

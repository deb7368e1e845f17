"""Which sessions and tokens still open something, asked for many at once."""

from collections.abc import Collection
from typing import Final

from storage.database import fetch

# Those of these hashes that are a session or a token of an active account.
GRANTED: Final = """
SELECT session.token_hash AS hash FROM session JOIN account ON account.name = session.account
WHERE session.token_hash = ANY($1) AND account.state = 'active'
UNION
SELECT token.token_hash FROM token JOIN account ON account.name = token.account
WHERE token.token_hash = ANY($1) AND account.state = 'active'
"""


async def granted(hashes: Collection[str]) -> frozenset[str]:
    """Those of these hashes whose session or token is there and whose account is active."""
    if not hashes:
        return frozenset()
    return frozenset(row["hash"] for row in await fetch(GRANTED, list(hashes)))

"""The token of an app, sealed, since the pushes of Mastodon's API name it to the app.

Everywhere else a token is kept as a hash alone.
"""

from base64 import b64decode, b64encode
from typing import Final

from storage.sealing import SecretSealer

PURPOSE: Final = b"covey push token 1"


class AppTokens:
    """Seals tokens for the database and opens them for a push.

    Args:
        secret: The node's.
    """

    def __init__(self, secret: bytes) -> None:
        self._sealer = SecretSealer(secret, PURPOSE)

    def sealed(self, token: str, credential: str) -> str:
        """A token to be stored beside its hash."""
        return b64encode(self._sealer.seal(token.encode(), credential)).decode()

    def opened(self, sealed: str, credential: str) -> str:
        """The token.

        Raises:
            SealBroken: The node's secret is another one, or the hash.
        """
        return self._sealer.unseal(b64decode(sealed), credential).decode()

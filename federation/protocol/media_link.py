"""PURE: a link to a file of another server names its viewer and cannot be made by anybody else.

    /media/remote/{account}/{message}/{position}/{part}/{mac}

SECURITY: the link is all that its reader shows, since browsers load pictures without a token. It
is good for what that person may see when it is followed; tests/media/test_remote.py.

Source: security.md 8
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

KEY_NAME: Final = "media_key"
KEY_BYTES: Final = 32
MAC_CHARS: Final = 32
PREFIX: Final = "/media/remote"
WHOLE: Final = "file"
SMALL: Final = "small"
PARTS: Final = (WHOLE, SMALL)


@dataclass(frozen=True, slots=True)
class MediaLink:
    """What a link says.

    Attributes:
        account: The local person it was made for.
        message_id: Our id of the message that shows the file.
        position: Of the file in the message, from 0.
        part: "file", or "small" for its thumbnail.
    """

    account: str
    message_id: str
    position: int
    part: str

    @property
    def _path(self) -> str:
        return f"{PREFIX}/{self.account}/{self.message_id}/{self.position}/{self.part}"

    def path(self, key: str) -> str:
        """The whole path of the address."""
        return f"{self._path}/{self.mac(key)}"

    def mac(self, key: str) -> str:
        """What only this node can write."""
        made = hmac.new(bytes.fromhex(key), self._path.encode(), sha256)
        return made.hexdigest()[:MAC_CHARS]

    def holds(self, key: str, mac: str) -> bool:
        """Whether this node has made the link."""
        return hmac.compare_digest(self.mac(key).encode(), mac.encode())

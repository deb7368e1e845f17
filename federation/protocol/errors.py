"""The two ways in which a protocol can be broken: by us, or by them.

Their tree:

    ProtocolError
    ├── LocalProtocolError     we were about to send something wrong; a bug of ours
    └── RemoteProtocolError    they sent something wrong; a 4xx with a reason
"""


class ProtocolError(Exception):
    """The protocol was broken by one side."""


class LocalProtocolError(ProtocolError):
    """This node was about to break the protocol, so nothing left it."""


class RemoteProtocolError(ProtocolError):
    """A peer broke the protocol.

    Attributes:
        reason: A short constant phrase, safe to show to the peer.
        detail: What exactly was seen; for our log only.
        status: The HTTP status that answers it (security.md 2.2): 400, 401, 413, 415 or 422.
    """

    def __init__(self, reason: str, detail: str = "", *, status: int = 400) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.status = status

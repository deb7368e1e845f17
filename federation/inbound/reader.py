"""A body is read once on its way from the request to its effect, although a queue lies between."""

from collections import OrderedDict
from typing import Final

from federation.activities.message import Message
from federation.protocol import strict_json
from federation.protocol.activity import Activity
from federation.protocol.parse import parse_activity

REMEMBERED_BYTES: Final = 4 * 1024 * 1024


class Reader:
    """Reads activities, and remembers those that wait for their turn.

    PERF: what is remembered is found by the bytes themselves, so it cannot differ from what reading
    them again would give. That saves an inbox worker 235 µs a message (benchmarks/inbox.py). What
    a message says is kept beside it.

    Args:
        allow_http: Whether http ids are well-formed.
        remembered_bytes: How much waits at most; 0 where another process takes it.
    """

    def __init__(self, *, allow_http: bool, remembered_bytes: int = REMEMBERED_BYTES) -> None:
        self._allow_http = allow_http
        self._remembered_bytes = remembered_bytes
        self._waiting: OrderedDict[bytes, Activity] = OrderedDict()
        self._meanings: dict[bytes, Message] = {}
        self._size_bytes = 0

    def read(self, body: bytes) -> Activity:
        """The activity in a body, which is remembered until it is taken.

        Raises:
            RemoteProtocolError: There is none.
        """
        held = self._waiting.get(body)
        if held is not None:
            return held
        activity = self._parsed(body)
        self._waiting[body] = activity
        self._size_bytes += len(body)
        while self._size_bytes > self._remembered_bytes:
            oldest, _ = self._waiting.popitem(last=False)
            self._meanings.pop(oldest, None)
            self._size_bytes -= len(oldest)
        return activity

    def note(self, body: bytes, said: Message | None) -> None:
        """What the activity in a body says, if it says something; kept until it is taken."""
        if said is not None and body in self._waiting:
            self._meanings[body] = said

    def take_meaning(self, body: bytes) -> Message | None:
        """What the activity in a body says, if that is known; it is then forgotten."""
        return self._meanings.pop(body, None)

    def take(self, body: bytes) -> Activity:
        """The activity in a body, which is then forgotten.

        Raises:
            RemoteProtocolError: There is none.
        """
        self._meanings.pop(body, None)
        held = self._waiting.pop(body, None)
        if held is None:
            return self._parsed(body)
        self._size_bytes -= len(body)
        return held

    def _parsed(self, body: bytes) -> Activity:
        return parse_activity(strict_json.loads(body), allow_http=self._allow_http)

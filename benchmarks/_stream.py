"""An open event stream remembers the messages it is told of."""

import http.client
import json
import threading

from benchmarks._inbox_node import HOST, TOKEN

PATIENCE_S = 60


class Stream:
    """A client of the event stream, read by a thread of its own.

    Attributes:
        uris: The messages told so far, in the order in which they came.
    """

    def __init__(self, port: int) -> None:
        self.uris: list[str] = []
        self._moved = threading.Condition()
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"Host": HOST, "Authorization": f"Bearer {TOKEN}"}
        self._connection.request("GET", "/api/covey/v1/events", headers=headers)
        self._answer = self._connection.getresponse()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        kind = b""
        while line := self._answer.readline():
            name, _, value = line.strip().partition(b": ")
            if name == b"event":
                kind = value
            elif name == b"data" and kind == b"message":
                with self._moved:
                    self.uris.append(json.loads(value)["uri"])
                    self._moved.notify_all()

    def wait_for(self, count: int) -> None:
        """Until so many messages have come.

        Raises:
            RuntimeError: They do not come.
        """
        with self._moved:
            if not self._moved.wait_for(lambda: len(self.uris) >= count, timeout=PATIENCE_S):
                raise RuntimeError(f"only {len(self.uris)} of {count} messages were told")

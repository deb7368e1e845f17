import json

import pytest

from federation.activities import message
from federation.inbound import reader
from federation.inbound.reader import Reader
from federation.protocol.errors import RemoteProtocolError


def body(number: int, *, padding: int = 0) -> bytes:
    document = {
        "id": f"https://peer.test/likes/{number}",
        "type": "Like",
        "actor": "https://peer.test/u/bo",
        "object": "https://here.test/n/1",
        "content": "x" * padding,
    }
    return json.dumps(document).encode()


def words() -> bytes:
    author = "https://peer.test/u/bo"
    note = {"id": "https://peer.test/n/1", "type": "Note", "attributedTo": author}
    create = {"id": "https://peer.test/n/1/create", "type": "Create", "actor": author}
    return json.dumps({**create, "object": {**note, "content": "Hello"}}).encode()


def test_what_was_read_is_taken_without_reading_it_again() -> None:
    reading = Reader(allow_http=False)

    read = reading.read(body(1))

    assert reading.read(body(1)) is read
    assert reading.take(body(1)) is read


def test_what_it_says_is_kept_until_it_is_taken() -> None:
    reading = Reader(allow_http=False)
    said = message.read(reading.read(words()))
    reading.note(words(), said)

    assert reading.take_meaning(words()) is said
    assert reading.take_meaning(words()) is None


def test_what_it_says_goes_with_what_was_read() -> None:
    reading = Reader(allow_http=False, remembered_bytes=2 * len(words()))
    said = message.read(reading.read(words()))
    reading.note(words(), said)

    reading.read(body(1, padding=len(words())))
    reading.note(words(), said)

    assert reading.take_meaning(words()) is None


def test_what_was_taken_is_forgotten() -> None:
    reading = Reader(allow_http=False)
    read = reading.read(body(1))
    reading.take(body(1))

    again = reading.take(body(1))

    assert again == read
    assert again is not read


def test_the_oldest_are_forgotten_when_too_much_waits() -> None:
    reading = Reader(allow_http=False)
    half = reader.REMEMBERED_BYTES // 2
    first, second, third = (reading.read(body(number, padding=half)) for number in (1, 2, 3))

    taken = [reading.take(body(number, padding=half)) for number in (1, 2, 3)]

    assert taken == [first, second, third]
    assert [one is other for one, other in zip(taken, [first, second, third], strict=True)] == [
        False,
        False,
        True,
    ]


def test_what_cannot_be_read_is_not_remembered() -> None:
    reading = Reader(allow_http=False)

    for _ in range(2):
        with pytest.raises(RemoteProtocolError):
            reading.read(b'{"type": "Like"}')

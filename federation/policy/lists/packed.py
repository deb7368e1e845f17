"""PURE: entries of a list as the bytes in which they are kept."""

import zlib
from collections.abc import Iterable
from typing import Final, TypeVar

import msgspec

from federation.policy.lists.entry import Entry
from federation.policy.lists.fires import Change, State

# A tenth of the size, in a few milliseconds for 50,000 entries.
LEVEL: Final = 1
T = TypeVar("T")


def pack(entries: Iterable[Entry]) -> bytes:
    """Entries as bytes."""
    return _packed(list(entries))


def unpack(data: bytes | None) -> tuple[Entry, ...]:
    """The entries in bytes that we have made; none for None."""
    return () if data is None else tuple(_unpacked(data, list[Entry]))


def pack_state(state: State) -> bytes:
    """What holds for each entity of a FIRES dataset, as bytes."""
    return _packed(list(state.values()))


def unpack_state(data: bytes | None) -> State:
    """What we have kept of a FIRES dataset."""
    if data is None:
        return {}
    return {change.entity: change for change in _unpacked(data, list[Change])}


def _packed(values: object) -> bytes:
    return zlib.compress(msgspec.json.encode(values), LEVEL)


def _unpacked(data: bytes, kind: type[T]) -> T:
    return msgspec.json.decode(zlib.decompress(data), type=kind)

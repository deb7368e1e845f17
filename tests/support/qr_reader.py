"""Reads a QR code of error correction L as a camera would, so that a test believes no encoder."""

from collections.abc import Sequence

Rows = Sequence[Sequence[bool]]
# By version: error correction of a block, and the data of each block, in bytes.
BLOCKS = {
    1: (7, [19]),
    2: (10, [34]),
    3: (15, [55]),
    4: (20, [80]),
    5: (26, [108]),
    6: (18, [68] * 2),
    7: (20, [78] * 2),
    8: (24, [97] * 2),
    9: (30, [116] * 2),
    10: (18, [68, 68, 69, 69]),
}
ALIGNED = {
    1: (),
    2: (6, 18),
    3: (6, 22),
    4: (6, 26),
    5: (6, 30),
    6: (6, 34),
    7: (6, 22, 38),
    8: (6, 24, 42),
    9: (6, 26, 46),
    10: (6, 28, 50),
}
MASKS = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _x: y % 2 == 0,
    lambda _y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
FORMAT_MASK = 0b101010000010010
LEVEL_L = 0b01
BYTES = 0b0100


def read_qr(rows: Rows) -> str:
    """What a code says; every part of it is checked."""
    size = len(rows)
    version = (size - 17) // 4
    assert size == 17 + 4 * version
    _check_corners(rows)
    if version >= 7:
        _check_version(rows, version)
    mask = MASKS[_format(rows)]
    taken = _function_modules(version)
    bits = [rows[y][x] != mask(y, x) for y, x in _path(size) if (y, x) not in taken]
    code = [_number(bits[at : at + 8]) for at in range(0, len(bits) - len(bits) % 8, 8)]
    data = [byte for block in _blocks(code, version) for byte in block]
    return _text(data, version)


def _check_corners(rows: Rows) -> None:
    far = len(rows) - 7
    for top, left in ((0, 0), (0, far), (far, 0)):
        for y in range(7):
            for x in range(7):
                ring = max(abs(y - 3), abs(x - 3))
                assert rows[top + y][left + x] is (ring != 2), (top, left, y, x)


def _check_version(rows: Rows, version: int) -> None:
    """Both copies of the version, each with its twelve bits of check."""
    far = len(rows) - 11
    places = [(near, far + at) for near in range(5, -1, -1) for at in range(2, -1, -1)]
    one = _number([rows[y][x] for y, x in places])
    other = _number([rows[x][y] for y, x in places])
    rest = one
    for place in range(17, 11, -1):
        rest ^= 0b1111100100101 << (place - 12) if rest >> place & 1 else 0
    assert (one, one >> 12, rest) == (other, version, 0)


def _format(rows: Rows) -> int:
    """The mask, as both copies of the format name it."""
    last = len(rows) - 1
    one = [*((8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)), *((y, 8) for y in (7, 5, 4, 3, 2, 1, 0))]
    other = [*((last - y, 8) for y in range(7)), *((8, last - 7 + x) for x in range(8))]
    found = {_number([rows[y][x] for y, x in places]) ^ FORMAT_MASK for places in (one, other)}
    (bits,) = found
    rest = bits
    for place in range(14, 9, -1):
        rest ^= 0b10100110111 << (place - 10) if rest >> place & 1 else 0
    assert rest == 0
    assert bits >> 13 == LEVEL_L
    assert rows[last - 7][8]
    return bits >> 10 & 0b111


def _function_modules(version: int) -> set[tuple[int, int]]:
    size = 17 + 4 * version
    taken = {(6, at) for at in range(size)} | {(at, 6) for at in range(size)}
    taken |= {(y, x) for y in range(9) for x in range(9)}
    taken |= {(y, x) for y in range(9) for x in range(size - 8, size)}
    taken |= {(y, x) for y in range(size - 8, size) for x in range(9)}
    places = ALIGNED[version]
    for cy in places:
        for cx in places:
            if (cy, cx) in {(6, 6), (6, places[-1]), (places[-1], 6)}:
                continue
            taken |= {(cy + y, cx + x) for y in range(-2, 3) for x in range(-2, 3)}
    if version >= 7:
        taken |= {(y, x) for y in range(6) for x in range(size - 11, size - 8)}
        taken |= {(y, x) for y in range(size - 11, size - 8) for x in range(6)}
    return taken


def _path(size: int) -> list[tuple[int, int]]:
    columns = [*range(size - 1, 6, -2), *range(5, 0, -2)]
    path = []
    for number, right in enumerate(columns):
        lines = range(size) if number % 2 else range(size - 1, -1, -1)
        path += [(y, x) for y in lines for x in (right, right - 1)]
    return path


def _blocks(code: list[int], version: int) -> list[list[int]]:
    checks, sizes = BLOCKS[version]
    blocks: list[list[int]] = [[] for _ in sizes]
    left = iter(code)
    for at in range(max(sizes)):
        for block, size in zip(blocks, sizes, strict=True):
            if at < size:
                block.append(next(left))
    data = [list(block) for block in blocks]
    for _ in range(checks):
        for block in blocks:
            block.append(next(left))
    for block in blocks:
        assert all(_at(block, _power(each)) == 0 for each in range(checks))
    return data


def _at(block: list[int], x: int) -> int:
    value = 0
    for byte in block:
        value = _times(value, x) ^ byte
    return value


def _power(exponent: int) -> int:
    value = 1
    for _ in range(exponent):
        value = _times(value, 2)
    return value


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


def _text(data: list[int], version: int) -> str:
    bits = [bool(byte >> place & 1) for byte in data for place in range(7, -1, -1)]
    assert _number(bits[:4]) == BYTES
    width = 8 if version < 10 else 16
    length, start = _number(bits[4 : 4 + width]), 4 + width
    said = [_number(bits[start + 8 * at : start + 8 * at + 8]) for at in range(length)]
    return bytes(said).decode()


def _number(bits: Sequence[bool]) -> int:
    return int("".join("1" if bit else "0" for bit in bits), 2)

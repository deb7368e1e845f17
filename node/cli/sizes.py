"""A size is said as the configuration takes it: a MB is 1,048,576 bytes."""

from typing import Final

KILO: Final = 1024
UNITS: Final = ("kB", "MB", "GB", "TB")


def size_words(size_bytes: int) -> str:
    """A number of bytes in the unit that makes it a small number, as the chat shows it."""
    if size_bytes < KILO:
        return f"{size_bytes} byte" + ("" if size_bytes == 1 else "s")
    power = min((size_bytes.bit_length() - 1) // 10, len(UNITS))
    shown = round(size_bytes / KILO**power, 1 if power > 1 else 0)
    return f"{shown:,g} {UNITS[power - 1]}"

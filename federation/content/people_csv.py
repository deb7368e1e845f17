"""PURE: lists of people as Mastodon writes and reads them, one address a line.

Source: https://docs.joinmastodon.org/user/moving/#import
"""

import csv
import io
from collections.abc import Sequence
from typing import Final

ROWS_MAX: Final = 2000
BYTES_MAX: Final = 256 * 1024
ADDRESS: Final = "Account address"
HIDES: Final = "Hide notifications"
# What Mastodon asks of each follow: its boosts, its posts as notifications, and in which languages.
FOLLOWS: Final = (ADDRESS, "Show boosts", "Notify on new posts", "Languages")


def write_blocks(accts: Sequence[str]) -> str:
    """The list of whom somebody has blocked: no header, and the address alone."""
    return _written([[acct] for acct in accts])


def write_mutes(accts: Sequence[str], *, has_header: bool = True) -> str:
    """The list of whom somebody has muted, of whom they are told nothing.

    Args:
        accts: Whom.
        has_header: Whether the list begins here, and does not go on.
    """
    return _written(
        _headed((ADDRESS, HIDES), [[acct, "true"] for acct in accts], has_header=has_header)
    )


def write_followers(accts: Sequence[str], *, has_header: bool = True) -> str:
    """The list of who follows somebody; the arguments as of `write_mutes`."""
    return _written(_headed((ADDRESS,), [[acct] for acct in accts], has_header=has_header))


def write_follows(accts: Sequence[str], *, has_header: bool = True) -> str:
    """The list of whom somebody follows; the arguments as of `write_mutes`."""
    rows = [[acct, "true", "false", ""] for acct in accts]
    return _written(_headed(FOLLOWS, rows, has_header=has_header))


def read_people(data: bytes) -> tuple[str, ...] | None:
    """The addresses in a list, each once, at most 2,000; None where it is no text.

    A header is left out, and so is whatever is no full address.
    """
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return None
    named = (row[0].strip().removeprefix("@") for row in rows if row)
    return tuple(dict.fromkeys(one for one in named if "@" in one))[:ROWS_MAX]


def read_hosts(data: bytes) -> tuple[str, ...] | None:
    """The names of servers in a list, as `read_people` reads people."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return None
    named = (row[0].strip() for row in rows if row)
    return tuple(dict.fromkeys(one for one in named if "." in one and "@" not in one))[:ROWS_MAX]


def _headed(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, has_header: bool
) -> Sequence[Sequence[str]]:
    return [header, *rows] if has_header else rows


def _written(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()

"""How local people want their pages: in which language, how light, how large, by which keys."""

from dataclasses import astuple, dataclass, fields
from typing import Final

from storage.database import fetch, run

FIND: Final = """
SELECT language, theme, text_size, density, motion, send_key FROM account WHERE name = $1
"""
SET: Final = """
UPDATE account SET language = $2, theme = $3, text_size = $4, density = $5, motion = $6,
  send_key = $7
WHERE name = $1
"""


@dataclass(frozen=True, slots=True)
class Appearance:
    """What somebody has chosen; "" leaves it to their browser.

    Attributes:
        language: A tag, such as "de".
        theme: light or dark.
        text_size: small, large or largest.
        density: compact.
        motion: less.
        send_key: ctrl, if Enter begins a line and Ctrl or ⌘ with Enter sends.
    """

    language: str = ""
    theme: str = ""
    text_size: str = ""
    density: str = ""
    motion: str = ""
    send_key: str = ""


async def find_appearance(account: str) -> Appearance:
    """What the account has chosen, or nothing."""
    rows = await fetch(FIND, account)
    return (
        Appearance(*[rows[0][each.name] for each in fields(Appearance)]) if rows else Appearance()
    )


async def set_appearance(account: str, appearance: Appearance) -> None:
    """Choose something else."""
    await run(SET, account, *astuple(appearance))

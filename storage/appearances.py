"""How local people want their pages: in which language, how light, how large."""

from dataclasses import dataclass
from typing import Final

from storage.database import fetch, run

FIND: Final = "SELECT language, theme, text_size FROM account WHERE name = $1"
SET: Final = "UPDATE account SET language = $2, theme = $3, text_size = $4 WHERE name = $1"


@dataclass(frozen=True, slots=True)
class Appearance:
    """What somebody has chosen; "" leaves it to their browser.

    Attributes:
        language: A tag, such as "de".
        theme: light or dark.
        text_size: small, large or largest.
    """

    language: str = ""
    theme: str = ""
    text_size: str = ""


async def find_appearance(account: str) -> Appearance:
    """What the account has chosen, or nothing."""
    rows = await fetch(FIND, account)
    if not rows:
        return Appearance()
    return Appearance(rows[0]["language"], rows[0]["theme"], rows[0]["text_size"])


async def set_appearance(account: str, appearance: Appearance) -> None:
    """Choose something else."""
    await run(SET, account, appearance.language, appearance.theme, appearance.text_size)

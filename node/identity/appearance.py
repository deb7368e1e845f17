"""How somebody wants their pages: each choice is one of ours, or left to their browser."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from aiohttp import web

from federation.protocol.verdict import Allowed, Refused
from storage import appearances
from storage.appearances import Appearance

# A catalogue each: tests/web/test_languages.py.
LANGUAGES: Final = ("de", "en")
THEMES: Final = ("light", "dark")
TEXT_SIZES: Final = ("small", "large", "largest")
DENSITIES: Final = ("compact",)
MOTIONS: Final = ("less",)
SEND_KEYS: Final = ("ctrl",)
# How whoever is signed in wants the page that they ask for, and what holds for others.
LOOKS: Final = web.RequestKey("looks", Appearance)
NO_LOOKS: Final = Appearance()
CHOICES: Final = {
    "language": LANGUAGES,
    "theme": THEMES,
    "text_size": TEXT_SIZES,
    "density": DENSITIES,
    "motion": MOTIONS,
    "send_key": SEND_KEYS,
}
UNKNOWN: Final = Refused("This node knows no such language or look.", 422)


async def find_appearance(account: str) -> Appearance:
    """What an account has chosen."""
    return await appearances.find_appearance(account)


def judge_appearance(chosen: Mapping[str, str]) -> Allowed | Refused:
    """Whether that can be chosen."""
    is_known = all(not value or value in CHOICES.get(name, ()) for name, value in chosen.items())
    return Allowed() if is_known else UNKNOWN


async def change_appearance(account: str, **chosen: str) -> Allowed | Refused:
    """Choose some of `CHOICES`; "" is what is usual, or left to the browser."""
    verdict = judge_appearance(chosen)
    if isinstance(verdict, Refused):
        return verdict
    if chosen:
        held = await appearances.find_appearance(account)
        await appearances.set_appearance(account, replace(held, **chosen))
    return Allowed()

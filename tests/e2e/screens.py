"""What is held against every screen: axe finds nothing, nothing is wider; and a picture is kept.

Where the environment names a folder in SCREENS, the pictures of a run are written into it.
"""

import os
from itertools import product
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

from tests.e2e.journeys import DESK, PHONE

Theme = Literal["light", "dark"]

FOLDER = os.environ.get("SCREENS", "")
SIZES = {"phone": PHONE, "desk": DESK}
THEMES: tuple[Theme, ...] = ("light", "dark")
TRANSLATED: tuple[tuple[str, Theme], ...] = (("phone", "dark"), ("desk", "light"))
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RUN = "() => axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"


async def findings(page: Page) -> list[str]:
    """What axe has against the page as it is: the rule and the element, one a line."""
    # Evaluated from outside, it needs nothing of the page's policy.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    violations: list[dict[str, Any]] = await page.evaluate(RUN)
    return [
        f"{rule['impact']} {rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in violations
        for node in rule["nodes"]
    ]


async def look_at(page: Page, name: str, *, is_translated: bool = False) -> list[str]:
    """Everything that is wrong with a screen in either theme and size.

    Args:
        name: What the screen is called in what is answered, and in the names of the pictures.
        is_translated: Whether it was looked at in full before, in another language: then each
            theme is seen in one size, and no picture is kept.
    """
    wrong: list[str] = []
    for size, theme in TRANSLATED if is_translated else product(SIZES, THEMES):
        await page.set_viewport_size(SIZES[size])
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        shown = f"{name}-{size}-{theme}"
        if FOLDER and not is_translated:
            await page.screenshot(path=f"{FOLDER}/{shown}.png", full_page=True)
        wrong += [f"{shown}: {each}" for each in await findings(page)]
        if wider_px := await page.evaluate(OVERFLOW):
            wrong.append(f"{shown}: wider than the screen by {wider_px} px")
    return wrong

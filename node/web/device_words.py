"""PURE: what people call the browser that a User-Agent stands for."""

from typing import Final

from node.web.languages import Words

# The first that is found names it: each pretends to be those below.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "Chrome OS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN: Final = Words("page.device.unknown")
LENGTH_MAX: Final = 60


def device_words(user_agent: str) -> Words:
    """Such as "Firefox on Linux"; what is not known is shown as it says."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return Words("page.device.on", {"browser": browser, "system": system})
    name = browser or system or user_agent[:LENGTH_MAX]
    return Words("page.device.one", {"name": name}) if name else UNKNOWN


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")

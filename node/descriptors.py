"""A process has as many open files and connections as the system grants it, and keeps some back."""

import resource
from typing import Final

# For the database, its log, files that are served, and requests of our own.
KEPT_BACK: Final = 512


def raise_limit(wanted: int) -> None:
    """Ask the system for so many connections and what is kept back, as far as it grants them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    asked = wanted + KEPT_BACK
    if hard != resource.RLIM_INFINITY:
        asked = min(asked, hard)
    if soft != resource.RLIM_INFINITY and soft < asked:
        resource.setrlimit(resource.RLIMIT_NOFILE, (asked, hard))


def room_aside(wanted: int) -> int:
    """How many connections there can be to servers that do not answer: a quarter of all at most."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else min(wanted, soft // 4)


def room_for(wanted: int) -> int:
    """How many connections there can be: as many as wanted, or what the system leaves for them.

    Where little is granted half of it is kept back.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    return min(wanted, max(soft - KEPT_BACK, soft // 2))

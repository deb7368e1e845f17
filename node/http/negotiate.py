"""Whether a client that asks for an address wants a page or a document."""

from typing import Final

ACTIVITY_TYPES: Final = frozenset({"application/activity+json", "application/ld+json"})
PLAIN_JSON: Final = "application/json"
PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})


def wants_activity(accept: str) -> bool:
    """Whether an `Accept` header prefers ActivityPub to HTML.

    What names neither, such as `*/*` or nothing at all, gets a page. `application/json` counts as
    ActivityPub when HTML is not named.
    """
    qualities = _qualities(accept)
    activity = max((qualities.get(each, 0.0) for each in ACTIVITY_TYPES), default=0.0)
    page = max((qualities.get(each, 0.0) for each in PAGE_TYPES), default=0.0)
    if activity == page == 0.0:
        return qualities.get(PLAIN_JSON, 0.0) > 0.0
    return activity >= page


def wants_page(accept: str) -> bool:
    """Whether an `Accept` header names HTML, as browsers do, and prefers it to ActivityPub."""
    qualities = _qualities(accept)
    return any(qualities.get(each, 0.0) > 0.0 for each in PAGE_TYPES) and not wants_activity(accept)


def _qualities(accept: str) -> dict[str, float]:
    """Media types, in lower case and without parameters, with the weight each was given."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        found[name] = max(_weight(parameters), found.get(name, 0.0))
    return found


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(max(float(parameter.removeprefix("q=")), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0

"""Pages by numbers: `max_id`, `since_id`, `min_id`, `limit`, and a Link header to the neighbours.

Source: clients.md 3, "Paging"
"""

from typing import Final
from urllib.parse import urlencode

from federation.queries.client_pages import Wanted
from node.http.fields import Fields
from node.mastodon.call import LIMIT, LIMIT_MAX, limit_of, number_of

PLACES: Final = frozenset({"max_id", "since_id", "min_id"})


def wanted_of(said: Fields, *, usual: int = LIMIT, most: int = LIMIT_MAX) -> Wanted:
    """The page that a query asks for; what is no id says nothing."""
    return Wanted(
        limit=limit_of(said, usual=usual, most=most),
        max_number=number_of(said.text("max_id")),
        since_number=number_of(said.text("since_id")),
        min_number=number_of(said.text("min_id")),
    )


def links(url: str, said: Fields, *, first: str, last: str, has_older: bool) -> dict[str, str]:
    """The Link header of a page.

    Args:
        url: The address, without its query.
        said: That query; what it says besides places is kept.
        first: The id of the newest of the page, or "" for an empty one, which has no header.
        last: The id of the oldest.
        has_older: Whether there are more behind it.
    """
    if not first:
        return {}
    kept = [
        (name, value)
        for name, values in said.values.items()
        for value in values
        if name not in PLACES
    ]
    ends = [("next", "max_id", last)] if has_older else []
    ends.append(("prev", "min_id", first))
    found = [
        f'<{url}?{urlencode([*kept, (name, place)])}>; rel="{rel}"' for rel, name, place in ends
    ]
    return {"Link": ", ".join(found)}

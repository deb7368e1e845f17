"""Every address of Mastodon's API."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from node.http.routes import Endpoint
from node.mastodon import (
    admin_domains,
    admin_measures,
    conversations,
    empty,
    grouped,
    instance,
    markers,
    media,
    notifications,
    own_account,
    people,
    push,
    reports,
    search,
    statuses,
    strangers,
    streaming,
)
from node.mastodon.context import MastodonContext
from node.mastodon.manners import with_manners

PARTS: Final = (
    instance,
    own_account,
    conversations,
    statuses,
    media,
    people,
    search,
    reports,
    strangers,
    notifications,
    grouped,
    markers,
    streaming,
    push,
    admin_domains,
    admin_measures,
    empty,
)


def mastodon_endpoints(
    context: MastodonContext, now: Callable[[], datetime]
) -> tuple[Endpoint, ...]:
    """The endpoints of each part, behind the manners of this door."""
    found = [each for part in PARTS for each in part.endpoints(context)]
    return tuple(with_manners(found, now))

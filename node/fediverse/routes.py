"""Every address under which another server finds something."""

from collections.abc import Callable

from node.fediverse import (
    actor,
    collections,
    conversation,
    host_meta,
    inbox,
    join_link,
    log,
    media,
    nodeinfo,
    webfinger,
)
from node.fediverse import object as objects
from node.fediverse.actor import PersonPage
from node.fediverse.join_link import LinkPage
from node.fediverse.unhurried import unhurried
from node.http.routes import Endpoint


def fediverse_endpoints(
    person_page: PersonPage, link_page: LinkPage, chance: Callable[[], float]
) -> tuple[Endpoint, ...]:
    """All of them, the inboxes first.

    Args:
        person_page: Draws the page of a person, which belongs to another front end.
        link_page: Draws the page of a join link, likewise.
        chance: From 0 inclusive to 1 exclusive.
    """
    endpoints = (
        *inbox.ENDPOINTS,
        *actor.endpoints(person_page),
        *objects.ENDPOINTS,
        *log.ENDPOINTS,
        *collections.ENDPOINTS,
        *conversation.ENDPOINTS,
        *join_link.endpoints(link_page),
        *webfinger.ENDPOINTS,
        *nodeinfo.ENDPOINTS,
        *host_meta.ENDPOINTS,
        *media.ENDPOINTS,
    )
    return tuple(unhurried(one, chance) for one in endpoints)

"""Every address of the JSON API."""

from typing import Final

from node.covey_api import (
    admin,
    apps,
    audit,
    blocks,
    changes,
    conversations,
    events,
    follows,
    host_blocks,
    limited_servers,
    links,
    lost_contacts,
    me,
    media,
    members,
    message_life,
    messages,
    mutes,
    people,
    pictures,
    policy,
    preferences,
    presence,
    previews,
    push,
    reports,
    search,
    sessions,
    standing,
)
from node.covey_api.openapi import openapi_endpoint
from node.http.routes import Endpoint

RESOURCES: Final = (
    me,
    sessions,
    apps,
    people,
    pictures,
    follows,
    blocks,
    host_blocks,
    mutes,
    limited_servers,
    lost_contacts,
    conversations,
    standing,
    preferences,
    presence,
    members,
    changes,
    links,
    messages,
    message_life,
    media,
    previews,
    search,
    push,
    reports,
    events,
    admin,
    audit,
    policy,
)


def api_endpoints() -> tuple[Endpoint, ...]:
    """The endpoints of each resource, and the one that describes them all."""
    endpoints = tuple([each for resource in RESOURCES for each in resource.ENDPOINTS])
    return (*endpoints, openapi_endpoint(endpoints))

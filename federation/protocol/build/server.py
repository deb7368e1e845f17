"""What the server says of itself and of its accounts to whoever asks: NodeInfo and WebFinger."""

from typing import Any

from federation.protocol.namespace import Namespace
from federation.protocol.nodeinfo import SCHEMAS
from federation.protocol.vocabulary import ACTIVITY_JSON


def nodeinfo_links(namespace: Namespace) -> dict[str, Any]:
    """Build `/.well-known/nodeinfo`."""
    versions = ((schema.rpartition("/")[2], schema) for schema in SCHEMAS)
    return {
        "links": [
            {"rel": schema, "href": f"{namespace.base_url}/nodeinfo/{version}"}
            for version, schema in versions
        ]
    }


def nodeinfo(*, version: str, is_open: bool, people: int, schema: str = "2.1") -> dict[str, Any]:
    """Build a NodeInfo document: the number of people, and nothing of what they do.

    Args:
        version: Of this software.
        is_open: Whether anybody may register.
        people: How many accounts there are.
        schema: The version of NodeInfo, 2.1 or 2.0: what we say is the same in both.
    """
    return {
        "version": schema,
        "software": {"name": "covey", "version": version},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": is_open,
        "usage": {"users": {"total": people}},
        # megalodon takes no name that it does not know, unless it is told whose
        # client API is spoken here.
        "metadata": {"upstream": {"name": "mastodon"}},
    }


def jrd(*, namespace: Namespace, name: str, actor: str) -> dict[str, Any]:
    """Build the WebFinger answer for a local person, conversation or the server itself."""
    return {
        "subject": f"acct:{name}@{namespace.account_domain}",
        "aliases": [actor],
        "links": [
            {"rel": "self", "type": ACTIVITY_JSON, "href": actor},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": actor},
        ],
    }

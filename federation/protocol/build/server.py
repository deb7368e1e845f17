"""What the server says of itself and of its accounts to whoever asks: NodeInfo and WebFinger."""

from typing import Any

from federation.protocol.namespace import Namespace
from federation.protocol.nodeinfo import SCHEMAS
from federation.protocol.vocabulary import ACTIVITY_JSON


def nodeinfo_links(namespace: Namespace) -> dict[str, Any]:
    """Build `/.well-known/nodeinfo`."""
    return {"links": [{"rel": SCHEMAS[0], "href": f"{namespace.base_url}/nodeinfo/2.1"}]}


def nodeinfo(*, version: str, is_open: bool, people: int) -> dict[str, Any]:
    """Build the NodeInfo 2.1 document: the number of people, and nothing of what they do.

    Args:
        version: Of this software.
        is_open: Whether anybody may register.
        people: How many accounts there are.
    """
    return {
        "version": "2.1",
        "software": {"name": "covey", "version": version},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": is_open,
        "usage": {"users": {"total": people}},
        "metadata": {},
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

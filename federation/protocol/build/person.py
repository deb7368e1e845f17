"""The documents in which our people and our server introduce themselves, aware and with keys."""

from datetime import datetime
from typing import Any

from federation.protocol.build.keys import ActorKeys, key_terms
from federation.protocol.namespace import Namespace
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT, PROFILE, RFC9421


def person(
    *, namespace: Namespace, name: str, display_name: str, keys: ActorKeys, created_at: datetime
) -> dict[str, Any]:
    """Build the actor document of a local person.

    Source: groups-protocol.md 1
    """
    uri = namespace.person(name)
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "Person",
        "preferredUsername": name,
        "webfinger": f"{name}@{namespace.account_domain}",
        "name": display_name or name,
        "url": uri,
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "followers": f"{uri}/followers",
        "following": f"{uri}/following",
        "endpoints": {
            "sharedInbox": namespace.shared_inbox,
            # The words of RFC 8414 say more; these are what a client finds that has an actor alone.
            "oauthAuthorizationEndpoint": f"{namespace.base_url}/oauth/authorize",
            "oauthTokenEndpoint": f"{namespace.base_url}/oauth/token",
            "oauthRegistrationEndpoint": f"{namespace.base_url}/oauth/register",
        },
        "published": format_time(created_at),
        **_keys_and_capability(uri, keys),
    }


def instance_actor(
    *, namespace: Namespace, keys: ActorKeys, created_at: datetime
) -> dict[str, Any]:
    """Build the document of the actor that signs what the node asks for itself.

    Its name is the account domain, as other servers do it, so that no person can have it.
    """
    uri = namespace.instance
    domain = namespace.account_domain
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "Application",
        "preferredUsername": domain,
        "webfinger": f"{domain}@{domain}",
        "name": domain,
        "url": uri,
        "inbox": namespace.shared_inbox,
        "endpoints": {"sharedInbox": namespace.shared_inbox},
        "manuallyApprovesFollowers": True,
        "published": format_time(created_at),
        **_keys_and_capability(uri, keys),
    }


def _keys_and_capability(uri: str, keys: ActorKeys) -> dict[str, Any]:
    return {
        **key_terms(uri, keys),
        "generator": {
            "type": "Application",
            "implements": [
                {"href": PROFILE, "name": "Group conversations 1"},
                {"href": RFC9421, "name": "RFC-9421: HTTP Message Signatures"},
            ],
        },
    }

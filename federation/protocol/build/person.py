"""The documents in which our people and our server introduce themselves, aware and with keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from federation.protocol.build.keys import ActorKeys, key_terms
from federation.protocol.namespace import Namespace
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT, PROFILE, RFC9421

# How Mastodon writes what stands in a profile beside the text.
DETAIL_TERMS: Final = {
    "schema": "http://schema.org#",
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
}
# Pictures of people are made anew here, as one of two.
MADE_AS: Final = {"jpg": "image/jpeg", "png": "image/png"}

# Where a person's own client reads other servers' documents, and hands in files.
PROXY_URL: Final = "/activitypub/proxy"
UPLOAD_MEDIA: Final = "/activitypub/media"

# Who may write and invite: "anyone" or "contacts"; of others strangers wait as requests.
USUAL: Final = "requests"
DOOR_TERMS: Final = {"chatWriters": "chat:writers", "chatInviters": "chat:inviters"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of themselves.

    Attributes:
        name: What they call themselves.
        bio: HTML, or "".
        details: Pairs of a label and HTML.
        writers: Who may write to them, and who of all others waits for their yes.
        inviters: Likewise who may invite them.
        approves_followers: Whether a follow waits for their yes.
        icon: The URL of their picture, or "".
    """

    name: str
    bio: str = ""
    details: Sequence[tuple[str, str]] = ()
    writers: str = USUAL
    inviters: str = USUAL
    approves_followers: bool = False
    icon: str = ""


def person(
    *, namespace: Namespace, name: str, said: Said, keys: ActorKeys, created_at: datetime
) -> dict[str, Any]:
    """Build the actor document of a local person.

    Source: groups-protocol.md 1
    """
    uri = namespace.person(name)
    return {
        "@context": _context(said),
        "id": uri,
        "type": "Person",
        "preferredUsername": name,
        "webfinger": f"{name}@{namespace.account_domain}",
        "name": said.name or name,
        **_about(said),
        "url": uri,
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "followers": f"{uri}/followers",
        "following": f"{uri}/following",
        "pendingFollowers": f"{uri}/pending-followers",
        "pendingFollowing": f"{uri}/pending-following",
        "eventStream": f"{uri}/events",
        "endpoints": {
            "sharedInbox": namespace.shared_inbox,
            "proxyUrl": f"{namespace.base_url}{PROXY_URL}",
            "uploadMedia": f"{namespace.base_url}{UPLOAD_MEDIA}",
            # The words of RFC 8414 say more; these are what a client finds that has an actor alone.
            "oauthAuthorizationEndpoint": f"{namespace.base_url}/oauth/authorize",
            "oauthTokenEndpoint": f"{namespace.base_url}/oauth/token",
            "oauthRegistrationEndpoint": f"{namespace.base_url}/oauth/register",
        },
        "manuallyApprovesFollowers": said.approves_followers,
        **_doors(said),
        "published": format_time(created_at),
        **_keys_and_capability(uri, keys),
    }


def _context(said: Said) -> list[Any]:
    terms = [DOOR_TERMS] if _doors(said) else []
    return [*CONTEXT, *terms, *([DETAIL_TERMS] if said.details else [])]


def _doors(said: Said) -> dict[str, str]:
    chosen = {"chatWriters": said.writers, "chatInviters": said.inviters}
    return {name: choice for name, choice in chosen.items() if choice != USUAL}


def _about(said: Said) -> dict[str, Any]:
    details = [
        {"type": "PropertyValue", "name": label, "value": value} for label, value in said.details
    ]
    return {
        **({"summary": said.bio} if said.bio else {}),
        **({"attachment": details} if details else {}),
        **({"icon": image(said.icon)} if said.icon else {}),
    }


def image(url: str) -> dict[str, Any]:
    """What shows a person or group; its type where this node has made the picture."""
    kind = MADE_AS.get(url.rpartition(".")[2])
    return {"type": "Image", **({"mediaType": kind} if kind else {}), "url": url}


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

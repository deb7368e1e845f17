"""PURE: Instance, in the form of the second version of the API and of the first.

Every key is one that some client demands (clients.md 5.5 and 8).
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from federation.content.file_type import TYPES
from federation.policy.limited import How
from federation.protocol.attachment import DESCRIPTION_CHARS_MAX
from node.mastodon.entities.site import Document, Site

# Clients tell from its first figures what a server can do, so it leads; our own stands behind it.
COMPATIBLE: Final = "4.3.0"
ATTACHMENTS_MAX: Final = 4
MATRIX_MAX: Final = 64_000_000
REFUSED: Final = frozenset({How.REFUSED, How.REFUSED_IN, How.REFUSED_OUT})
POLLS: Final = {
    "max_options": 4,
    "max_characters_per_option": 50,
    "min_expiration": 300,
    "max_expiration": 2_629_746,
}


@dataclass(frozen=True, slots=True)
class About:
    """What changes from node to node.

    Attributes:
        version: Of this software.
        push_key: By which push services know this node.
        people: How many accounts there are.
        is_open: Whether people may come without an invitation.
        needs_approval: Whether somebody has to say yes to them.
    """

    version: str
    characters_max: int
    upload_max_bytes: int
    push_key: str
    people: int
    is_open: bool = False
    needs_approval: bool = True


def instance(site: Site, about: About) -> Document:
    """As of `/api/v2/instance`."""
    return {
        "domain": site.account_domain,
        "title": site.name,
        "version": version(about),
        "source_url": "",
        "description": "",
        "usage": {"users": {"active_month": about.people}},
        "thumbnail": {"url": site.picture, "blurhash": None, "versions": {}},
        "icon": [],
        "languages": ["en", "de"],
        "configuration": {
            "urls": {
                "streaming": _streaming(site),
                "status": None,
                "about": None,
                "privacy_policy": None,
                "terms_of_service": None,
            },
            "vapid": {"public_key": about.push_key},
            "accounts": {"max_featured_tags": 0, "max_pinned_statuses": 0},
            **_sizes(about),
            "translation": {"enabled": False},
            "limited_federation": False,
        },
        "registrations": {
            "enabled": about.is_open,
            "approval_required": about.needs_approval,
            "reason_required": None,
            "message": None,
            "url": f"{site.base_url}/sign-up" if about.is_open else None,
        },
        "api_versions": {"mastodon": 2},
        "contact": {"email": "", "account": None},
        "rules": [],
    }


def instance_v1(site: Site, about: About) -> Document:
    """As of `/api/v1/instance`."""
    return {
        "uri": site.account_domain,
        "title": site.name,
        "short_description": "",
        "description": "",
        "email": "",
        "version": version(about),
        "urls": {"streaming_api": _streaming(site)},
        "stats": {"user_count": about.people, "status_count": 0, "domain_count": 0},
        "thumbnail": site.picture,
        "languages": ["en", "de"],
        "registrations": about.is_open,
        "approval_required": about.needs_approval,
        "invites_enabled": False,
        "configuration": {"accounts": {"max_featured_tags": 0}, **_sizes(about)},
        "contact_account": None,
        "rules": [],
    }


def published_block(domain: str, how: How, reason: str) -> Document:
    """A server that is limited, as Mastodon's `DomainBlock`.

    The digest is that of the name as it is shown: that of a masked one would tell it.
    """
    return {
        "domain": domain,
        "digest": sha256(domain.encode()).hexdigest(),
        "severity": "suspend" if how in REFUSED else "silence",
        "comment": reason,
    }


def version(about: About) -> str:
    """What clients take for Mastodon's version, up to the first space, and ours."""
    return f"{COMPATIBLE} (compatible; Covey {about.version})"


def _streaming(site: Site) -> str:
    return site.base_url.replace("http", "ws", 1)


def _sizes(about: About) -> Document:
    return {
        "statuses": {
            "max_characters": about.characters_max,
            "max_media_attachments": ATTACHMENTS_MAX,
            "characters_reserved_per_url": 23,
        },
        "media_attachments": {
            "description_limit": DESCRIPTION_CHARS_MAX,
            "supported_mime_types": list(TYPES),
            "image_size_limit": about.upload_max_bytes,
            "image_matrix_limit": MATRIX_MAX,
            "video_size_limit": about.upload_max_bytes,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
        },
        "polls": dict(POLLS),
    }

"""PURE: Account and CredentialAccount.

Source: clients.md 5.2
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from federation.protocol.timestamps import format_time
from federation.queries.numbered_views import FaceView
from node.mastodon.entities.site import Document, Site, shown_domain


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of themselves, where it was asked for.

    Attributes:
        note: Sanitised HTML.
        fields: Pairs of a label and sanitised HTML.
    """

    note: str = ""
    fields: Sequence[tuple[str, str]] = ()
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """What a person sees of themselves alone.

    Attributes:
        note: As they typed it, as are the fields.
        role: owner, admin, moderator or member.
        requests: How many wait for their yes to follow them.
    """

    note: str
    fields: Sequence[tuple[str, str]]
    language: str
    role: str
    requests: int


NOTHING: Final = Said()
# What a role is called by number; the last one is everybody's.
ROLES: Final = {"owner": "3", "admin": "2", "moderator": "1"}
EVERYBODY: Final = "-99"


def account(face: FaceView, site: Site, said: Said = NOTHING) -> Document:
    """An Account, every key of it."""
    picture = face.icon or site.picture
    shown: Document = {
        "id": str(face.number),
        "username": face.username,
        "acct": acct(face),
        "display_name": face.name,
        "locked": said.is_locked,
        "bot": face.is_bot,
        "discoverable": False,
        "indexable": False,
        "noindex": True,
        "hide_collections": True,
        "group": face.is_group,
        "created_at": format_time(face.known_since),
        "note": said.note,
        "url": face.uri,
        "uri": face.uri,
        "avatar": picture,
        "avatar_static": picture,
        "header": site.picture,
        "header_static": site.picture,
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": 0,
        "last_status_at": None,
        "emojis": [],
        "fields": _fields(said.fields),
        "roles": [],
        "moved": None,
    }
    return shown | ({"suspended": True} if face.is_deleted else {})


def credential_account(face: FaceView, site: Site, said: Said, own: Own) -> Document:
    """The Account of whoever asks, with what others do not see."""
    return account(face, site, said) | {
        "source": {
            "privacy": "direct",
            "sensitive": False,
            "language": own.language or None,
            "note": own.note,
            "fields": _fields(own.fields),
            "follow_requests_count": own.requests,
            "hide_collections": True,
            "discoverable": False,
            "indexable": False,
        },
        "role": {
            "id": ROLES.get(own.role, EVERYBODY),
            "name": own.role if own.role in ROLES else "",
            "permissions": "0",
            "color": "",
            "highlighted": False,
        },
    }


def acct(face: FaceView) -> str:
    """A handle as Mastodon writes it: without a domain for people of this node."""
    return face.username if face.is_local else f"{face.username}@{shown_domain(face.domain)}"


def _fields(pairs: Sequence[tuple[str, str]]) -> list[Document]:
    return [{"name": label, "value": value, "verified_at": None} for label, value in pairs]

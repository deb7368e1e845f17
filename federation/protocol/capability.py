"""What an actor's node can do is what the actor's own document lists (FEP-844e)."""

from collections.abc import Mapping
from typing import Any

from federation.protocol.json_ld import as_list
from federation.protocol.vocabulary import PROFILE, RFC9421

_MAX_ENTRIES = 100


def is_aware(actor_document: Mapping[str, Any]) -> bool:
    """Say whether an actor's document advertises group conversations, profile 1.

    A person names the software it runs on as `generator`, a server's actor may list what it
    implements itself, and a conversation actor has `chatProfile`.

    Source: groups-protocol.md 1; FEP-844e
    """
    return actor_document.get("chatProfile") == PROFILE or _lists(actor_document, PROFILE)


def takes_rfc9421(actor_document: Mapping[str, Any]) -> bool:
    """Say whether an actor's node takes requests that are signed by RFC 9421.

    Source: FEP-844e
    """
    return _lists(actor_document, RFC9421)


def _lists(actor_document: Mapping[str, Any], capability: str) -> bool:
    generator = actor_document.get("generator")
    implementers = [actor_document, *([generator] if isinstance(generator, dict) else [])]
    return any(
        _capability(entry) == capability
        for implementer in implementers
        for entry in as_list(implementer.get("implements"))[:_MAX_ENTRIES]
    )


def _capability(entry: object) -> object:
    """Answer what an entry of `implements` names: a Link has `href`, an object `id`."""
    return entry.get("href", entry.get("id")) if isinstance(entry, dict) else entry

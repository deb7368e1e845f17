"""A message's own address answers those it was for, and home; everybody else sees nothing."""

from collections.abc import Sequence
from typing import Any

from federation.keyring import Keyring
from federation.protocol import strict_json
from federation.protocol.build.collection import collection
from federation.protocol.build.life import tombstone
from federation.protocol.namespace import Namespace
from federation.protocol.uri import host_of
from federation.protocol.vocabulary import INVITE_NOTICE
from federation.queries.fetchable import (
    Answer,
    Asker,
    Gone,
    Hidden,
    Private,
    encoded,
    had_message,
    may_have_message,
)
from storage import activities, readers
from storage.database import Row
from storage.times import from_ms


async def note(space: Namespace, name: str, note_id: str, *, asker: Asker) -> Answer:
    """A Note by one of our people: with `@context`, without proof.

    Source: groups-protocol.md 11, rule 2
    """
    uri = space.note(name, note_id)
    rows = await _rows(uri, asker)
    if rows and rows[0]["deleted_at"] is not None:
        return _gone(uri, rows, asker)
    text = await _find_text(uri, rows, asker, is_newest=True) or await _invitation(uri, asker)
    return Hidden() if text is None else Private(encoded(_note_in(text)))


async def create(uri: str, *, asker: Asker, keyring: Keyring) -> Answer:
    """The Create of such a Note, with a proof by a key that its author uses.

    Args:
        uri: Of the Note.
        asker: Who asks.
        keyring: Makes the proof anew if it is by another key.
    """
    text = await _find_text(uri, await _rows(uri, asker), asker, is_newest=False)
    return Hidden() if text is None else Private((await keyring.renewed(text)).encode())


async def direct_context(space: Namespace, name: str, context_id: str, *, asker: Asker) -> Answer:
    """The context of a direct conversation: an empty collection for the hosts of its people.

    Source: groups-protocol.md 2
    """
    uri = space.direct_context(name, context_id)
    # A context is named like the message for which it was minted.
    note_uri = space.note(name, context_id)
    if not asker.host or not await readers.is_in_direct(uri, asker.host, message=note_uri):
        return Hidden()
    return Private(encoded(collection(uri, owner=space.person(name), total=0)))


async def _rows(uri: str, asker: Asker) -> list[Row]:
    return await readers.message_for_host(uri, asker.host) if asker.host else []


def _gone(uri: str, rows: Sequence[Row], asker: Asker) -> Answer:
    """Who had a deleted message learns that it is deleted; nobody else that it was there."""
    if not had_message(rows, asker.host):
        return Hidden()
    return Gone(encoded(tombstone(uri, deleted_at=from_ms(rows[0]["deleted_at"]))))


async def _find_text(uri: str, rows: Sequence[Row], asker: Asker, *, is_newest: bool) -> str | None:
    """The Create of a message of ours, or what brought its present text."""
    if not rows or rows[0]["deleted_at"] is not None or rows[0]["removed_at"] is not None:
        return None
    if not may_have_message(rows, asker.host):
        return None
    activity_id = rows[0]["activity_id"]
    if activity_id != f"{uri}/create":
        return None
    kept = await activities.by_id([(is_newest and rows[0]["latest_id"]) or activity_id])
    return str(kept[0]["document"]) if kept else None


async def _invitation(uri: str, asker: Asker) -> str | None:
    """What asks somebody into a group in words, for the hosts that it went to."""
    kept = await activities.by_id([f"{uri}/create"]) if asker.host else []
    document = strict_json.loads(kept[0]["document"].encode()) if kept else {}
    if document.get("object", {}).get("chatNotice") != INVITE_NOTICE:
        return None
    hosts = {host_of(one) for one in document["to"]}
    return str(kept[0]["document"]) if asker.host in hosts else None


def _note_in(text: str) -> dict[str, Any]:
    document = strict_json.loads(text.encode())
    return {"@context": document["@context"], **document["object"]}

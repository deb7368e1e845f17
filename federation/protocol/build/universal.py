"""No Note leaves this node that another server would narrow, publish or lose."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from federation.protocol.errors import LocalProtocolError
from federation.protocol.json_ld import is_public
from federation.protocol.uri import same_origin

TEXT_CHARS_MAX: Final = 10_000
ATTACHMENTS_MAX: Final = 10

_TAG: Final = re.compile(r"<[^>]*>")
_HANDLE: Final = re.compile(r"@[^@\s]+@[^@\s]+")


def require_universal(create: Mapping[str, Any], *, is_compact: bool) -> None:
    """Check a Create and its Note against the Universal Note rules, numbered as in their section.

    Args:
        create: As it would be signed.
        is_compact: Whether `to` is the conversation actor alone and nobody is mentioned.

    Raises:
        LocalProtocolError: A rule is broken, and nothing may leave.

    Source: groups-protocol.md 6.2
    """
    note = create["object"]
    _require_one_author(create, note)  # 1
    _require_addressing(create, note)  # 2
    _require_mentions(note, wanted=() if is_compact else note["to"])  # 3 and 9
    _require_direct_flag(create, note)  # 4
    _require_text(note)  # 7
    _require_attachments(note)  # 8


def _require_one_author(create: Mapping[str, Any], note: Mapping[str, Any]) -> None:
    if note["type"] != "Note":
        raise LocalProtocolError("a message is not a plain Note")
    if note["attributedTo"] != create["actor"]:
        raise LocalProtocolError("a Note is not by the actor of its Create")
    for own in (create["id"], note["id"], note["url"]):
        if not same_origin(own, create["actor"]):
            raise LocalProtocolError(f"not on the author's origin: {own}")


def _require_addressing(create: Mapping[str, Any], note: Mapping[str, Any]) -> None:
    if create["to"] != note["to"] or create["cc"] or note["cc"]:
        raise LocalProtocolError("Create and Note do not agree on a plain `to` and an empty `cc`")
    if not note["to"] or len(set(note["to"])) != len(note["to"]):
        raise LocalProtocolError("a Note addresses nobody, or somebody twice")
    if create["actor"] in note["to"]:
        raise LocalProtocolError("a Note addresses its author")
    for addressee in note["to"]:
        if is_public(addressee):
            raise LocalProtocolError(f"a private Note addresses {addressee}")
    for term in ("bto", "bcc"):
        if term in create or term in note:
            raise LocalProtocolError(f"a Note has {term}")


def _require_mentions(note: Mapping[str, Any], *, wanted: Sequence[str]) -> None:
    # A collection has no handle, so that none gets past this either.
    mentions = [tag for tag in note["tag"] if tag["type"] == "Mention"]
    if [mention["href"] for mention in mentions] != list(wanted):
        raise LocalProtocolError("Mentions are not one for each addressee")
    for mention in mentions:
        if not _HANDLE.fullmatch(mention["name"]):
            raise LocalProtocolError(f"a Mention is not of the form @user@host: {mention['name']}")
    if any(tag["type"] == "Hashtag" for tag in note["tag"]):
        raise LocalProtocolError("a Note has a Hashtag")


def _require_direct_flag(create: Mapping[str, Any], note: Mapping[str, Any]) -> None:
    if note["directMessage"] is not True or "directMessage" in create:
        raise LocalProtocolError("directMessage stands on the Note, is true, and nowhere else")


def _require_text(note: Mapping[str, Any]) -> None:
    if len(html.unescape(_TAG.sub("", note["content"]))) > TEXT_CHARS_MAX:
        raise LocalProtocolError("a message has more than 10,000 characters of text")


def _require_attachments(note: Mapping[str, Any]) -> None:
    attached = note.get("attachment", [])
    if len(attached) > ATTACHMENTS_MAX:
        raise LocalProtocolError("a message has more than 10 attachments")
    for one in attached:
        if not one["digestMultibase"]:
            raise LocalProtocolError(f"an attachment has no digest: {one['mediaType']}")

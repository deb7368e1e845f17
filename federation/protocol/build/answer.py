"""People answer invitations, and conversations answer requests, with an Accept or a Reject."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from federation.protocol.errors import LocalProtocolError
from federation.protocol.json_ld import id_of
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT

NOTICES: Final = frozenset(
    {
        "not-allowed",
        "no-change",
        "full",
        "unaware-limit",
        "banned",
        "withdrawn",
        "expired",
        "closed",
        "rate",
    }
)


def accept(
    invite: Mapping[str, Any], *, answer_id: str, chat_log: str, published: datetime
) -> dict[str, Any]:
    """Build a person's Accept, without proof; it embeds the Invite whole, for home to check.

    Args:
        invite: As received, with its `@context` and proof.
        answer_id: Id of the Accept.
        chat_log: The log the person will write.
        published: When.

    Source: groups-protocol.md 5.2
    """
    return {**_answer("Accept", invite, answer_id, published), "chatLog": chat_log}


def reject(invite: Mapping[str, Any], *, answer_id: str, published: datetime) -> dict[str, Any]:
    """Build a person's Reject of an Invite, without proof."""
    return _answer("Reject", invite, answer_id, published)


def reject_add(add: Mapping[str, Any], *, answer_id: str, published: datetime) -> dict[str, Any]:
    """Build the Reject of an Add that the person it names did not consent to, without proof.

    Args:
        add: The state change as received.
        answer_id: Id of the Reject, on the person's origin.
        published: When.

    Source: groups-protocol.md 4.3
    """
    return {
        "@context": CONTEXT,
        "id": answer_id,
        "type": "Reject",
        "actor": add["object"]["subject"],
        "object": dict(add),
        "to": [id_of(add["actor"])],
        "published": format_time(published),
    }


def refuse(
    request: Mapping[str, Any],
    *,
    answer_id: str,
    conversation: str,
    notice: str,
    published: datetime,
) -> dict[str, Any]:
    """Build home's Reject of a member's request, Invite or Accept, without proof.

    Args:
        request: What was asked; it is named by its id.
        answer_id: Id of the Reject, on home's origin.
        conversation: The conversation actor.
        notice: Why, one of NOTICES.
        published: When.

    Raises:
        LocalProtocolError: The notice is no such word.

    Source: groups-protocol.md 4.5
    """
    if notice not in NOTICES:
        raise LocalProtocolError(f"no refusal has the notice {notice!r}")
    return {
        "@context": CONTEXT,
        "id": answer_id,
        "type": "Reject",
        "actor": conversation,
        "object": request["id"],
        "chatNotice": notice,
        "to": [id_of(request["actor"])],
        "published": format_time(published),
    }


def _answer(
    verb: str, invite: Mapping[str, Any], answer_id: str, published: datetime
) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": answer_id,
        "type": verb,
        "actor": id_of(invite["target"]),
        "object": dict(invite),
        "to": [id_of(invite["object"]), id_of(invite["actor"])],
        "published": format_time(published),
    }

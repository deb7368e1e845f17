"""An invitation goes out as an Invite by a member, with an end; in words to unaware people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any, Final

from federation.protocol.build.note import Addressee
from federation.protocol.build.universal import require_universal
from federation.protocol.errors import LocalProtocolError
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT, INVITE_NOTICE

OPEN_FOR_MAX: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who invites whom, into what, until when.

    Attributes:
        text: A line to the invited person, or "".
    """

    id: str
    inviter: str
    conversation: str
    invitee: str
    published: datetime
    ends_at: datetime
    text: str = ""


def invite(invitation: Invitation) -> dict[str, Any]:
    """Build the Invite, without proof.

    Raises:
        LocalProtocolError: It would stay open for more than 30 days, or for no time.

    Source: groups-protocol.md 5.1
    """
    if not timedelta(0) < invitation.ends_at - invitation.published <= OPEN_FOR_MAX:
        raise LocalProtocolError("an invitation is open for more than 30 days, or not at all")
    return {
        "@context": CONTEXT,
        "id": invitation.id,
        "type": "Invite",
        "actor": invitation.inviter,
        "object": invitation.conversation,
        "target": invitation.invitee,
        "to": [invitation.invitee, invitation.conversation],
        **({"summary": invitation.text} if invitation.text else {}),
        "published": format_time(invitation.published),
        "endTime": format_time(invitation.ends_at),
    }


@dataclass(frozen=True, slots=True)
class InvitationInWords:
    """An invitation as somebody reads it whose software knows none.

    Attributes:
        name: What the inviter is called.
        note_id: Id of the Note.
        page: The https page that stands for it, on the inviter's origin.
        thread: What an answer repeats as `conversation`.
        title: Of the group, "" for none.
        others: Handles of its other members.
        people: Whom it goes to: the invited person, then the conversation actor.
    """

    inviter: str
    name: str
    note_id: str
    page: str
    thread: str
    title: str
    others: Sequence[str]
    people: Sequence[Addressee]
    published: datetime


def in_words(said: InvitationInWords) -> dict[str, Any]:
    """Build the Create of an invitation Note, without proof.

    Raises:
        LocalProtocolError: The Note breaks a rule that other servers rely on.

    Source: groups-protocol.md 5.4
    """
    to = [one.uri for one in said.people]
    note = {
        "id": said.note_id,
        "type": "Note",
        "attributedTo": said.inviter,
        "to": to,
        "cc": [],
        "tag": [
            {"type": "Mention", "href": one.uri, "name": f"@{one.acct}"} for one in said.people
        ],
        "directMessage": True,
        "conversation": said.thread,
        "context": said.thread,
        "content": _words(said),
        "chatNotice": INVITE_NOTICE,
        "published": format_time(said.published),
        "summary": None,
        "sensitive": False,
        "url": said.page,
    }
    create = {
        "@context": CONTEXT,
        "id": f"{said.note_id}/create",
        "type": "Create",
        "actor": said.inviter,
        "to": to,
        "cc": [],
        "published": format_time(said.published),
        "context": said.thread,
        "object": note,
    }
    require_universal(create, is_compact=False)
    return create


def _words(said: InvitationInWords) -> str:
    """Handles stand there without an @, so that nobody's software makes addressees of them."""
    title = f"the private group “{escape(said.title)}”" if said.title else "a private group"
    others = len(said.others)
    more = f" and {others - 1} more" if others > 1 else ""
    with_whom = f" ({escape(said.others[0])}{more})" if others else ""
    return (
        f"<p>{escape(said.name)} invites you to {title}{with_whom}. Reply to all with "
        "<strong>yes</strong> to join or <strong>no</strong> to decline. Members and the "
        "administrators of their servers can read what is written there. Write LEAVE at any time "
        "to leave.</p>"
    )

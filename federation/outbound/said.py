"""What an answer says besides its status is read with distrust."""

from typing import Final

from federation.groups.doors import CONTACTS_ONLY
from federation.outbound.outcome import Answered
from federation.policy.refusal import read_refusal
from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.vocabulary import CHAT
from federation.transport.answer import Answer

FORBIDDEN: Final = 403


def said_by(answer: Answer) -> Answered:
    """What an answer says, as far as anything comes of it."""
    retry_after = answer.headers.get("retry-after", "")
    if answer.status != FORBIDDEN or not answer.body:
        return Answered(answer.status, retry_after)
    return Answered(
        answer.status, retry_after, _says_contacts_only(answer), read_refusal(answer.body)
    )


def _says_contacts_only(answer: Answer) -> bool:
    """Whether the problem document says that somebody takes nothing of people they do not know."""
    try:
        return strict_json.loads(answer.body).get("type") == CHAT + CONTACTS_ONLY
    except RemoteProtocolError:
        return False

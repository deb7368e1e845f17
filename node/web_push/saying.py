"""What a push says, and what the answer of its service means."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Final

import msgspec

from federation.queries.notifications import MENTION, of_message
from federation.queries.pushes import Noise, Silence
from federation.transport.answer import Answer
from federation.transport.failure import NoAnswer

RETRY_MAX: Final = timedelta(minutes=10)
TOO_MANY: Final = 429
SERVER_FAULT: Final = 500
TOPIC_CHARS: Final = 32


def may_pass(status: int) -> bool:
    """Whether the service may take later what it does not take."""
    return status == TOO_MANY or status >= SERVER_FAULT


def asked_wait(answer: Answer | NoAnswer) -> timedelta:
    """How long the service wants to be left alone, within reason."""
    said = answer.headers.get("retry-after", "") if isinstance(answer, Answer) else ""
    is_number = said.isascii() and said.isdecimal() and len(said) < len("100000")
    return min(timedelta(seconds=int(said)) if is_number else timedelta(), RETRY_MAX)


def topic_of(conversation_id: str) -> str:
    """What the service replaces a push by that it could not hand over yet; it tells it nothing."""
    digest = sha256(f"topic {conversation_id}".encode()).digest()
    return urlsafe_b64encode(digest).decode()[:TOPIC_CHARS]


def document_for_app(said: Noise, token: str, *, shows_text: bool) -> bytes:
    """What an app of Mastodon's API reads (clients.md 7.3)."""
    return msgspec.json.encode(
        {
            "access_token": token,
            "preferred_locale": "en",
            "notification_id": of_message(said.message_id, said.author_uri).number,
            "notification_type": MENTION,
            "icon": "",
            "title": said.author,
            "body": said.text if shows_text else "",
        }
    )


def document_of(said: Noise | Silence, *, shows_text: bool) -> bytes:
    """What the worker of the page reads."""
    if isinstance(said, Silence):
        return msgspec.json.encode({"type": "read", "conversation": said.conversation_id})
    return msgspec.json.encode(
        {
            "type": "message",
            "conversation": said.conversation_id,
            "message": said.message_id,
            "title": said.title,
            "author": said.author,
            "text": said.text or None if shows_text else None,
        }
    )

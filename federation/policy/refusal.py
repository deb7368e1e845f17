"""PURE: what a server says of its refusal to another, whose people read it.

Source: policy.md 4
"""

from dataclasses import dataclass
from typing import Final

from federation.content.plain import clean_name, to_text
from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.vocabulary import CHAT

# The type of the problem document that says so.
REFUSED: Final = f"{CHAT}refused"
CATEGORY_CHARS_MAX: Final = 100
DETAIL_CHARS_MAX: Final = 500

# What the author of a message reads.
NO_EXCHANGE: Final = "{host} does not exchange messages with our server."
NO_EXCHANGE_BECAUSE: Final = "{host} does not exchange messages with our server. Reason: {reason}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a server takes nothing from another, as far as it says so.

    Attributes:
        category: In a word or two, or "".
        detail: In a sentence, or "".
    """

    category: str = ""
    detail: str = ""


def read_refusal(body: bytes) -> Refusal | None:
    """What another server says in the body of a 403; None where it says nothing of the kind.

    SECURITY: it is somebody's text, which people here read: without markup, on one line, without
    what steers the display, and short; tests/unit/policy/test_refusal.py.

    Args:
        body: As it came, no longer than the client reads.
    """
    try:
        document = strict_json.loads(body)
    except RemoteProtocolError:
        return None
    if document.get("type") != REFUSED:
        return None
    return Refusal(
        _cleaned(document.get("category"), CATEGORY_CHARS_MAX),
        _cleaned(document.get("detail"), DETAIL_CHARS_MAX),
    )


def _cleaned(said: object, limit: int) -> str:
    return clean_name(to_text(said), limit) if isinstance(said, str) else ""


def sentence(host: str, refusal: Refusal) -> str:
    """What the author of a message reads of a host that refuses it."""
    reason = refusal.detail or refusal.category
    if refusal.detail and refusal.category:
        reason = f"{refusal.detail} ({refusal.category})"
    said = NO_EXCHANGE_BECAUSE if reason else NO_EXCHANGE
    return said.format(host=host, reason=reason)


def reason_in(host: str, said: str) -> str | None:
    """The reason in what `sentence` has made of a host's refusal, "" for none.

    None for a sentence that says something else.
    """
    plain = NO_EXCHANGE.format(host=host)
    if said == plain:
        return ""
    begins = NO_EXCHANGE_BECAUSE.format(host=host, reason="")
    return said.removeprefix(begins) if said.startswith(begins) else None

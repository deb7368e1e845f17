"""PURE: who may write to somebody and invite them: at once, after a yes, or not at all.

Source: chat-ux.md 3 (People; Settings) and 9
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

ANYONE: Final = "anyone"
REQUESTS: Final = "requests"
CONTACTS: Final = "contacts"
# What somebody may choose for messages and for invitations, the widest first.
CHOICES: Final = (ANYONE, REQUESTS, CONTACTS)

# What a person has to do with somebody, the nearest first: a direct conversation that they have
# begun or taken up; a follow; a group that both are in.
WRITTEN: Final = "direct"
FOLLOWED: Final = "followed"
IN_A_GROUP: Final = "group"

# The word of the problem and of the answer to another server, where somebody takes nothing.
CONTACTS_ONLY: Final = "contacts-only"

Entry = Literal["open", "asks", "closed"]


@dataclass(frozen=True, slots=True)
class Door:
    """What a person has chosen.

    Attributes:
        writers: Who may write to them, one of `CHOICES`.
        inviters: Who may invite them, likewise.
        trusts_followed: Whether those they follow count as their contacts.
        mates_ask: Whether a first message of somebody in a group of theirs is a request too.
    """

    writers: str = REQUESTS
    inviters: str = REQUESTS
    trusts_followed: bool = True
    mates_ask: bool = False


def entry(door: Door, ties: Collection[str], *, invites: bool) -> Entry:
    """What becomes of a first message or an invitation.

    Args:
        door: What the person has chosen whom it is for.
        ties: What they have to do with its author.
        invites: Whether it is an invitation.
    """
    choice = door.inviters if invites else door.writers
    is_contact = WRITTEN in ties or (door.trusts_followed and FOLLOWED in ties)
    if is_contact or choice == ANYONE:
        return "open"
    if choice == CONTACTS:
        return "closed"
    is_mate = IN_A_GROUP in ties and (invites or not door.mates_ask)
    return "open" if is_mate else "asks"


def sentence(name: str, *, invites: bool) -> str:
    """What the author is told where a door is closed; `name` is what the person is called."""
    if invites:
        return f"{name} does not take invitations from people they don't know."
    return f"{name} does not take messages from people they don't know."

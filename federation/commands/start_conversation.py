"""A conversation begins: a group whose people are asked first, or a direct one with a fixed set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from federation.commands.desk import Desk, Made, find_repeated, submit
from federation.commands.people import find_fault, find_people
from federation.commands.text import judge_text
from federation.content.plain import clean_name
from federation.groups.settings import DEFAULTS
from federation.groups.size import DIRECT_MAX
from federation.groups.wishes import are_sound
from federation.keyring import new_pairs
from federation.pipeline.item import Once, PostMessage, StartDirect, StartGroup
from federation.protocol.verdict import Refused
from storage.actors import StoredActor

TITLE_MAX: Final = 100
PEOPLE_MAX: Final = 200
USERNAME_BYTES: Final = 10

TITLE_TOO_LONG: Final = Refused(f"A title has at most {TITLE_MAX} characters.", 422)
TOO_MANY: Final = Refused(f"A group starts with at most {PEOPLE_MAX} people.", 422)
NO_TITLE: Final = Refused("A direct conversation has neither title nor settings.", 422)
NO_SETTING: Final = Refused("settings has a value that no group can have.", 422)
NOBODY: Final = Refused("A direct conversation is with somebody else.", 422)
TOO_MANY_DIRECT: Final = Refused(
    f"A direct conversation has at most {DIRECT_MAX} people, you included; start a group.", 422
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A conversation as somebody asks for it.

    Attributes:
        title: "" for a group without one.
        members: Handles of the others.
        text: A first message, or "" for none.
        settings: Of a group, those that are others than usual.
    """

    kind: Literal["group", "direct"]
    title: str
    members: tuple[str, ...]
    text: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


async def start_conversation(
    desk: Desk, author: str, wanted: Wanted, *, characters_max: int, once: Once | None = None
) -> Made | Refused:
    """Start a conversation, or answer the direct one that is there.

    Args:
        desk: What a command needs.
        author: The actor of the person who asks.
        wanted: What they ask for.
        characters_max: The longest first message.
        once: The key under which a repeat makes nothing more.
    """
    refused = _judge(wanted) or (judge_text(wanted.text, characters_max) if wanted.text else None)
    if refused is not None:
        return refused
    people = await find_people(desk, wanted.members)
    if isinstance(people, Refused):
        return people
    others = tuple(person for person in people if person.uri != author)
    if wanted.kind == "group":
        return await _group(desk, author, wanted, others, once)
    refused = await find_fault(desk, others) if len(others) > 1 else None
    if not others or refused is not None:
        return refused or NOBODY
    return await _direct(desk, author, tuple(one.uri for one in others), wanted.text, once)


def _judge(wanted: Wanted) -> Refused | None:
    if wanted.kind == "direct":
        too_many = TOO_MANY_DIRECT if len(wanted.members) > DIRECT_MAX else None
        return NO_TITLE if wanted.title or wanted.settings else too_many
    if len(wanted.members) > PEOPLE_MAX:
        return TOO_MANY
    if not are_sound({**DEFAULTS, **wanted.settings}):
        return NO_SETTING
    return TITLE_TOO_LONG if len(wanted.title) > TITLE_MAX else None


async def _group(
    desk: Desk,
    author: str,
    wanted: Wanted,
    others: tuple[StoredActor, ...],
    once: Once | None,
) -> Made | Refused:
    # Keys are slow to make, so a repeat does not get that far.
    known = await find_repeated(once) if once is not None else None
    known = known or await find_fault(desk, others)
    if known is not None:
        return known
    conversation_id = desk.entropy.new_id()
    uri = desk.space.conversation(conversation_id)
    keys = await new_pairs(uri, desk.entropy, sealer=desk.sealer, at=desk.clock())
    desk.keyring.remember(keys)
    made = await submit(
        desk,
        StartGroup(
            author=author,
            conversation_id=conversation_id,
            username=f"c-{desk.entropy.hexadecimal(USERNAME_BYTES)}",
            keys=keys,
            title=clean_name(wanted.title),
            invitees=tuple(person.uri for person in others),
            text=wanted.text,
            once=once,
            settings=wanted.settings,
        ),
    )
    if isinstance(made, Refused) or made.resource != conversation_id:
        desk.keyring.forget(uri)
    return made


async def _direct(
    desk: Desk, author: str, people: tuple[str, ...], text: str, once: Once | None
) -> Made | Refused:
    """Opening it twice is opening it once, so with a text the key guards the text."""
    if not text:
        return await submit(desk, StartDirect(author, people, once))
    opened = await submit(desk, StartDirect(author, people))
    if isinstance(opened, Refused):
        return opened
    said = await submit(desk, PostMessage(author, opened.resource, text, once=once))
    return said if isinstance(said, Refused) else opened

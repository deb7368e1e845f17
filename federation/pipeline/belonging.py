"""PURE: the group that an unaware author's message is in, by whom and what it names.

Source: groups-protocol.md 6.7, rules 2 to 5
"""

from dataclasses import dataclass

from federation.activities.known import KnownConversation
from federation.activities.message import Message
from federation.pipeline.load import Loaded
from federation.pipeline.needs import Needs


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where a message belongs.

    Attributes:
        group: The group that it is in, or whose conversation actor it addresses; None for a
            direct message.
        aside: The group that it answers beside, since it reaches some of the members alone.
    """

    group: KnownConversation | None = None
    aside: KnownConversation | None = None


def belonging_of(needs: Needs, loaded: Loaded) -> Belonging | None:
    """Where a message belongs; None for anything but a legacy message.

    1. The first conversation actor that it addresses.
    2. The group that it names, if it addresses every other member of it.
    3. Else it is direct. Of a group that it names it bears the hint if its author is or was a
       member there.

    What the author of a message may say in a group is asked later.
    """
    said = needs.said
    author = loaded.actors.get(needs.author)
    if said is None or author is None or author.aware or said.activity.epoch is not None:
        return None
    # 1
    for name in said.people:
        if name in loaded.by_uri:
            return Belonging(loaded.by_uri[name])
    # 2
    named = _named(said, loaded)
    if named is None:
        return Belonging()
    others = set(named.present()) - {needs.author}
    if named.is_in(needs.author) and others <= set(said.people):
        return Belonging(named)
    # 3
    was_there = any(span.person == needs.author for span in named.spans)
    return Belonging(aside=named if was_there else None)


def _named(said: Message, loaded: Loaded) -> KnownConversation | None:
    """The group that a message names by what it repeats or answers."""
    parent = loaded.messages.get(said.in_reply_to)
    named = (
        loaded.by_context.get(said.thread),
        loaded.by_context.get(said.context),
        loaded.by_id.get(parent.conversation_id) if parent is not None else None,
    )
    return next((one for one in named if one is not None and one.state is not None), None)

"""PURE: what a person is told of the way by which a message came, in the words of the JSON API."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What a message says of how it travelled.

    Attributes:
        kind: relayed, late, public, followers, also-to, only-to, aside or unheard-answer;
            media-kept-back, links-off or no-preview where this node's rules say so; marked where
            a rule made a request of it, whose words are cut.
        host: Who relayed it, or "".
        people: Handles of whom it went to besides, or alone.
        conversation_id: The group that it answers beside, or whose invitation it answers, or "".
        title: Of that group.
    """

    kind: str
    host: str = ""
    people: tuple[str, ...] = ()
    conversation_id: str = ""
    title: str = ""

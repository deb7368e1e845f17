"""PURE: what an app could do with a scope, in plain words."""

from collections.abc import Collection
from typing import Final

from node.identity.scopes import COVERED, SCOPES

READS_MESSAGES: Final = "This app can read your private messages."
# With these no message is seen. All else counts as reading: what is written is answered with it.
_PARTS: Final = ("accounts", "blocks", "filters", "follows", "lists")
_BLIND: Final = frozenset(
    {"profile", "follow", *(f"{way}:{part}" for way in ("read", "write") for part in _PARTS)}
)

WORDS: Final = {
    "read": "Read all that you can read here: your conversations, your people, your settings",
    "read:accounts": "See your account and the people you know",
    "read:blocks": "See whom you have blocked",
    "read:filters": "See your filters",
    "read:follows": "See whom you follow",
    "read:groups": "See your groups and who is in them",
    "read:lists": "See your lists",
    "read:mutes": "See what you have muted",
    "read:notifications": "See what you are notified of",
    "read:search": "Search in what you can read",
    "read:statuses": "Read your conversations and their messages",
    "write": "Do all that you can do here: write, change and delete messages, invite and leave",
    "write:accounts": "Change your account and your settings",
    "write:blocks": "Block people and servers",
    "write:conversations": "Start conversations, answer invitations, leave, mark as read",
    "write:favourites": "React to messages",
    "write:filters": "Change your filters",
    "write:follows": "Follow people and stop following them",
    "write:groups": "Change your groups: who is in them, what they are called, links into them",
    "write:lists": "Change your lists",
    "write:media": "Upload pictures and files",
    "write:mutes": "Mute people and conversations",
    "write:notifications": "Clear what you are notified of",
    "write:reports": "Report people and messages to moderators",
    "write:statuses": "Write, change and delete messages in your name",
    "follow": "See and change whom you follow, block and mute",
    "push": "Send notifications to this device",
    "profile": "See your name and your picture",
    "admin:read": "See everything that you see as an administrator",
    "admin:write": "Do everything that you do as an administrator",
}
_ADMIN_PART: Final = {
    "admin:read": "See as an administrator: {part}",
    "admin:write": "Change as an administrator: {part}",
}


def words_for(scopes: Collection[str]) -> tuple[str, ...]:
    """A sentence for each scope that none of the others covers, in a fixed order."""
    return tuple(
        _words(each)
        for each in SCOPES
        if each in scopes and not any(each in COVERED.get(other, ()) for other in scopes)
    )


def reads_messages(scopes: Collection[str]) -> bool:
    """Whether what people have written in private may be seen with these."""
    return not frozenset(scopes) <= _BLIND


def _words(scope: str) -> str:
    if scope in WORDS:
        return WORDS[scope]
    parent, _, part = scope.rpartition(":")
    return _ADMIN_PART[parent].format(part=part.replace("_", " "))

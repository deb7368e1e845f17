"""A person asks for a change of a group: its people, what it is called, or its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from federation.commands.desk import Desk, Made, submit
from federation.commands.once import MaybeOnce
from federation.commands.people import find_known
from federation.content.plain import clean_name
from federation.groups.state import MEMBER_ROLES, OUTCAST
from federation.groups.wishes import Describe, End, GiveRole, TakeRole
from federation.pipeline.item import ChangeGroup, WithdrawInvitation
from federation.protocol import uri
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Refused
from storage.conversation_lists import find_standing

TITLE_MAX: Final = 100
ASKED: Final = frozenset({"invited", "requested"})

NOBODY: Final = Refused("Nobody of that address is here.", 404)
NO_ROLE: Final = Refused("role is admin, moderator or member.", 422)
TOO_LONG: Final = Refused(f"A title has at most {TITLE_MAX} characters.", 422)
NO_PICTURE: Final = Refused("icon is the URL of a picture.", 422)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be different; None leaves it as it is.

    Attributes:
        icon: A URL, "" for none.
        successors: Handles of members on other nodes, in their order.
    """

    title: str | None = None
    icon: str | None = None
    settings: Mapping[str, Any] | None = None
    successors: Sequence[str] | None = None


async def describe(
    desk: Desk, author: str, conversation_id: str, wanted: Wanted, *, once: MaybeOnce = None
) -> Made | Refused:
    """Change title, icon, settings or successors."""
    wish = await _read(desk, wanted)
    if isinstance(wish, Refused):
        return wish
    return await submit(desk, ChangeGroup(author, conversation_id, wish, once))


async def _read(desk: Desk, wanted: Wanted) -> Describe | Refused:
    if wanted.title is not None and len(wanted.title) > TITLE_MAX:
        return TOO_LONG
    allow_http = desk.directory.fetcher.allow_http
    if wanted.icon and not _is_url(wanted.icon, allow_http=allow_http):
        return NO_PICTURE
    successors: list[str] | None = None
    if wanted.successors is not None:
        found = [await find_known(desk, acct) for acct in wanted.successors]
        successors = [person.uri for person in found if person is not None]
        if len(successors) < len(found):
            return NOBODY
    return Describe(
        name=None if wanted.title is None else clean_name(wanted.title),
        icon=wanted.icon,
        settings=wanted.settings,
        successors=None if successors is None else tuple(successors),
    )


def _is_url(text: str, *, allow_http: bool) -> bool:
    longest = uri.LINK_CHARS_MAX
    try:
        return uri.canonical(text, allow_http=allow_http, chars_max=longest) == text
    except RemoteProtocolError:
        return False


async def give_role(
    desk: Desk, author: str, conversation_id: str, *, acct: str, role: str, once: MaybeOnce = None
) -> Made | Refused:
    """Make a member admin, moderator or member."""
    if role not in MEMBER_ROLES:
        return NO_ROLE
    person = await find_known(desk, acct)
    if person is None:
        return NOBODY
    wish = GiveRole(person.uri, role)
    return await submit(desk, ChangeGroup(author, conversation_id, wish, once))


async def remove(
    desk: Desk,
    author: str,
    conversation_id: str,
    *,
    acct: str,
    is_quiet: bool = False,
    once: MaybeOnce = None,
) -> Made | Refused:
    """Remove a member, unban an outcast, or withdraw the invitation of who is asked in."""
    person = await find_known(desk, acct)
    standing = await find_standing(conversation_id, person.uri) if person is not None else None
    if person is None or standing is None:
        return NOBODY
    if standing in ASKED:
        return await submit(desk, WithdrawInvitation(author, conversation_id, person.uri, once))
    wish = TakeRole(person.uri)
    return await submit(desk, ChangeGroup(author, conversation_id, wish, once, is_quiet))


async def ban(
    desk: Desk,
    author: str,
    conversation_id: str,
    *,
    acct: str,
    is_quiet: bool = False,
    once: MaybeOnce = None,
) -> Made | Refused:
    """Make somebody an outcast, who cannot be invited."""
    person = await find_known(desk, acct)
    if person is None:
        return NOBODY
    wish = GiveRole(person.uri, OUTCAST)
    return await submit(desk, ChangeGroup(author, conversation_id, wish, once, is_quiet))


async def close(
    desk: Desk, author: str, conversation_id: str, *, once: MaybeOnce = None
) -> Made | Refused:
    """End a group; everybody keeps what they have."""
    return await submit(desk, ChangeGroup(author, conversation_id, End(), once))

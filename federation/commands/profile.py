"""A person says who they are, and everybody elsewhere who knows them hears it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from federation.content.plain import clean_name
from federation.content.steering import clean_text
from federation.pipeline import errands, new_keys
from federation.protocol.verdict import Allowed, Refused
from storage import profiles
from storage.database import transaction, wake
from storage.profiles import Profile

NAME_CHARS_MAX: Final = 60
BIO_CHARS_MAX: Final = 500
DETAILS_MAX: Final = 4
DETAIL_CHARS_MAX: Final = 200

NOBODY: Final = Refused("There is no such account.", 404)
LONG_NAME: Final = Refused(f"A name has at most {NAME_CHARS_MAX} characters.", 422)
LONG_BIO: Final = Refused(
    f"What you say about yourself has at most {BIO_CHARS_MAX} characters.", 422
)
MANY_DETAILS: Final = Refused(f"A profile has at most {DETAILS_MAX} fields.", 422)
LONG_DETAIL: Final = Refused(f"A field has at most {DETAIL_CHARS_MAX} characters.", 422)


@dataclass(frozen=True, slots=True)
class ProfileWish:
    """What is to be said from here on; None leaves it as it is."""

    name: str | None = None
    bio: str | None = None
    details: Sequence[tuple[str, str]] | None = None


async def change_profile(
    person: str, wish: ProfileWish, *, new_id: Callable[[], str], now: datetime
) -> Allowed | Refused:
    """Change what a local person says of themselves; others are told as soon as the node runs.

    Args:
        person: Whose profile.
        wish: What changes.
        new_id: Names what is to be done.
        now: When.
    """
    verdict = judge_profile(wish)
    if isinstance(verdict, Refused):
        return verdict
    async with transaction():
        held = await profiles.find_profile(person)
        if held is None:
            return NOBODY
        changed = _changed(held, wish)
        if changed != held:
            await profiles.set_profile(person, changed)
            # As for new keys, the newest document goes to everybody who knows them.
            await errands.ask(new_id, (new_keys.KIND, person), now)
            await wake("repair")
    return Allowed()


def judge_profile(wish: ProfileWish) -> Allowed | Refused:
    """Whether that can be said."""
    details = wish.details or ()
    if len((wish.name or "").strip()) > NAME_CHARS_MAX:
        return LONG_NAME
    if len(wish.bio or "") > BIO_CHARS_MAX:
        return LONG_BIO
    if len(details) > DETAILS_MAX:
        return MANY_DETAILS
    is_long = any(len(part.strip()) > DETAIL_CHARS_MAX for pair in details for part in pair)
    return LONG_DETAIL if is_long else Allowed()


def _changed(held: Profile, wish: ProfileWish) -> Profile:
    changed = held
    if wish.name is not None:
        changed = replace(changed, name=clean_name(wish.name))
    if wish.bio is not None:
        changed = replace(changed, bio=clean_text(wish.bio).replace("\r\n", "\n").strip())
    if wish.details is not None:
        pairs = [(clean_name(label), clean_name(value)) for label, value in wish.details]
        changed = replace(changed, details=tuple(pair for pair in pairs if pair[0] and pair[1]))
    return changed

"""A person as their profile shows them: what they say of themselves, and how one stands to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from federation.content.plain import clean_name
from federation.content.sanitize import clean_html
from federation.pipeline.identity import said_by
from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import as_list
from federation.queries.people import person_view, pictured
from federation.queries.reach import ReachView, reach_of
from federation.queries.views import FollowView, PersonView
from storage import actors, blocks, conversation_lists, follows, mutes, software, ties, viewing
from storage.actors import ACTIVE, StoredActor
from storage.profiles import Profile, find_profile

DETAILS_MAX: Final = 8
DETAIL_NAME_MAX: Final = 100
SHARED_MAX: Final = 20
INSIDE: Final = frozenset({"joined", "joining"})
OWN_SOFTWARE: Final = "covey"


@dataclass(frozen=True, slots=True)
class SharedView:
    """A conversation that both are in; `title` is "" for one without."""

    id: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A person and how the one who looks stands to them.

    Attributes:
        bio: Sanitised HTML, or "".
        details: Pairs of a label and sanitised HTML.
        host: The server of their id.
        software: What that server says it runs, or "".
        is_aware: Whether it takes part in groups.
        follow: What became of following them: "pending", "accepted" or "".
        is_follower: Whether they follow the one who looks.
        reach: How they take what the one who looks writes.
        shared: At most 20, the busiest lately first.
    """

    person: PersonView
    bio: str
    details: tuple[tuple[str, str], ...]
    host: str
    software: str
    is_aware: bool
    follow: str
    is_follower: bool
    is_blocked: bool
    is_muted: bool
    reach: ReachView
    shared: tuple[SharedView, ...]


async def view_profile(person: str, other: str) -> ProfileView | None:
    """What a person sees of another, as far as they are known here."""
    actor = await actors.find_actor(other)
    if actor is None or actor.kind != "person" or actor.state != ACTIVE:
        return None
    bio, details = await _said_of(actor)
    rows = await follows.between([person], other)
    named = await software.of_hosts([actor.host])
    shared = await ties.shared_conversations(person, other, limit=SHARED_MAX)
    known = await viewing.known_among(person, pictured([actor]))
    return ProfileView(
        person=person_view(actor, is_known=actor.uri in known),
        bio=bio,
        details=details,
        host=actor.host,
        software=OWN_SOFTWARE if actor.local else _name_of(named.get(actor.host)),
        is_aware=actor.aware or actor.local,
        follow="" if not rows or rows[0]["state"] == "rejected" else rows[0]["state"],
        is_follower=bool(await ties.followers_among(person, [other])),
        is_blocked=other in await blocks.by_person(person),
        is_muted=await mutes.is_muted(person, other),
        reach=await reach_of(person, actor),
        shared=tuple([SharedView(row["id"], row["kind"], row["title"] or "") for row in shared]),
    )


async def knows_group(person: str, group: str) -> bool:
    """Whether a person is in the group of this actor."""
    rows = await conversation_lists.named([person], [group])
    standing = await conversation_lists.find_standing(rows[0]["id"], person) if rows else None
    return standing in INSIDE


async def own_profile(person: str) -> Profile:
    """What somebody here says of themselves, as they typed it."""
    return await find_profile(person) or Profile("")


async def list_followers(
    person: str, *, before: int, limit: int
) -> tuple[tuple[FollowView, ...], int | None]:
    """Who follows a person, newest first, and the cursor of the page after this one."""
    rows = await follows.followers_of(person, before=before, limit=limit + 1)
    known = await actors.find_actors([row["person"] for row in rows]) if rows else {}
    back = await ties.followed_among(person, set(known))
    near = await viewing.known_among(person, pictured(known.values()))
    views = [
        FollowView(
            person_view(known[row["person"]], is_known=row["person"] in near),
            row["state"],
            row["person"] in back,
        )
        for row in rows[:limit]
        if row["person"] in known
    ]
    return tuple(views), rows[limit - 1]["id"] if len(rows) > limit else None


async def list_waiting(
    person: str, *, before: int, limit: int
) -> tuple[tuple[FollowView, ...], int | None]:
    """Who waits for a person's yes to follow them, newest first, and the next page's cursor."""
    rows = await follows.waiting_for(person, before=before, limit=limit + 1)
    known = await actors.find_actors([row["person"] for row in rows]) if rows else {}
    views = [
        FollowView(person_view(known[row["person"]]), "pending", is_mutual=False)
        for row in rows[:limit]
        if row["person"] in known
    ]
    return tuple(views), rows[limit - 1]["id"] if len(rows) > limit else None


async def count_waiting(person: str) -> int:
    """How many people wait for a person's yes to follow them."""
    return await follows.count_waiting(person)


async def count_ties(person: str) -> tuple[int, int]:
    """How many people follow somebody, and how many they follow."""
    return await follows.count_followers(person), await follows.count_followed(person)


async def _said_of(actor: StoredActor) -> tuple[str, tuple[tuple[str, str], ...]]:
    if actor.local:
        said = await said_by(actor.uri)
        return said.bio, tuple(said.details)
    text = await actors.find_document(actor.uri)
    try:
        document = strict_json.loads((text or "{}").encode())
    except RemoteProtocolError:
        return "", ()
    found = [each for each in as_list(document.get("attachment")) if _is_detail(each)]
    details = [(clean_name(each["name"], DETAIL_NAME_MAX), _html(each["value"])) for each in found]
    return _html(document.get("summary")), tuple(details[:DETAILS_MAX])


def _is_detail(entry: object) -> bool:
    if not isinstance(entry, Mapping) or entry.get("type") != "PropertyValue":
        return False
    return isinstance(entry.get("name"), str) and isinstance(entry.get("value"), str)


def _html(text: object) -> str:
    """What is safe of somebody's HTML; what the sanitiser does not take is left out."""
    return (clean_html(text) or "") if isinstance(text, str) else ""


def _name_of(named: software.Named | None) -> str:
    return named.name if named is not None else ""

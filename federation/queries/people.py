"""People as they are shown: oneself, those found by name, and those somebody follows."""

from collections.abc import Iterable, Sequence
from typing import Final

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.webfinger import parse_account
from federation.queries.limits import is_without_media
from federation.queries.views import FollowView, PersonView
from storage import actors, blocks, doors, follows, habits, host_blocks, mutes, ties, viewing
from storage.actors import ACTIVE, StoredActor
from storage.doors import Choices
from storage.habits import Habits, Quiet

FIRST: Final = 2**62


def person_view(actor: StoredActor, *, is_known: bool = False) -> PersonView:
    """An actor as somebody sees it.

    Args:
        actor: Whom.
        is_known: Whether it is no stranger to who looks, so that its picture may be fetched.
    """
    acct = f"{actor.username}@{actor.domain}"
    is_shown = actor.local or (is_known and not is_without_media(actor.uri))
    icon = actor.icon if is_shown else ""
    return PersonView(acct, actor.uri, actor.name, actor.state == actors.DELETED, icon)


async def find_by_uri(uri: str) -> PersonView | None:
    """The person with this id, as far as they are known here."""
    actor = await actors.find_actor(uri)
    return person_view(actor) if actor is not None else None


async def find_id(name: str) -> str | None:
    """The id of the person with this handle, or this id, as far as they are known here."""
    actor = await (actors.find_actor(name) if "://" in name else _by_handle(name))
    return actor.uri if actor is not None else None


async def find_habits(person: str) -> Habits:
    """What a local person lets others know.

    Raises:
        LookupError: There is no such account.
    """
    return await habits.get_habits(person)


async def find_quiet(person: str) -> Quiet:
    """When a local person wants to hear nothing.

    Raises:
        KeyError: There is no such account.
    """
    return (await habits.quiet_of([person]))[person]


async def find_doors(person: str) -> Choices:
    """Who may write to a local person and invite them.

    Raises:
        KeyError: There is no such account.
    """
    return (await doors.of_people([person]))[person]


async def search_people(person: str, words: str, *, limit: int) -> tuple[PersonView, ...]:
    """People whose handle or name begins so, and who has exactly this handle.

    They are people of this node, or elsewhere and in a conversation with the person who asks, or
    followed by them. Nobody is found by nothing, and no other server is asked.
    """
    text = words.strip().removeprefix("@")
    if not text:
        return ()
    found = {actor.uri: actor for actor in await actors.list_local_people(text, limit=limit)}
    found |= {one.uri: one for one in await actors.list_met_people(text, person, limit=limit)}
    exact = await _by_handle(text)
    if exact is not None and exact.kind == "person" and exact.state == ACTIVE:
        found[exact.uri] = exact
    shown = list(found.values())[:limit]
    known = await viewing.known_among(person, pictured(shown))
    return tuple([person_view(actor, is_known=actor.uri in known) for actor in shown])


def pictured(people: Iterable[StoredActor]) -> list[str]:
    """Those of these whose pictures are not for everybody."""
    return [actor.uri for actor in people if actor.icon and not actor.local]


async def list_follows(
    person: str, *, before: int = FIRST, limit: int
) -> tuple[tuple[FollowView, ...], int | None]:
    """Whom a person follows, newest first, and the cursor of the page after this one."""
    rows = await follows.followed_by(person, before=before, limit=limit + 1)
    known = await actors.find_actors([row["person"] for row in rows]) if rows else {}
    shown = [row for row in rows[:limit] if row["person"] in known]
    back = await ties.followers_among(person, {row["person"] for row in shown})
    views = [
        FollowView(
            person_view(known[row["person"]], is_known=row["state"] == "accepted"),
            row["state"],
            row["state"] == "accepted" and row["person"] in back,
        )
        for row in shown
    ]
    return tuple(views), rows[limit - 1]["id"] if len(rows) > limit else None


async def find_follow(person: str, followed: str) -> FollowView | None:
    """One follow of a person's."""
    rows = await follows.between([person], followed)
    actor = await actors.find_actor(followed)
    if not rows or actor is None:
        return None
    state = rows[0]["state"]
    is_mutual = state == "accepted" and bool(await ties.followers_among(person, [followed]))
    return FollowView(person_view(actor, is_known=state == "accepted"), state, is_mutual)


async def list_blocks(
    person: str, *, before: int = FIRST, limit: int
) -> tuple[tuple[PersonView, ...], int | None]:
    """Whom a person has blocked, newest first, and the cursor of the page after this one."""
    rows = await blocks.listed(person, before=before, limit=limit + 1)
    return await _page([(row["id"], row["blocked_uri"]) for row in rows], limit)


async def list_mutes(
    person: str, *, before: int = FIRST, limit: int
) -> tuple[tuple[PersonView, ...], int | None]:
    """Whom a person has muted, newest first, and the cursor of the page after this one."""
    rows = await mutes.listed(person, before=before, limit=limit + 1)
    return await _page([(row["id"], row["muted_uri"]) for row in rows], limit)


async def list_host_blocks(
    person: str, *, before: int = FIRST, limit: int
) -> tuple[tuple[str, ...], int | None]:
    """The servers that a person has blocked, newest first, and the next page's cursor."""
    rows = await host_blocks.listed(person, before=before, limit=limit + 1)
    last = rows[limit - 1]["id"] if len(rows) > limit else None
    return tuple(row["host"] for row in rows[:limit]), last


async def _page(
    found: Sequence[tuple[int, str]], limit: int
) -> tuple[tuple[PersonView, ...], int | None]:
    """These people by number and id, and the cursor if there are more than are shown."""
    known = await actors.find_actors([uri for _, uri in found]) if found else {}
    views = [person_view(known[uri]) for _, uri in found[:limit] if uri in known]
    return tuple(views), found[limit - 1][0] if len(found) > limit else None


async def _by_handle(text: str) -> StoredActor | None:
    try:
        account = parse_account(text)
    except RemoteProtocolError:
        return None
    return await actors.find_actor_by_handle(account.name, account.domain)

"""The situations of a batch rest on one query per table; inside the batch's transaction."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from federation.activities.author_logs import KnownLog, Logs
from federation.activities.known import (
    KnownConversation,
    KnownFollow,
    KnownInvitation,
    KnownMessage,
)
from federation.activities.roster import KnownActor
from federation.pipeline import rows
from federation.pipeline.load_life import Life, life_of, liked_by
from federation.pipeline.needs import Needs
from federation.pipeline.rosters import Rosters, read
from storage import (
    activities,
    actors,
    conversations,
    follows,
    invitations,
    logs,
    messages,
)
from storage.database import Row

Query = Callable[[list[str]], Awaitable[list[Row]]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything a batch rests on, by key.

    Attributes:
        activities: JSON texts of stored activities, by id.
        replies: Messages held that answer a message of the batch, directly or through others.
        follows: By follower and followed.
        here: Those of the actors who are local.
        life: What became of the messages that the batch is about.
    """

    actors: Mapping[str, KnownActor]
    by_id: Mapping[str, KnownConversation]
    by_uri: Mapping[str, KnownConversation]
    by_context: Mapping[str, KnownConversation]
    by_people: Mapping[str, KnownConversation]
    invitations: Mapping[str, KnownInvitation]
    activities: Mapping[str, str]
    messages: Mapping[str, KnownMessage]
    replies: Sequence[KnownMessage]
    follows: Mapping[tuple[str, str], KnownFollow]
    here: frozenset[str] = frozenset()
    life: Life = field(default_factory=Life)


async def load(needs: Sequence[Needs], rosters: Rosters) -> Loaded:
    """Load what these items name, and the members and logs of the conversations among it."""
    invited = await _ask(invitations.by_id, _union(need.invitations for need in needs))
    liked = await liked_by(needs)
    about = _union(need.about for need in needs) | set(liked.values())
    held = await _ask(messages.by_uri, _union(need.messages for need in needs) | about)
    parents = _union(need.parents for need in needs)
    places = {row["conversation_id"] for row in held if row["uri"] in about | parents}
    found = await _conversation_rows(needs, {row["conversation_uri"] for row in invited}, places)
    known = await conversations_of(found, rosters)
    invited += await _own_invitations(needs, known)
    named = _union(need.actors for need in needs)
    named |= {row[side] for row in invited for side in ("inviter", "invitee")}
    met: dict[str, KnownActor] = {}
    for conversation in known:
        met.update(conversation.roster.actors)
        named -= {uri for uri in named if uri in conversation.memberships}
        # What is known of a group itself has no stamp in its roster.
        named.add(conversation.uri)
    others = await _actors(named)
    met.update(others)
    return Loaded(
        actors=met,
        here=frozenset().union(_local(others), *(one.roster.actors_here for one in known)),
        by_id={one.id: one for one in known},
        by_uri={one.uri: one for one in known if one.uri},
        by_context={one.context: one for one in known if one.kind == "group"},
        by_people={one.people_hash: one for one in known if one.people_hash},
        invitations={row["id"]: rows.known_invitation(row) for row in invited},
        activities={
            row["id"]: row["document"]
            for row in await _ask(activities.by_id, _union(need.activities for need in needs))
        },
        messages={row["uri"]: rows.known_message(row) for row in held},
        replies=[
            rows.known_message(row)
            for row in await _ask(messages.replies_to, _union(n.answers_to for n in needs))
        ],
        follows=await _follows(needs),
        life=await life_of(needs, held, known, liked),
    )


async def _own_invitations(needs: Sequence[Needs], known: Sequence[KnownConversation]) -> list[Row]:
    authors = {need.invitation_of for need in needs if need.invitation_of}
    return await _ask(
        invitations.by_id,
        {
            conversation.memberships[author].invitation_id
            for conversation in known
            for author in authors
            if author in conversation.memberships
        },
    )


def _union(keys: Iterable[frozenset[str]]) -> set[str]:
    return set().union(*keys)


async def _ask(query: Query, keys: set[str]) -> list[Row]:
    """The rows for these keys, asked in one order so that locks are taken in one order."""
    wanted = sorted(keys - {""})
    return await query(wanted) if wanted else []


async def _conversation_rows(
    needs: Sequence[Needs], invited_to: set[str], places: set[str]
) -> list[Row]:
    found = (
        *await _ask(
            partial(conversations.by_id, held=True),
            _union(need.conversation_ids for need in needs) | places,
        ),
        *await _ask(
            partial(conversations.by_uri, held=True),
            _union(need.conversation_uris for need in needs) | invited_to,
        ),
        *await _ask(
            partial(conversations.by_context, held=True), _union(need.contexts for need in needs)
        ),
        *await _ask(
            partial(conversations.by_people, held=True), _union(need.people for need in needs)
        ),
    )
    return list({row["id"]: row for row in found}.values())


async def conversations_of(
    found: Sequence[Row], rosters: Rosters | None = None
) -> list[KnownConversation]:
    """The conversations of these rows with their people and logs.

    Args:
        found: Rows of conversations.
        rosters: Where people and logs may be kept already; they are all read without it.
    """
    if rosters is not None:
        kept = await rosters.of(found)
        return [
            rows.known_conversation(row, kept[row["id"]].roster, kept[row["id"]].written.logs)
            for row in found
        ]
    people = await read(found)
    written: dict[str, list[KnownLog]] = defaultdict(list)
    for row in await _ask(logs.of_conversations, {row["id"] for row in found}):
        written[row["conversation_id"]].append(rows.known_log(row))
    return [
        rows.known_conversation(row, people[row["id"]], Logs().with_changed(written[row["id"]]))
        for row in found
    ]


async def _actors(uris: set[str]) -> dict[str, KnownActor]:
    found = await actors.rows_of(sorted(uris - {""})) if uris else []
    return {row["uri"]: rows.known_actor(row) for row in found}


def _local(found: Mapping[str, KnownActor]) -> frozenset[str]:
    return frozenset(uri for uri, actor in found.items() if actor.local)


async def _follows(needs: Sequence[Needs]) -> dict[tuple[str, str], KnownFollow]:
    found: dict[tuple[str, str], KnownFollow] = {}
    by_followed: dict[str, set[str]] = defaultdict(set)
    for need in needs:
        if need.follow_of:
            by_followed[need.follow_of] |= need.actors
    for followed, followers in sorted(by_followed.items()):
        for row in await follows.between(sorted(followers), followed):
            found[row["follower"], followed] = KnownFollow(
                row["follower"], followed, row["activity_id"], row["state"]
            )
    return found

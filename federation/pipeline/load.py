"""The situations of a batch rest on one query per table; inside the batch's transaction."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from federation.activities.known import (
    KnownActor,
    KnownConversation,
    KnownFollow,
    KnownInvitation,
    KnownLog,
    KnownMembership,
    KnownMessage,
    Span,
)
from federation.pipeline import rows
from federation.pipeline.load_life import Life, life_of, liked_by
from federation.pipeline.needs import Needs
from storage import (
    activities,
    actors,
    conversations,
    follows,
    invitations,
    logs,
    memberships,
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
    life: Life = field(default_factory=Life)


async def load(needs: Sequence[Needs]) -> Loaded:
    """Load what these items name, and the members and logs of the conversations among it."""
    invited = await _ask(invitations.by_id, _union(need.invitations for need in needs))
    liked = await liked_by(needs)
    about = _union(need.about for need in needs) | set(liked.values())
    held = await _ask(messages.by_uri, _union(need.messages for need in needs) | about)
    parents = _union(need.parents for need in needs)
    places = {row["conversation_id"] for row in held if row["uri"] in about | parents}
    found = await _conversation_rows(needs, {row["conversation_uri"] for row in invited}, places)
    known = await conversations_of(found)
    invited += await _own_invitations(needs, known)
    named = _union(need.actors for need in needs)
    named |= {row[side] for row in invited for side in ("inviter", "invitee")}
    for conversation in known:
        named.update(conversation.memberships, (conversation.uri,))
    return Loaded(
        actors=await _actors(named),
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
            for author in authors & set(conversation.memberships)
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


async def conversations_of(found: Sequence[Row]) -> list[KnownConversation]:
    """The conversations of these rows with their members, spans of membership and logs."""
    ids = {row["id"] for row in found}
    people: dict[str, dict[str, KnownMembership]] = defaultdict(dict)
    for row in await _ask(memberships.of_conversations, ids):
        people[row["conversation_id"]][row["actor_uri"]] = rows.known_membership(row)
    spans: dict[str, list[Span]] = defaultdict(list)
    for row in await _ask(memberships.spans, ids):
        span = Span(row["actor_uri"], row["from_epoch"], row["to_epoch"])
        spans[row["conversation_id"]].append(span)
    written: dict[str, dict[str, KnownLog]] = defaultdict(dict)
    for row in await _ask(logs.of_conversations, ids):
        written[row["conversation_id"]][row["uri"]] = rows.known_log(row)
    return [
        rows.known_conversation(row, people[row["id"]], tuple(spans[row["id"]]), written[row["id"]])
        for row in found
    ]


async def _actors(uris: set[str]) -> dict[str, KnownActor]:
    found = await actors.rows_of(sorted(uris - {""})) if uris else []
    return {row["uri"]: rows.known_actor(row) for row in found}


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

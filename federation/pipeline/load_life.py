"""What rests on messages after they were shown is loaded by a query per table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from federation.activities.known import KnownConversation, KnownReaction, KnownTombstone
from federation.pipeline import rows
from federation.pipeline.needs import Needs
from storage import activities, blocks, messages, reactions, receipts, tombstones
from storage.database import Row
from storage.times import from_ms


@dataclass(frozen=True, slots=True)
class Life:
    """The later life of the messages of a batch, by their ids on the wire.

    Attributes:
        liked: The message of each reaction that is named, by the id of the Like.
        readers: Local people who see a message.
        blocked: Local people who hide somebody, by whom they hide.
        receipts_to: Local people of these conversations who give receipts.
        documents: JSON texts of what brought the messages' present texts, by activity.
    """

    liked: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reactions: Mapping[str, tuple[KnownReaction, ...]] = field(default_factory=dict)
    tombstones: Mapping[str, tuple[KnownTombstone, ...]] = field(default_factory=dict)
    blocked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    receipts_to: frozenset[str] = frozenset()
    documents: Mapping[str, str] = field(default_factory=dict)


async def liked_by(needs: Sequence[Needs]) -> dict[str, str]:
    """The messages of the reactions that these items name by the ids of their Likes."""
    named = _sorted(need.likes for need in needs)
    found = await reactions.by_activity(named) if named else []
    return {row["activity_id"]: row["message_uri"] for row in found}


async def life_of(
    needs: Sequence[Needs],
    held: Sequence[Row],
    known: Sequence[KnownConversation],
    liked: Mapping[str, str],
) -> Life:
    """The later life of the messages that these items are about.

    Args:
        needs: What the items name.
        held: The rows of the messages they name.
        known: The conversations of the batch.
        liked: As `liked_by` found them.
    """
    about = sorted({*chain.from_iterable(need.about for need in needs), *liked.values()})
    arriving = _sorted(need.answers_to for need in needs)
    stands = await reactions.to_messages(about) if about else []
    return Life(
        liked=liked,
        readers=await _readers(sorted({*about, *arriving})),
        reactions=_by_uri(stands),
        tombstones=await _tombstones(sorted({*about, *arriving})),
        blocked=await _blocked(sorted({need.said_by for need in needs})),
        receipts_to=await _receipts_to(needs, known),
        documents=await _documents(needs, held, stands),
    )


def _sorted(keys: Iterable[frozenset[str]]) -> list[str]:
    return sorted(set().union(*keys) - {""})


async def _readers(uris: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in await messages.readers(uris) if uris else []:
        found[row["uri"]].append(row["actor_uri"])
    return {uri: tuple(people) for uri, people in found.items()}


def _by_uri(stands: Sequence[Row]) -> dict[str, tuple[KnownReaction, ...]]:
    found: dict[str, list[KnownReaction]] = defaultdict(list)
    for row in stands:
        found[row["message_uri"]].append(rows.known_reaction(row))
    return {uri: tuple(some) for uri, some in found.items()}


async def _tombstones(uris: list[str]) -> dict[str, tuple[KnownTombstone, ...]]:
    found: dict[str, list[KnownTombstone]] = defaultdict(list)
    for row in await tombstones.by_uri(uris) if uris else []:
        found[row["uri"]].append(KnownTombstone(row["actor_uri"], from_ms(row["deleted_at"])))
    return {uri: tuple(words) for uri, words in found.items()}


async def _blocked(authors: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in await blocks.against(authors) if authors else []:
        found[row["blocked_uri"]].add(row["account_uri"])
    return {author: frozenset(people) for author, people in found.items()}


async def _receipts_to(
    needs: Sequence[Needs], known: Sequence[KnownConversation]
) -> frozenset[str]:
    if not any(need.is_receipt for need in needs):
        return frozenset()
    people = {one.person for place in known for one in place.memberships.values() if one.local}
    return await receipts.givers(people) if people else frozenset()


async def _documents(
    needs: Sequence[Needs], held: Sequence[Row], stands: Sequence[Row]
) -> dict[str, str]:
    wanted = set().union(*(need.about for need in needs if need.with_documents))
    ids = {row["latest_id"] or row["activity_id"] for row in held if row["uri"] in wanted}
    authors = {need.author for need in needs if need.with_documents}
    ids |= {row["activity_id"] for row in stands if row["actor_uri"] in authors}
    found = await activities.by_id(sorted(ids - {""})) if ids else []
    return {row["id"]: row["document"] for row in found}

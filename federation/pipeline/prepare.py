"""Before anything is judged: what a batch names is loaded, and each item gets its situation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from msgspec.structs import replace

from federation.activities.known import KnownConversation
from federation.activities.situation import Signer, Situation
from federation.groups.reading import INVITED
from federation.keyring import Keyring
from federation.pipeline.as_home import as_home
from federation.pipeline.campaigns import Campaigns
from federation.pipeline.doors import NOBODY, Doors, doors_of
from federation.pipeline.extend import extended
from federation.pipeline.item import (
    ContinueGroup,
    InvitePerson,
    Item,
    Received,
    ReportPerson,
    StartGroup,
)
from federation.pipeline.load import Loaded, load
from federation.pipeline.needs import Needs, needs_of
from federation.pipeline.rosters import Rosters
from federation.pipeline.situate import Road, conversation_of, situate
from federation.policy.domains import NO_RULES, Rules
from federation.policy.statement import is_kept_out
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.namespace import Namespace
from storage import (
    conversations,
    invitations,
    readers,
)
from storage.times import from_ms


@dataclass(frozen=True, slots=True)
class Tools:
    """What the road needs of its node, the same for every batch.

    Attributes:
        is_restored: Whether this node may have forgotten what its people have agreed to.
        may_send: Whether its people may say anything; not in a restored copy.
        state_changed: Called when a group enters an epoch, just before that is committed.
        rules: What the operator keeps out, as it is known at this moment.
        rosters: Who is in which conversation, kept by this process.
        campaigns: What strangers have sent lately, as fingerprints.
        count: Counts what rules decide: "stage action mode".
    """

    space: Namespace
    keyring: Keyring
    new_id: Callable[[], str]
    is_restored: Callable[[], bool] = bool
    may_send: Callable[[], bool] = lambda: True
    state_changed: Callable[[], object] = bool
    rules: Callable[[], Rules] = lambda: NO_RULES
    rosters: Rosters = field(default_factory=Rosters)
    campaigns: Campaigns = field(default_factory=Campaigns)
    count: Callable[[str], object] = bool


# PERF: a struct, as Situation is.
class Prepared(msgspec.Struct, frozen=True):
    """An item with its situation, or with why it has none."""

    item: Item
    needs: Needs | None
    situation: Situation | None
    error: RemoteProtocolError | None = None

    @property
    def author(self) -> str:
        """Whose word or wish it is."""
        return self.needs.author if self.needs is not None else ""

    def under(self, withheld: frozenset[str], asks: frozenset[str]) -> "Prepared":
        """The same item where rules keep it from some people, and make it a request to others."""
        situation = self.situation
        if situation is None or not (withheld or asks):
            return self
        ruled = replace(
            situation,
            closed_to=situation.closed_to | withheld,
            known_to=situation.known_to - asks,
        )
        return replace(self, situation=ruled)

    @property
    def subject(self) -> str:
        """What the item changes or rests on as a whole."""
        if self.situation is not None and self.situation.conversation is not None:
            return self.situation.conversation.id
        return self.needs.subject if self.needs is not None else ""


async def prepare(items: Sequence[Item], tools: Tools, now: datetime) -> list[Prepared]:
    """Load what a batch names; inside its transaction."""
    rules = tools.rules()
    read = [_read(item, rules) for item in items]
    loaded = await load([needs for needs in read if isinstance(needs, Needs)], tools.rosters)
    return [
        await _prepared(item, needs, loaded, tools, now)
        for item, needs in zip(items, read, strict=True)
    ]


def _read(item: Item, rules: Rules) -> Needs | RemoteProtocolError:
    """What an item names, unless it comes from whom the operator keeps out."""
    if isinstance(item, Received) and is_kept_out(item.activity, rules):
        return RemoteProtocolError("a blocked domain")
    try:
        return needs_of(item)
    except RemoteProtocolError as error:
        return error


async def _prepared(
    item: Item, needs: Needs | RemoteProtocolError, loaded: Loaded, tools: Tools, now: datetime
) -> Prepared:
    if isinstance(needs, RemoteProtocolError):
        return Prepared(item, None, None, needs)
    conversation = conversation_of(needs, loaded)
    road = Road(
        now=now,
        space=tools.space,
        new_id=tools.new_id,
        signers=await _signers(item, needs, conversation, tools),
        doors=await _doors(item, needs, conversation, tools),
        rules=tools.rules(),
    )
    owner = item.inbox_owner if isinstance(item, Received) else ""
    situation = situate(needs, loaded, road, by_us=not isinstance(item, Received), owner=owner)
    if situation is None:
        return Prepared(item, needs, None)
    situation = await _at_home(item, await _as_held(item, situation, tools))
    situation = await as_home(item, needs, situation)
    return Prepared(item, needs, await extended(item, needs, situation))


async def _signers(
    item: Item, needs: Needs, conversation: KnownConversation | None, tools: Tools
) -> dict[str, Signer]:
    wanted = {needs.author}
    if conversation is not None and conversation.is_home:
        wanted.add(conversation.uri)
    if isinstance(item, StartGroup | ContinueGroup):
        wanted.add(tools.space.conversation(item.conversation_id))
    if isinstance(item, ReportPerson):
        wanted.add(tools.space.instance)
    if isinstance(item, Received) and item.activity.type in {"Follow", "Add"}:
        wanted |= needs.actors
    if isinstance(item, Received) and item.activity.type == "Invite":
        wanted |= needs.strangers_to
    return await signers_of(wanted, tools)


async def signers_of(actors: Iterable[str], tools: Tools) -> dict[str, Signer]:
    """The proof keys of those among these actors that are ours."""
    signers: dict[str, Signer] = {}
    for actor in sorted(actors):
        proofs = await tools.keyring.for_proofs(actor) if tools.space.is_ours(actor) else None
        if proofs is not None:
            signers[actor] = Signer(actor, proofs.key_id, proofs.key)
    return signers


async def _doors(
    item: Item, needs: Needs, conversation: KnownConversation | None, tools: Tools
) -> Doors:
    """How local people take what the speaker sends them; asked only where it matters.

    That is for an invitation, and for the first message somebody gets in a direct conversation.
    """
    unheard = conversation.unheard() if conversation is not None else ()
    asked = needs.strangers_to
    if conversation is not None and not _is_invitation(item):
        asked = frozenset(unheard)
    local = sorted(uri for uri in asked if tools.space.is_ours(uri) and uri != needs.author)
    if not local:
        return NOBODY
    return await doors_of(local, needs.author, invites=_is_invitation(item))


async def _as_held(item: Item, situation: Situation, tools: Tools) -> Situation:
    """Where the item was found, and the hash kept of the epoch that it names."""
    if not isinstance(item, Received):
        return situation
    conversation, epoch = situation.conversation, item.activity.epoch
    held_hash = ""
    if conversation is not None and conversation.state is not None and epoch is not None:
        state = conversation.state
        held = {state.epoch: state.hash, state.epoch - 1: state.prev}.get(epoch)
        held_hash = held or await conversations.hash_of(conversation.id, epoch)
    return replace(
        situation,
        source=item.source,
        held_hash=held_hash,
        is_restored=tools.is_restored(),
        signed_by=item.key_id,
    )


async def _at_home(item: Item, situation: Situation) -> Situation:
    """What decides which of several people here may read what was read in a group's history."""
    conversation = situation.conversation
    if not isinstance(item, Received) or item.source != "home" or conversation is None:
        return situation
    here = list(conversation.present_here())
    if not here or (len(here) == 1 and conversation.roster.is_alone(here[0], item.home_epoch)):
        return replace(situation, home_epoch=item.home_epoch)
    history = await readers.find_history(conversation.id, item.home_epoch)
    asked = {conversation.memberships[person].invitation_id: person for person in here}
    found = await invitations.by_id(sorted(set(asked) - {""})) if history == INVITED else []
    return replace(
        situation,
        invited_at={asked[row["id"]]: from_ms(row["published_at"]) for row in found},
        home_epoch=item.home_epoch,
        home_history=history,
    )


def _is_invitation(item: Item) -> bool:
    if isinstance(item, Received):
        return item.activity.type == "Invite"
    return isinstance(item, InvitePerson | StartGroup)

"""PURE: a group gets its actor here, and the first state that this actor signs."""

from collections.abc import Collection

from msgspec.structs import replace

from federation.activities.membership_effects import Epoch, effects
from federation.activities.situation import Situation
from federation.groups.state import GroupState
from federation.pipeline.item import ContinueGroup, StartGroup
from federation.protocol.build import state_change as build
from storage.changes import AddConversation, AddLocalActor, Change


def founded(
    draft: StartGroup | ContinueGroup,
    state: GroupState,
    situation: Situation,
    *,
    consented: Collection[str],
) -> list[Change]:
    """Make a conversation actor and its first epoch.

    Args:
        draft: Whose wish it is, with the name and the keys of the actor.
        state: The first state; it names the actor.
        situation: What is known; the actor signs in it.
        consented: The members who have said yes, here or to the group that is continued.
    """
    return [
        _actor(draft, state, situation),
        *draft.keys,
        _opening(draft, state, situation),
        *effects(
            _first_epoch(draft, state, situation, frozenset(consented)),
            replace(situation, conversation=None),
        ),
    ]


def _actor(
    draft: StartGroup | ContinueGroup, state: GroupState, situation: Situation
) -> AddLocalActor:
    space, uri = situation.space, state.conversation
    return AddLocalActor(
        uri=uri,
        host=space.host,
        kind="conversation",
        type="Group",
        username=draft.username,
        domain=space.account_domain,
        name=state.name,
        inbox=f"{uri}/inbox",
        shared_inbox=space.shared_inbox,
        at=situation.now,
    )


def _opening(
    draft: StartGroup | ContinueGroup, state: GroupState, situation: Situation
) -> AddConversation:
    return AddConversation(
        id=draft.conversation_id,
        uri=state.conversation,
        kind="group",
        is_home=True,
        home_host=situation.space.host,
        title=state.name,
        context=f"{state.conversation}/context",
        thread="",
        people_hash="",
        at=situation.now,
    )


def _first_epoch(
    draft: StartGroup | ContinueGroup,
    state: GroupState,
    situation: Situation,
    consented: frozenset[str],
) -> Epoch:
    document = build.create(
        state.to_json(), change_id=f"{state.conversation}/state/1", published=situation.now
    )
    return Epoch(
        conversation_id=draft.conversation_id,
        old=None,
        new=state,
        document=situation.signers[state.conversation].sign(document, situation.now),
        published=situation.now,
        consented=consented,
    )

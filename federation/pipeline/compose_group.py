"""PURE: a new group: its actor and first state, its invitations, perhaps its first message."""

from msgspec.structs import replace

from federation.activities.author_logs import KnownLog, Logs
from federation.activities.known import KnownConversation
from federation.activities.roster import KnownActor, KnownMembership, Roster, Span
from federation.activities.situation import Situation
from federation.groups import chain
from federation.groups.settings import DEFAULTS
from federation.groups.state import ADMIN, GroupState
from federation.pipeline.compose import Composed, Step, post
from federation.pipeline.compose_membership import invitation, invitee_refused
from federation.pipeline.compose_unaware import invite_in_words
from federation.pipeline.founding import founded
from federation.pipeline.item import PostMessage, StartGroup
from federation.protocol.verdict import Refused
from storage.changes import Change, OpenLog


def start(draft: StartGroup, situation: Situation) -> Composed | Refused:
    """Make a group here whose only member is its founder, and invite the others."""
    for person in draft.invitees:
        refused = invitee_refused(person, situation)
        if refused is not None:
            return refused
    uri = situation.space.conversation(draft.conversation_id)
    chosen = {**DEFAULTS, **draft.settings}
    state = chain.first_state(
        uri, name=draft.title, icon=None, settings=chosen, founder=draft.author
    )
    own_log = _empty_log(draft.author, situation)
    actor = _actor(uri, draft, situation)
    inside = replace(
        situation,
        conversation=_made(draft, state, own_log, situation),
        actors={**situation.actors, uri: actor},
    )
    changes: list[Change] = [
        *founded(draft, state, situation, consented=(draft.author,)),
        OpenLog(own_log.uri, draft.conversation_id, draft.author, local=True, at=situation.now),
    ]
    others = [person for person in dict.fromkeys(draft.invitees) if person != draft.author]
    steps: list[Step] = [invitation(draft.author, person, inside) for person in others]
    for person in others:
        changes += invite_in_words(draft.author, person, inside)
    if draft.text:
        said = post(PostMessage(draft.author, draft.conversation_id, draft.text), inside)
        if isinstance(said, Refused):
            return said
        steps += said.steps
    return Composed(draft.conversation_id, tuple(steps), tuple(changes))


def _actor(uri: str, draft: StartGroup, situation: Situation) -> KnownActor:
    return KnownActor(
        uri=uri,
        host=situation.space.host,
        local=True,
        kind="conversation",
        username=draft.username,
        domain=situation.space.account_domain,
        name=draft.title,
        aware=True,
        shared_inbox=True,
    )


def _empty_log(author: str, situation: Situation) -> KnownLog:
    """The log that one of ours will write."""
    return KnownLog(
        uri=situation.space.log(situation.space.local_name(author) or "", situation.new_id()),
        author=author,
        local=True,
        head=0,
        last_entry_id="",
        final=None,
        moved_at=situation.now,
    )


def _made(
    draft: StartGroup, state: GroupState, log: KnownLog, situation: Situation
) -> KnownConversation:
    """The group as the steps after its making find it."""
    founder = KnownMembership(
        person=draft.author,
        local=True,
        role=ADMIN,
        state="joined",
        invitation_id="",
        inviter="",
        left_epoch=None,
    )
    return KnownConversation(
        id=draft.conversation_id,
        uri=state.conversation,
        kind="group",
        is_home=True,
        home_host=situation.space.host,
        title=draft.title,
        context=f"{state.conversation}/context",
        thread="",
        people_hash="",
        disputed=False,
        closed=False,
        newest_t=None,
        changed_at=situation.now,
        roster=Roster({draft.author: founder}, (Span(draft.author, 1, None),), state),
        written=Logs().with_changed([log]),
    )

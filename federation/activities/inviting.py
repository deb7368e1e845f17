"""Whether a member may bring somebody in, by the state held here, and how many at once.

Sources: groups-protocol.md 5.1.4 and 11.10; security.md 4.2.
"""

from datetime import timedelta

from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation
from federation.activities.situation import Situation
from federation.groups import permissions, size
from federation.groups.permissions import Action
from federation.groups.state import GroupState
from federation.policy.domains import find_rule
from federation.protocol.uri import host_of
from federation.protocol.verdict import Allowed, Refused

INVITATIONS_PER_DAY = 20
# The same inviter does not ask somebody again so soon after a no or a Leave (5.1.4).
REPEAT_AFTER = timedelta(days=7)
# Of one whom the state held here names as a member, home is asked at most so often.
ASK_AGAIN_AFTER = timedelta(minutes=10)


def may_be_behind(
    verdict: Allowed | Refused, conversation: KnownConversation, situation: Situation
) -> bool:
    """Whether home may have removed the person meanwhile; unless it was just asked, it is."""
    if isinstance(verdict, Allowed) or verdict.notice != "no-change":
        return False
    if situation.by_us or conversation.is_home:
        return False
    asked_at = conversation.checked_at
    return asked_at is None or situation.now - asked_at > ASK_AGAIN_AFTER


def within_limits(
    invitee: str, conversation: KnownConversation, situation: Situation
) -> Allowed | Refused | Waiting:
    """Home lets nobody press people, nor many people at once (5.1.4 and 11.10).

    In a group that has room for aware people alone it looks at the person first.
    """
    people = conversation.state.people if conversation.state is not None else ()
    if invitee not in situation.actors and len(people) >= size.MEMBERS_MAX_WITH_UNAWARE:
        return Waiting("actor", invitee)
    if situation.turned_down_at is not None:
        wait = situation.turned_down_at + REPEAT_AFTER - situation.now
        return _too_soon("that person has just said no", wait)
    if situation.asked.invitations >= INVITATIONS_PER_DAY:
        return _too_soon("too many invitations today", timedelta(days=1))
    return Allowed()


def _too_soon(reason: str, wait: timedelta) -> Refused:
    retry_after_s = int(wait.total_seconds()) + 1
    return Refused(reason, status=429, notice="rate", retry_after_s=retry_after_s)


def may_invite(
    inviter: str, invitee: str, conversation: KnownConversation, situation: Situation
) -> Allowed | Refused:
    """Whether a member may bring this person in, by the state held here."""
    state = conversation.state
    if state is None or conversation.closed:
        return Refused("the conversation is closed", notice="closed")
    if not conversation.is_in(inviter):
        return Refused("not a member", notice="not-allowed")
    verdict = permissions.may(inviter, Action.INVITE, state, subject=invitee)
    if isinstance(verdict, Refused):
        return verdict
    if conversation.is_home and find_rule(situation.rules, host_of(invitee)) is not None:
        return Refused("home exchanges nothing with that person's server", notice="not-allowed")
    if conversation.is_in(invitee):
        return Refused("that person is a member already", status=409, notice="no-change")
    return size.has_room(state, invitee, unaware=unaware(state, invitee, situation))


def unaware(state: GroupState, person: str, situation: Situation) -> frozenset[str]:
    """Those among the members and this person who do not speak the group protocol."""
    people = {*state.people, person}
    return frozenset(
        uri for uri in people if uri in situation.actors and not situation.actors[uri].aware
    )

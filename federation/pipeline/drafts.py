"""PURE: a wish is composed and each of its steps performed, or nothing of it happens."""

from typing import assert_never

from federation.activities.kind import Waiting
from federation.activities.situation import Situation
from federation.pipeline import compose as single
from federation.pipeline import (
    compose_group,
    compose_life,
    compose_membership,
    compose_report,
    compose_request,
    compose_succession,
)
from federation.pipeline.compose import Composed
from federation.pipeline.item import (
    AnswerFollow,
    AnswerInvitation,
    ChangeGroup,
    ContinueGroup,
    DeleteMessage,
    Draft,
    EditMessage,
    FollowPerson,
    InvitePerson,
    JoinByLink,
    LeaveConversation,
    PostMessage,
    ReactTo,
    ReportPerson,
    StartDirect,
    StartGroup,
    WithdrawInvitation,
)
from federation.pipeline.outcome import Applied, KeptOut, Outcome
from federation.pipeline.perform import perform
from federation.policy.domains import judge_host
from federation.protocol.uri import host_of
from federation.protocol.verdict import Refused
from storage.changes import Change, RememberKey


def compose(draft: Draft, situation: Situation) -> Outcome:
    """Carry out a wish: Applied with the id of what it made, or KeptOut with why not."""
    composed = _kept_out(draft, situation) or _composed(draft, situation)
    if isinstance(composed, Refused):
        return KeptOut(composed)
    changes: list[Change] = list(composed.changes)
    for step in composed.steps:
        outcome = perform(step.activity, step.situation)
        if not isinstance(outcome, Applied):
            return _undone(outcome)
        changes += outcome.changes
    if draft.once is not None:
        once = draft.once
        changes.append(
            RememberKey(once.account, once.key, once.request_hash, composed.resource, situation.now)
        )
    return Applied(tuple(changes), composed.resource)


def _kept_out(draft: Draft, situation: Situation) -> Refused | None:
    """To a group of whom the operator keeps out people say no, or that they leave, and no more."""
    conversation = situation.conversation
    is_elsewhere = conversation is not None and conversation.uri and not conversation.is_home
    if conversation is None or not is_elsewhere or isinstance(draft, LeaveConversation):
        return None
    if isinstance(draft, AnswerInvitation) and not draft.accepts:
        return None
    verdict = judge_host(situation.rules, host_of(conversation.uri))
    return verdict if isinstance(verdict, Refused) else None


def _undone(outcome: Outcome) -> Outcome:
    """A step that is refused takes the whole wish with it."""
    if isinstance(outcome, KeptOut):
        return KeptOut(outcome.refused)
    if isinstance(outcome, Waiting):
        return KeptOut(Refused("not before the newest state has arrived", status=409))
    return outcome


# One line for each wish.
def _composed(draft: Draft, situation: Situation) -> Composed | Refused:  # noqa: C901, PLR0911, PLR0912
    match draft:
        case StartGroup():
            return compose_group.start(draft, situation)
        case StartDirect():
            return single.start_direct(draft, situation)
        case PostMessage():
            return single.post(draft, situation)
        case EditMessage():
            return compose_life.edit(draft, situation)
        case DeleteMessage():
            return compose_life.delete(draft, situation)
        case ReactTo():
            return compose_life.react(draft, situation)
        case InvitePerson():
            return compose_membership.invite(draft, situation)
        case AnswerInvitation():
            return compose_membership.answer(draft, situation)
        case LeaveConversation():
            return compose_membership.leave(draft, situation)
        case ChangeGroup():
            return compose_request.change(draft, situation)
        case WithdrawInvitation():
            return compose_request.withdraw(draft, situation)
        case ContinueGroup():
            return compose_succession.go_on(draft, situation)
        case JoinByLink():
            return compose_request.join(draft, situation)
        case AnswerFollow():
            return single.answer_follow(draft, situation)
        case FollowPerson():
            return single.follow(draft, situation)
        case ReportPerson():
            return compose_report.report(draft, situation)
        case _:
            assert_never(draft)

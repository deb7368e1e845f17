"""What people here say is asked of rules before it goes out; who wrote it reads why it does not.

It is asked for messages and invitations to people elsewhere. Servers to which nothing goes by their
name alone are left out: the others still get it.

Source: policy.md 4, 6
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.activities.situation import Situation
from federation.content.markdown import to_html
from federation.pipeline.buckets import owners_of
from federation.pipeline.item import InvitePerson, PostMessage
from federation.pipeline.judging import tell
from federation.pipeline.outcome import KeptOut
from federation.pipeline.prepare import Prepared, Tools
from federation.pipeline.ruling import About, Means, Ruling, is_told, remembered
from federation.policy.asked import FILING
from federation.policy.buckets import Level, level_at
from federation.policy.chain import judge
from federation.policy.decision import Because, Decision
from federation.policy.disclosure import for_members
from federation.policy.domains import Rules, find_rule
from federation.policy.facts import Direction, Facts, Value
from federation.policy.rule import BLOCKING, Action
from federation.policy.told import facts_of_note
from federation.protocol.uri import host_of
from federation.protocol.verdict import Refused
from storage import policy_buckets, policy_facts

NOT_SENT: Final = "Our server does not let this go out."
NOT_SENT_BECAUSE: Final = "Our server does not let this go out. Reason: {reason}"
NEW_WITHIN: Final = timedelta(hours=1)
CONTACT, ACQUAINTED, STRANGER = "contact", "acquainted", "stranger"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What somebody here wants to send, and to whom elsewhere."""

    item: PostMessage | InvitePerson
    situation: Situation
    people: tuple[str, ...]
    hosts: tuple[str, ...]


async def judge_outgoing(
    prepared: Sequence[Prepared], tools: Tools, now: datetime
) -> dict[int, Ruling]:
    """What rules say of what people here want to send, by its place in the batch."""
    rules = tools.rules()
    # PERF: without such rules nothing is looked at.
    if not rules.outgoing.is_anything:
        return {}
    found: dict[int, Ruling] = {}
    for at, one in enumerate(prepared):
        outgoing = _outgoing(one, rules)
        if outgoing is not None:
            found[at] = await _judged(outgoing, tools, now)
    return found


def _outgoing(one: Prepared, rules: Rules) -> Outgoing | None:
    item, situation = one.item, one.situation
    if not isinstance(item, PostMessage | InvitePerson) or situation is None or one.error:
        return None
    named = [item.person] if isinstance(item, InvitePerson) else _present(situation)
    people = [uri for uri in named if uri and not situation.is_local(uri)]
    hosts = {host_of(uri) for uri in people}
    reached = {host for host in hosts if find_rule(rules, host, Direction.OUT) is None}
    if not reached:
        return None
    there = tuple(sorted(uri for uri in people if host_of(uri) in reached))
    return Outgoing(item, situation, there, tuple(sorted(reached)))


def _present(situation: Situation) -> Sequence[str]:
    return tuple(situation.conversation.present()) if situation.conversation is not None else ()


async def _judged(one: Outgoing, tools: Tools, now: datetime) -> Ruling:
    rules, author = tools.rules(), one.situation.speaker
    known = await _known(one, rules.outgoing.facts, now)
    limits = rules.outgoing.limits
    owners = owners_of(one.hosts[0], author.uri, one.people[0])
    held = await policy_buckets.taken(sorted(limits), sorted(owners.values())) if limits else {}
    empty = frozenset(
        rule
        for rule, limit in limits.items()
        if limit.key in owners
        and level_at(limit, _level(held.get((rule, owners[limit.key]))), now) < 1
    )
    facts = Facts(now, known, Direction.OUT, empty, is_answered=True)
    decision = judge(rules.chain, facts, stages=FILING)
    tell(decision, tools.count)
    means = Means(tools.new_id, now, rules.version)
    about = About("", author.uri, author.host, author.uri)
    action = decision.action
    told = is_told(decision) and decision.because is not Because.UNKNOWN_DOMAIN
    return Ruling(
        whole=KeptOut(_why_not(decision, rules)) if _is_stopped(decision) else None,
        decided=(remembered(about, decision, action, known, means),) if told else (),
        taken=frozenset((rule, owners[limits[rule].key]) for rule in decision.tokens),
    )


def _level(row: tuple[float, datetime] | None) -> Level | None:
    return Level(*row) if row is not None else None


def _is_stopped(decision: Decision) -> bool:
    """Whether it does not go: nothing that goes out can wait for a moderator."""
    if decision.because is Because.FAILED_RULE:
        return decision.action is not Action.ACCEPT
    return decision.action in BLOCKING


def _why_not(decision: Decision, rules: Rules) -> Refused:
    rule = decision.rule
    reason = "" if rule is None else for_members(rules.chain.policy, rule.public_reason)
    return Refused(NOT_SENT_BECAUSE.format(reason=reason) if reason else NOT_SENT, 422)


async def _known(one: Outgoing, asked: frozenset[str], now: datetime) -> Mapping[str, Value]:
    item, situation = one.item, one.situation
    author, conversation = situation.speaker, situation.conversation
    is_message = isinstance(item, PostMessage)
    known: dict[str, Value] = {
        "domain": one.hosts,
        "actor": (author.uri, f"@{author.acct}"),
        "actor_name": (author.name, author.username),
        "type": "Create" if is_message else "Invite",
        "object_type": "Note" if is_message else "Group",
        "recipients": len(one.people),
        "relation": await _relation(one),
    }
    if conversation is not None and conversation.kind == "group":
        known["group_size"] = len(conversation.present())
    if isinstance(item, PostMessage):
        known |= facts_of_note({"content": to_html(item.text)}, now)
        known["attachments"] = len(item.media_ids)
    if "local_account_age" in asked:
        since = (await policy_facts.accounts([author.uri])).get(author.uri, now)
        known["local_account_age"] = max(timedelta(0), now - since)
    if "new_contacts" in asked:
        known["new_contacts"] = await policy_facts.new_contacts(author.uri, now, NEW_WITHIN)
    return known


async def _relation(one: Outgoing) -> str:
    """What the author has with those who get it: with the one with whom they have least."""
    conversation = one.situation.conversation
    is_message = isinstance(one.item, PostMessage)
    if is_message and conversation is not None and conversation.kind == "group":
        return ACQUAINTED
    ties = await policy_facts.ties_from(one.situation.speaker.uri, one.people)
    relations = {_related(ties.get(person, frozenset())) for person in one.people}
    return next(each for each in (STRANGER, ACQUAINTED, CONTACT) if each in relations)


def _related(ties: frozenset[str]) -> str:
    if ties - {"group"}:
        return CONTACT
    return ACQUAINTED if ties else STRANGER

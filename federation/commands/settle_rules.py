"""Whoever rules keep out anew is parted from people here once, wherever the rules stand.

Which servers are kept out is remembered, so that a start with other files is noticed as well as a
command. A mode of federation, and a rule that is enforced for some hours by raised protection,
part nobody: only a domain that is blocked by name ends memberships.

Source: policy.md 6, 7
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from federation.commands import cut_off
from federation.commands.deeds import SYSTEM, note
from federation.commands.parting import Partings, find_partings, part
from federation.policy.disclosure import for_members
from federation.policy.domains import BLOCKED_BY, DomainRule, Rules, find_rule, why_not_delivered
from storage import events, kept_out, policy_preview, policy_rules, shields
from storage.database import transaction, wake
from storage.events import NewEvent
from storage.kept_out import KeptOut

PARTED: Final = "rules.parted"


@dataclass(frozen=True, slots=True)
class Settled:
    """What rules have ended that hold: memberships, and deliveries that waited."""

    parted: Partings
    waiting: int


NOTHING: Final = Settled(Partings(), 0)


async def settle(rules: Rules, *, new_id: Callable[[], str], now: datetime) -> Settled:
    """End what goes on with servers that are kept out and were not, and remember which they are."""
    async with transaction():
        exempt = await _raised(rules, now)
        new = await remember(rules, now, exempt=exempt)
        if not new:
            return NOTHING
        parted = await find_partings(lambda host: _named(rules, host, exempt) is not None)
        await part(parted, new_id=new_id, now=now)
        waiting = await cut_off.ending(partial(why_not_delivered, rules))
        done = Settled(parted, await cut_off.end(waiting, now))
        if parted.removed or parted.leaving:
            detail = {
                "hosts": len(new),
                "members_removed": len(parted.removed),
                "people_leaving": len(parted.leaving),
            }
            await note(SYSTEM, PARTED, "rules", now, detail=json.dumps(detail))
        return done


async def remember(
    rules: Rules, now: datetime, *, exempt: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Remember which servers are kept out; answers those that were not.

    Args:
        rules: In force.
        now: When.
        exempt: Ids of rules that do not count.

    Transaction: expects to run inside one.
    """
    held = {one.host: one for one in await kept_out.listed()}
    out = await _out(rules, now, exempt)
    changed = [one for host, one in out.items() if held.get(host) != _since(one, held.get(host))]
    await kept_out.put(changed)
    # Whether a rule would hold without raised protection is seen when that has ended.
    ended = {host for host in held.keys() - out.keys() if held[host].rule_id not in exempt}
    await kept_out.remove(ended)
    shown = {one.host for one in changed if one.is_told or _is_told(held.get(one.host))}
    await _tell(shown | {host for host in ended if held[host].is_told}, now)
    return frozenset(out.keys() - held.keys())


def _is_told(one: KeptOut | None) -> bool:
    return one is not None and one.is_told


async def _tell(hosts: Collection[str], now: datetime) -> None:
    """Whoever has a conversation open with people there sees at once that it is so, or no more."""
    found = await kept_out.readers(hosts) if hosts else []
    await events.append([NewEvent(person, "conversation", now, place) for person, place in found])
    if found:
        await wake("event")


async def _out(rules: Rules, now: datetime, exempt: frozenset[str]) -> Mapping[str, KeptOut]:
    told = {rule.id for rule in rules.chain.policy.rules if rule.notify_members}
    # A blocked domain is so since it was blocked, also before that was remembered here.
    blocked = {f"{BLOCKED_BY}{one.domain}": one.created_at for one in await policy_rules.listed()}
    found: dict[str, KeptOut] = {}
    for host in await policy_preview.hosts():
        rule = _named(rules, host, exempt)
        if rule is not None:
            since = blocked.get(rule.id, now)
            reason = for_members(rules.chain.policy, rule.public_reason)
            found[host] = KeptOut(host, rule.id, reason, rule.id in told, since)
    return found


def _since(one: KeptOut, held: KeptOut | None) -> KeptOut:
    """A server that was kept out before is so since then."""
    return one if held is None else replace(one, since=held.since, purged_at=held.purged_at)


def _named(rules: Rules, host: str, exempt: frozenset[str]) -> DomainRule | None:
    """The rule that keeps a host out by its name."""
    rule = find_rule(rules, host)
    return rule if rule is not None and rule.id and rule.id not in exempt else None


async def _raised(rules: Rules, now: datetime) -> frozenset[str]:
    """The rules that may hold only for as long as protection is raised."""
    raised = await shields.find()
    if raised is None or raised[1] <= now:
        return frozenset()
    named = rules.chain.policy.tables.get("shields", {}).get("rules", ())
    return frozenset(named) if isinstance(named, tuple) else frozenset()

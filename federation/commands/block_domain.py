"""The operator blocks a domain: nothing goes there, nothing comes in, and memberships end.

Members there are removed from groups whose home is here; our people leave groups whose home is
there. Both happen as repairs, so that they happen once, whenever the node runs. Messages that are
here stay, and lifting a block brings back no membership and sends nothing that was not sent.

Sources: groups-protocol.md 11.4 and 11.5; policy.md 6
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from federation.commands import cut_off
from federation.commands.deeds import SYSTEM, By, note
from federation.commands.parting import Parting, Partings, find_partings, part
from federation.policy.domains import (
    BLOCKED_BY,
    DomainRule,
    blocking,
    is_below,
    read_domain,
    why_not_delivered,
)
from federation.protocol.namespace import Namespace
from federation.protocol.verdict import Refused
from storage import kept_out, policy_preview, policy_rules
from storage.database import transaction
from storage.kept_out import KeptOut
from storage.policy_rules import PolicyRule

REASON_MAX: Final = 500

OUR_OWN: Final = Refused("That is this server's own domain.", 422)
BLOCKED: Final = Refused("That domain is blocked already.", 409)
NOT_BLOCKED: Final = Refused("That domain is not blocked by a rule of its own.", 404)
TOO_LONG: Final = Refused(f"A reason has at most {REASON_MAX} characters.", 422)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a block does at once.

    Attributes:
        removed: Members there of groups whose home is here.
        leaving: People here in groups whose home is there.
        waiting: Deliveries that end unsent.
    """

    domain: str
    removed: tuple[Parting, ...]
    leaving: tuple[Parting, ...]
    waiting: int


async def foresee(text: str, space: Namespace) -> Consequences | Refused:
    """What blocking a domain would do."""
    domain = _own_refused(read_domain(text), space)
    if isinstance(domain, Refused):
        return domain
    return await _consequences(domain, await cut_off.ending(_why_not(domain, "")))


async def block(
    text: str,
    reason: str,
    *,
    space: Namespace,
    new_id: Callable[[], str],
    now: datetime,
    by: By = SYSTEM,
) -> Consequences | Refused:
    """Block a domain and all names below it; answers what that does."""
    domain = _own_refused(read_domain(text), space)
    if isinstance(domain, Refused):
        return domain
    if len(reason) > REASON_MAX:
        return TOO_LONG
    async with transaction():
        if any(rule.domain == domain for rule in await policy_rules.listed()):
            return BLOCKED
        ending = await cut_off.ending(_why_not(domain, reason))
        found = await _consequences(domain, ending)
        await policy_rules.add(PolicyRule(new_id(), domain, reason, now))
        await note(by, "rule.set", domain, now, detail=reason)
        await part(Partings(found.removed, found.leaving), new_id=new_id, now=now)
        await cut_off.end(ending, now)
        await _remember(domain, reason, now)
    return found


async def unblock(
    text: str, *, new_id: Callable[[], str], now: datetime, by: By = SYSTEM
) -> str | Refused:
    """Lift a block; answers the domain."""
    domain = read_domain(text)
    if isinstance(domain, Refused):
        return domain
    async with transaction():
        is_gone = await policy_rules.remove(domain, new_id())
        if is_gone:
            held = await kept_out.listed()
            await kept_out.remove(
                [one.host for one in held if one.rule_id == f"{BLOCKED_BY}{domain}"]
            )
            await note(by, "rule.ended", domain, now)
    return domain if is_gone else NOT_BLOCKED


async def _remember(domain: str, reason: str, now: datetime) -> None:
    """Since when servers there are kept out, of those that were not before."""
    there = [host for host in await policy_preview.hosts() if is_below(host, domain)]
    held = {one.host for one in await kept_out.among(there)}
    name = f"{BLOCKED_BY}{domain}"
    await kept_out.put(
        [
            KeptOut(host, name, reason, is_told=False, since=now)
            for host in there
            if host not in held
        ]
    )


async def blocked_domains() -> tuple[DomainRule, ...]:
    """The blocks as they are stored."""
    held = await policy_rules.listed()
    return tuple(DomainRule(rule.domain, rule.public_reason) for rule in held)


def _own_refused(domain: str | Refused, space: Namespace) -> str | Refused:
    if isinstance(domain, Refused):
        return domain
    ours = (space.host, space.account_domain)
    return OUR_OWN if any(is_below(host, domain) for host in ours) else domain


async def _consequences(domain: str, ending: Mapping[str, Sequence[str]]) -> Consequences:
    ends = await find_partings(partial(is_below, domain=domain), like=domain)
    waiting = sum(map(len, ending.values()))
    return Consequences(domain, ends.removed, ends.leaving, waiting)


def _why_not(domain: str, reason: str) -> cut_off.WhyNot:
    told = why_not_delivered(blocking(DomainRule(domain, reason)), domain)
    return lambda host: told if is_below(host, domain) else ""

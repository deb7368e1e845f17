"""What the operator keeps out, as the operator and the people of this node are shown it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.policy.disclosure import Audience, audience_of, for_members
from federation.policy.domains import Rules
from federation.policy.limited import How, Limited, limited_by
from storage import policy_rules, stored_rules

PUBLISHED_MAX: Final = 5_000


@dataclass(frozen=True, slots=True)
class BlockedDomain:
    """A domain that nothing goes to and nothing comes from."""

    domain: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class LimitedServer:
    """A server with which this node exchanges nothing or less, as its people are told.

    Attributes:
        domain: As it is shown; see `Limited`.
        since: None where the rule stands in a file, which does not say.
    """

    domain: str
    reason: str
    since: datetime | None
    how: How = How.REFUSED


async def list_blocked() -> list[BlockedDomain]:
    """Every blocked domain, by name."""
    rules = await policy_rules.listed()
    return [BlockedDomain(rule.domain, rule.public_reason, rule.created_at) for rule in rules]


async def list_limited(
    rules: Rules, *, after: str = "", limit: int
) -> tuple[tuple[LimitedServer, ...], str]:
    """Some servers that are limited, by name, and the cursor of the page after it or "".

    There are none where nobody is to read it; see `disclosure.publish_list`.

    Args:
        rules: In force: those of the configuration, of files and of the database.
        after: The cursor of the page before, or "".
        limit: How many at most.
    """
    policy = rules.chain.policy
    if audience_of(policy) is Audience.NOBODY:
        return (), ""
    blocked = await policy_rules.page(after=after, limit=limit + 1)
    servers = {
        rule.domain: LimitedServer(
            rule.domain, for_members(policy, rule.public_reason), rule.created_at
        )
        for rule in blocked
    }
    for one in await _by_rules(limited_by(rules, after=after, limit=limit + 1)):
        servers.setdefault(one.domain, one)
    names = sorted(servers)
    cursor = names[limit - 1] if len(names) > limit else ""
    return tuple([servers[name] for name in names[:limit]]), cursor


async def list_published(rules: Rules) -> tuple[LimitedServer, ...]:
    """The servers that are limited, by name, where everybody may read that; at most 5,000."""
    if audience_of(rules.chain.policy) is not Audience.PUBLIC:
        return ()
    return (await list_limited(rules, limit=PUBLISHED_MAX))[0]


async def _by_rules(limited: list[Limited]) -> list[LimitedServer]:
    made = await stored_rules.made_at([one.rule_id for one in limited])
    return [LimitedServer(one.name, one.reason, made.get(one.rule_id), one.how) for one in limited]

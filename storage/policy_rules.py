"""The rules of the operator, and whom they part from whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run, wake
from storage.settings import find_settings, put_setting
from storage.times import from_ms, to_ms

# Names the set of rules; every change gives it another one.
VERSION: Final = "policy_version"
# Names the reading of files that holds.
FILES_VERSION: Final = "policy_files"


@dataclass(frozen=True, slots=True)
class Versions:
    """The names of what holds, "" before the first.

    Attributes:
        stored: Of the set of rules that is stored.
        files: Of the reading of the files.
    """

    stored: str
    files: str


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """A domain that nothing goes to and nothing comes from."""

    id: str
    domain: str
    public_reason: str
    created_at: datetime


LISTED: Final = """
SELECT id, domain, public_reason, created_at FROM policy_rule ORDER BY domain
"""

PAGE: Final = """
SELECT id, domain, public_reason, created_at FROM policy_rule
WHERE domain COLLATE "C" > $1 ORDER BY domain COLLATE "C" LIMIT $2
"""

REMOVE: Final = "DELETE FROM policy_rule WHERE domain = $1"


async def listed() -> list[PolicyRule]:
    """Every rule, by domain."""
    rows = await fetch(LISTED)
    return sorted(map(_rule, rows), key=lambda rule: rule.domain)


async def page(*, after: str, limit: int) -> list[PolicyRule]:
    """The rules for the domains behind this one, by domain."""
    return list(map(_rule, await fetch(PAGE, after, limit)))


def _rule(row: Row) -> PolicyRule:
    return PolicyRule(row["id"], row["domain"], row["public_reason"], from_ms(row["created_at"]))


async def add(rule: PolicyRule) -> None:
    """Make a rule, of which every process hears; inside a transaction.

    Raises:
        Conflict: There is one for this domain.
    """
    columns = ("id", "domain", "public_reason", "created_at")
    values = (rule.id, rule.domain, rule.public_reason, to_ms(rule.created_at))
    await insert_many("policy_rule", columns, [values])
    await changed(rule.id)


async def remove(domain: str, version: str) -> bool:
    """End the rule for a domain; False if there is none. Inside a transaction.

    Args:
        domain: As in the rule.
        version: A name that no set of rules has had.
    """
    is_gone = await run(REMOVE, domain) > 0
    if is_gone:
        await changed(version)
    return is_gone


async def changed(version: str) -> None:
    """Name the set of rules anew, so that every process reads it; inside a transaction."""
    await put_setting(VERSION, version)
    await wake("policy")


async def reload_files(version: str) -> None:
    """Let every process read its files of rules again; inside a transaction.

    Args:
        version: A name that no reading has had.
    """
    await put_setting(FILES_VERSION, version)
    await wake("policy")


async def find_versions() -> Versions:
    """The names of what holds."""
    found = await find_settings((VERSION, FILES_VERSION))
    return Versions(found.get(VERSION, ""), found.get(FILES_VERSION, ""))


# Members elsewhere of groups whose home is here. The pattern lets more through than is meant.
MEMBERS_LIKE: Final = """
SELECT membership.conversation_id, membership.actor_uri AS person, membership.actor_uri AS place
FROM membership JOIN conversation ON conversation.id = membership.conversation_id
WHERE conversation.is_home AND conversation.kind = 'group' AND conversation.closed_at IS NULL
  AND NOT membership.local AND membership.state = 'joined' AND membership.actor_uri LIKE $1
ORDER BY membership.id
"""

# Our members of groups whose home may be there.
GUESTS_LIKE: Final = """
SELECT membership.conversation_id, membership.actor_uri AS person, conversation.uri AS place
FROM membership JOIN conversation ON conversation.id = membership.conversation_id
WHERE NOT conversation.is_home AND conversation.kind = 'group'
  AND conversation.closed_at IS NULL AND membership.local AND membership.state = 'joined'
  AND conversation.uri LIKE $1
ORDER BY membership.id
"""


async def members_like(domain: str) -> list[Row]:
    """Members of our groups who may be at a domain: `conversation_id`, `person`, `place`."""
    return await fetch(MEMBERS_LIKE, f"%{domain}%")


async def guests_like(domain: str) -> list[Row]:
    """Our people in groups that may have their home at a domain, as `members_like`."""
    return await fetch(GUESTS_LIKE, f"%{domain}%")


WAITED_FOR: Final = "SELECT DISTINCT host FROM delivery WHERE state = 'pending'"


async def hosts_waited_for() -> list[str]:
    """The hosts for which deliveries wait."""
    return [row["host"] for row in await fetch(WAITED_FOR)]


# What waits for these hosts, with the text of what may be a Leave, else NULL. The pattern lets
# more through than is meant.
WAITING: Final = """
SELECT delivery.id, delivery.host, activity.document AS leave FROM delivery
LEFT JOIN activity ON activity.id = delivery.activity_id AND delivery.message_id = ''
  AND activity.document LIKE '%"Leave"%'
WHERE delivery.host = ANY($1) AND delivery.state = 'pending'
"""


async def waiting_for(hosts: Sequence[str]) -> list[Row]:
    """The deliveries that wait for these hosts: `id`, `host`, `leave`."""
    return await fetch(WAITING, list(hosts)) if hosts else []


# What carries a message ends where its author sees it.
END_WAITING: Final = """
UPDATE delivery SET state = CASE WHEN message_id = '' THEN 'cancelled' ELSE 'refused' END,
  reason = $2, settled_at = $3
WHERE id = ANY($1) AND state = 'pending'
RETURNING actor_uri, conversation_id, message_id, host, state, aware
"""


async def end_waiting(ids: Sequence[str], reason: str, at: datetime) -> list[Row]:
    """Let none of these deliveries begin any more that waits; answer what ended."""
    return await fetch(END_WAITING, list(ids), reason, to_ms(at)) if ids else []

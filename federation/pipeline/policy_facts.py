"""What rules ask about what arrived is loaded for a whole batch, and only what one asks for.

Source: policy.md 3
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from federation.activities.situation import Situation
from federation.groups.doors import FOLLOWED, WRITTEN
from federation.pipeline.case import Case
from federation.policy.asked import OF_SOFTWARE
from federation.policy.conditions import host_name
from federation.policy.domains import Rules
from federation.policy.facts import Value
from federation.policy.statement import carried_from, spoken_from
from federation.policy.told import facts_of
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.strict_json import loads
from federation.protocol.timestamps import parse_time
from federation.protocol.uri import host_of
from storage import acquaintance, doors, policy_facts
from storage.database import Row
from storage.times import from_ms

NO_TIME: Final = timedelta(0)
REPORTS_WITHIN: Final = timedelta(days=7)
NEW_WITHIN: Final = timedelta(hours=1)
OF_THE_ACTOR: Final = frozenset(
    {"actor", "actor_name", "actor_type", "actor_first_seen", "actor_published", "has_icon", "bot"}
)
BOTS: Final = frozenset({"Application", "Service"})
CONTACT, ACQUAINTED, STRANGER = "contact", "acquainted", "stranger"


class Sender(Protocol):
    """Who sends something, as it is stored."""

    @property
    def host(self) -> str:
        """Of its id."""
        ...

    @property
    def domain(self) -> str:
        """What stands behind the @ in its handle."""
        ...

    @property
    def username(self) -> str:
        """What stands before it."""
        ...

    @property
    def name(self) -> str:
        """What it calls itself."""
        ...

    @property
    def aware(self) -> bool:
        """Whether its node speaks the group protocol."""
        ...


@dataclass(slots=True)
class Background:
    """What is known of the senders of a batch.

    Attributes:
        actors: Rows of actors, by id.
        seen: Since when hosts are known.
        software: What hosts say that they run: a name and a version.
        known: Hosts that people here have to do with, or about which a moderator has decided.
        new_contacts: With how many people senders have begun to talk within an hour.
        accounts: Since when local people have an account.
        ties: What local people have to do with senders, by sender.
    """

    actors: Mapping[str, Row] = field(default_factory=dict)
    seen: Mapping[str, datetime] = field(default_factory=dict)
    software: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    new_contacts: Mapping[str, int] = field(default_factory=dict)
    accounts: Mapping[str, datetime] = field(default_factory=dict)
    reports: Mapping[str, int] = field(default_factory=dict)
    ties: dict[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)


async def load_senders(
    authors: Collection[str], asked: frozenset[str], now: datetime
) -> Background:
    """Load what rules ask for about senders, whoever they write to.

    Args:
        authors: Their ids.
        asked: The facts that conditions ask for.
        now: When.
    """
    hosts = {host_of(one) for one in authors}
    found = Background()
    if not asked.isdisjoint(OF_THE_ACTOR):
        found.actors = await policy_facts.actors(authors)
    if "domain_first_seen" in asked:
        ages = {host: await acquaintance.first_seen(host) for host in sorted(hosts)}
        found.seen = {host: at for host, at in ages.items() if at is not None}
    if not asked.isdisjoint(OF_SOFTWARE):
        found.software = await policy_facts.software(hosts)
    if "federation_known" in asked:
        found.known = frozenset({host for host in sorted(hosts) if await _is_known(host)})
    if "reports" in asked:
        found.reports = await policy_facts.reports(authors, now, REPORTS_WITHIN)
    return found


async def _is_known(host: str) -> bool:
    return await acquaintance.is_known(host) or await policy_facts.is_let_go(host)


async def load_background(
    cases: Collection[Case], asked: frozenset[str], now: datetime
) -> Background:
    """Load what rules ask for about what arrived, with few queries for all of it."""
    found = await load_senders({one.author for one in cases}, asked, now)
    people: dict[str, set[str]] = {}
    for one in cases:
        people.setdefault(one.author, set()).update(set(one.persons) - {""})
    for author, persons in people.items():
        found.ties[author] = await doors.ties_with(persons, author) if persons else {}
    if "new_contacts" in asked:
        found.new_contacts = {
            author: await policy_facts.new_contacts(author, now, NEW_WITHIN)
            for author in sorted(people)
        }
    if "local_account_age" in asked:
        found.accounts = await policy_facts.accounts(set().union(*people.values()))
    return found


def known_of_sender(
    activity: Activity, speaker: Sender, background: Background, rules: Rules, now: datetime
) -> dict[str, Value]:
    """What is known of what arrived before anybody asks for whom it is.

    Args:
        activity: What arrived.
        speaker: Who sends it.
        background: What is loaded of them.
        rules: In force.
        now: When.
    """
    asked, host = rules.facts, speaker.host
    known = dict(facts_of(activity, now, asked=asked))
    hosts = spoken_from(activity) | carried_from(activity)
    known["domain"] = tuple(sorted(one for one in hosts if host_name(one) not in rules.own_hosts))
    known["aware"] = speaker.aware
    known["actor"] = (activity.actor, f"@{speaker.username}@{speaker.domain}")
    known["actor_name"] = (speaker.name, speaker.username)
    if "domain_first_seen" in asked:
        known["domain_first_seen"] = max(NO_TIME, now - background.seen.get(host, now))
    if host in background.software:
        known["software"], known["software_version"] = background.software[host]
    if "federation_known" in asked:
        known["federation_known"] = host in background.known
    row = background.actors.get(activity.actor)
    return known if row is None else known | _of_row(row, now)


def known_of(case: Case, background: Background, rules: Rules) -> dict[str, Value]:
    """What is known of an item, whoever of our people it is for."""
    situation, asked = case.situation, rules.filing.facts
    now, speaker = situation.now, situation.speaker
    known = known_of_sender(case.activity, speaker, background, rules, now)
    known["local_recipients"] = len([one for one in case.persons if one])
    if "reports" in asked:
        known["reports"] = background.reports.get(case.author, 0)
    if "new_contacts" in asked:
        known["new_contacts"] = background.new_contacts.get(case.author, 0)
    if situation.conversation is not None and situation.conversation.kind == "group":
        known["group_size"] = len(situation.conversation.present())
    return known


def _of_row(row: Row, now: datetime) -> dict[str, Value]:
    known: dict[str, Value] = {
        "actor_type": row["type"],
        "actor_first_seen": max(NO_TIME, now - from_ms(row["created_at"])),
        "has_icon": bool(row["icon"]),
        "bot": row["type"] in BOTS,
    }
    published = _published(row["document"])
    if published is not None:
        known["actor_published"] = now - published
    return known


def _published(document: str) -> datetime | None:
    try:
        return parse_time(loads(document.encode()).get("published")) if document else None
    except RemoteProtocolError:
        return None


def relation_of(person: str, case: Case, background: Background) -> str:
    """What a local person has with the sender; "" for nobody in particular.

    Inside a group that somebody has joined nobody is a stranger.
    """
    if not person:
        return ""
    ties = background.ties.get(case.author, {}).get(person, frozenset())
    if {WRITTEN, FOLLOWED} & ties or _has_invited(person, case.situation):
        return CONTACT
    group = case.situation.conversation
    is_inside = group is not None and group.kind == "group" and group.is_in(person)
    return ACQUAINTED if ties or is_inside else STRANGER


def _has_invited(person: str, situation: Situation) -> bool:
    answered = situation.unheard_answer
    return answered is not None and answered.inviter == person


def known_of_age(since: datetime | None, now: datetime) -> dict[str, Value]:
    """For how long a local person has had an account."""
    return {} if since is None else {"local_account_age": max(NO_TIME, now - since)}

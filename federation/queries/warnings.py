"""What somebody is told before they invite people on other software into a group.

Sources: groups-protocol.md 2, 13 and 14.4
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from federation.groups.software import COVEY, SENTENCES, Warn, is_crowded, quirks_of, warnings_of
from storage import actors, memberships, software
from storage.actors import StoredActor


@dataclass(frozen=True, slots=True)
class WarningView:
    """One thing to know of a person before a group has them as a member.

    Attributes:
        kind: A word of federation/groups/software.py.
        acct: The handle of whom it is about.
    """

    kind: str
    acct: str
    text: str


@dataclass(frozen=True, slots=True)
class FitView:
    """How somebody takes part in conversations.

    Attributes:
        is_aware: Whether their server takes part in groups.
        software: What it says it runs, or "".
        takes_one: Whether messages to more than one person are refused or broken there.
        people_max: How many people a message may be to, or None.
    """

    is_aware: bool
    software: str
    takes_one: bool = False
    people_max: int | None = None
    warnings: tuple[WarningView, ...] = ()


def fit_of(actor: StoredActor, software_name: str | None) -> FitView:
    """What to know of somebody before a conversation has them.

    Args:
        actor: Who.
        software_name: What their server runs, "" if it does not say; None for who is aware.
    """
    if software_name is None:
        return FitView(is_aware=True, software=COVEY if actor.local else "")
    quirks = quirks_of(software_name)
    told = tuple(_view(warn, actor) for warn in warnings_of(software_name))
    return FitView(
        is_aware=False,
        software=software_name,
        takes_one=quirks.takes_one,
        people_max=quirks.mentions_max,
        warnings=told,
    )


async def of_inviting(conversation_id: str, invitees: Collection[str]) -> tuple[WarningView, ...]:
    """The warnings about inviting these people to a group, which has the members it has.

    Args:
        conversation_id: The group.
        invitees: Actors.
    """
    rows = await memberships.of_conversations([conversation_id])
    members = {row["actor_uri"] for row in rows if row["state"] == "joined"}
    known = await actors.find_actors(sorted({*members, *invitees}))
    unaware = {uri: one for uri, one in known.items() if not one.aware and not one.local}
    named = await software.of_hosts({one.host for one in unaware.values()})
    names = {uri: named[a.host].name if a.host in named else "" for uri, a in unaware.items()}
    new = [uri for uri in invitees if uri in unaware]
    size = len(members) + len(set(invitees) - members) - 1
    return (
        *(_view(warn, unaware[uri]) for uri in new for warn in warnings_of(names[uri])),
        *_crowded(unaware, names, size),
    )


def _crowded(
    unaware: Mapping[str, StoredActor], names: Mapping[str, str], size: int
) -> Iterable[WarningView]:
    for uri in sorted(unaware):
        if is_crowded([names[uri]], size):
            yield _view(Warn.TOO_MANY, unaware[uri])


def _view(warn: Warn, actor: StoredActor) -> WarningView:
    return WarningView(warn.value, f"{actor.username}@{actor.domain}", SENTENCES[warn])

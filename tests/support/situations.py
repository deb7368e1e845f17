"""Situations for handlers: home.test with alice and anna, and people elsewhere.

    BOB, CAROL, DORA    speak the group protocol, each on a node of their own
    LOU                 does not

`GROUP` has its home here, `AWAY` at bob's node. Whatever a test does not name is empty.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from federation.activities.author_logs import KnownLog, Logs
from federation.activities.direct import people_hash
from federation.activities.known import KnownConversation, KnownInvitation, KnownMessage
from federation.activities.roster import KnownActor, KnownMembership, Roster, Span
from federation.activities.situation import Signer, Situation, json_text
from federation.groups import chain, settings
from federation.groups.state import MEMBER, GroupState
from federation.protocol.activity import Activity
from federation.protocol.build.note import EXPLICIT_MEMBERS_MAX
from federation.protocol.namespace import Namespace
from federation.protocol.parse import parse_activity
from federation.protocol.timestamps import format_time
from federation.protocol.uri import host_of
from storage.changes import Change, Send
from tests.support.signing import ed25519_key

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
SPACE = Namespace("https://home.test", "home.test", "home.test")
ALICE, ANNA = SPACE.person("alice"), SPACE.person("anna")
BOB, CAROL, DORA = (f"https://{name}.test/u/{name}" for name in ("bob", "carol", "dora"))
LOU = "https://lou.test/users/lou"
GROUP_ID = "01K4G000000000000000000000"
GROUP, AWAY = SPACE.conversation(GROUP_ID), "https://bob.test/c/away"
PEOPLE = (ALICE, ANNA, BOB, CAROL, DORA, LOU)

C = TypeVar("C", bound=Change)


def actor(uri: str, **other: object) -> KnownActor:
    """Somebody as this node knows them; `other` replaces attributes."""
    host = host_of(uri)
    known = KnownActor(
        uri=uri,
        host=host,
        local=SPACE.is_ours(uri),
        kind="conversation" if "/c/" in uri else "person",
        username=uri.rpartition("/")[2],
        domain=host,
        name="",
        aware=uri != LOU,
        shared_inbox=True,
    )
    return replace(known, **other)


ACTORS = {uri: actor(uri) for uri in (*PEOPLE, GROUP, AWAY)}


def signer(uri: str) -> Signer:
    """The proof key of one of our actors."""
    return Signer(uri, SPACE.ed25519_key(uri), ed25519_key())


def ids() -> Callable[[], str]:
    """Ids in the order in which they are asked for."""
    numbers = count(1)
    return lambda: f"01K4N{next(numbers):021d}"


def situation(
    speaker: str, conversation: KnownConversation | None = None, **other: object
) -> Situation:
    """What a handler knows when this actor speaks; everybody above is known."""
    actors = other.pop("actors", ACTORS)
    return Situation(
        now=other.pop("now", NOW),
        space=SPACE,
        new_id=ids(),
        by_us=other.pop("by_us", False),
        speaker=actors.get(speaker) or actor(speaker),
        actors=actors,
        fresh=other.pop("fresh", frozenset({"", ALICE, ANNA})),
        conversation=conversation,
        signers={uri: signer(uri) for uri in (ALICE, ANNA, GROUP)},
        **other,
    )


def state(*members: str, uri: str = GROUP, name: str = "Book club") -> GroupState:
    """A group that its first member founded, and the others joined one by one."""
    founder, *others = members
    made = chain.first_state(uri, name=name, icon=None, settings=settings.DEFAULTS, founder=founder)
    for person in others:
        made = chain.with_role(made, person, MEMBER)
    return made


def membership(person: str, standing: str = "joined", **other: object) -> KnownMembership:
    """Where somebody stands."""
    held = KnownMembership(person, SPACE.is_ours(person), "", standing, "", "", None)
    return replace(held, **other)


def group(
    held: GroupState | None,
    *,
    standings: Mapping[str, str] = {},
    spans: tuple[Span, ...] = (),
    logs: Iterable[KnownLog] = (),
    **other: object,
) -> KnownConversation:
    """A group as held here; its members are joined, and `standings` says who else is what."""
    people = held.people if held is not None else ()
    roles = {person: held.role_of(person) for person in people} if held is not None else {}
    memberships = {person: membership(person, role=roles[person]) for person in people}
    for person, standing in standings.items():
        role = roles.get(person, "") if standing == "joined" else ""
        memberships[person] = membership(person, standing, role=role)
    uri = held.conversation if held is not None else AWAY
    known = KnownConversation(
        id=GROUP_ID,
        uri=uri,
        kind="group",
        is_home=uri == GROUP,
        home_host=host_of(uri),
        title=held.name if held is not None else "",
        context=f"{uri}/context",
        thread="",
        people_hash="",
        disputed=False,
        closed=False,
        newest_t=None,
        changed_at=NOW - timedelta(hours=1),
        roster=Roster(
            memberships,
            spans
            or tuple(Span(person, joined_at, None) for joined_at, person in enumerate(people, 1)),
            held,
        ),
        written=Logs().with_changed(logs),
    )
    return replace(known, **other)


def direct(*people: str, standings: Mapping[str, str] = {}, **other: object) -> KnownConversation:
    """A direct conversation of these people, all of whom are in it unless `standings` says so."""
    known = KnownConversation(
        id="01K4D000000000000000000000",
        uri="",
        kind="direct",
        is_home=False,
        home_host="",
        title="",
        context="",
        thread="",
        people_hash=people_hash(frozenset(people)),
        disputed=False,
        closed=False,
        newest_t=None,
        changed_at=NOW,
        roster=Roster(
            {
                person: membership(person, standings.get(person, "joined"), role="member")
                for person in people
            }
        ),
    )
    return replace(known, **other)


def log_of(person: str, name: str = "log") -> str:
    """The id of somebody's log."""
    return f"{person}/log/{name}"


def known_log(person: str, *, head: int = 0, final: int | None = None, **other: object) -> KnownLog:
    """A log as held here."""
    uri = log_of(person)
    held = KnownLog(uri, person, SPACE.is_ours(person), head, "", final, NOW - timedelta(minutes=1))
    return replace(held, **other)


def known_message(uri: str, author: str, **other: object) -> KnownMessage:
    """A message as held here."""
    held = KnownMessage(
        id=f"01K4M{uri[-3:]:0>21}",
        uri=uri,
        conversation_id=GROUP_ID,
        author=author,
        published_at=NOW,
        t=NOW,
        in_reply_to="",
        addressed_to=(),
        provenance="verified",
    )
    return replace(held, **other)


def activity(verb: str, by: str, object_: object, **other: object) -> Activity:
    """Any activity, as it was parsed; None leaves a property out."""
    document = {
        "id": f"{by}/a/{verb.lower()}",
        "type": verb,
        "actor": by,
        "object": object_,
        "published": format_time(NOW),
        **other,
    }
    return parse_activity({key: value for key, value in document.items() if value is not None})


def note(by: str, to: Sequence[str], *, uri: str = "", **other: object) -> dict[str, Any]:
    """A Note."""
    return {
        "id": uri or f"{by}/n/1",
        "type": "Note",
        "attributedTo": by,
        "to": list(to),
        "content": "<p>Hello</p>",
        "published": format_time(NOW),
        **other,
    }


def create(
    by: str, to: Sequence[str], *, said: Mapping[str, Any] = {}, **other: object
) -> Activity:
    """A Create of a Note; `said` replaces what stands on the Note."""
    return activity("Create", by, note(by, to, **said), **{"to": list(to), **other})


def entry(
    by: str, held: GroupState, *, seq: int = 1, epoch: int = 0, said: Mapping[str, Any] = {}
) -> Activity:
    """A message to a group, as an aware author writes it."""
    to = [person for person in held.people if person != by][:EXPLICIT_MEMBERS_MAX]
    return create(
        by,
        [*to, held.conversation],
        said=said,
        context=f"{held.conversation}/context",
        chatEpoch=epoch or held.epoch,
        chatState=held.hash,
        chatLog=log_of(by),
        chatSeq=seq,
    )


def invitation(inviter: str, invitee: str, *, uri: str = GROUP, **other: object) -> KnownInvitation:
    """An open invitation as held here, with its Invite."""
    asked = invite(inviter, invitee, uri=uri)
    ends_at = NOW + timedelta(days=14)
    held = KnownInvitation(
        asked.id, uri, inviter, invitee, "open", ends_at, json_text(asked.document)
    )
    return replace(held, **other)


def invite(inviter: str, invitee: str, *, uri: str = GROUP, **other: object) -> Activity:
    """An Invite."""
    terms = {
        "target": invitee,
        "to": [invitee, uri],
        "endTime": format_time(NOW + timedelta(days=14)),
        **other,
    }
    return activity("Invite", inviter, uri, **terms)


def of(kind: type[C], changes: Iterable[Change]) -> list[C]:
    """The changes of one kind, in their order."""
    return [change for change in changes if isinstance(change, kind)]


def owed(changes: Iterable[Change]) -> dict[str, tuple[str, ...]]:
    """Whom deliveries are owed to, by host."""
    return {send.host: send.recipients for send in of(Send, changes)}

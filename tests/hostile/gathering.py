"""Groups whose home is here, with an aware member elsewhere; and groups whose home is elsewhere."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from federation.groups import chain
from federation.groups.state import GroupState
from federation.protocol.build import conversation as build
from federation.protocol.build import state_change
from federation.protocol.build.conversation import Identity, Slice
from federation.protocol.build.keys import ActorKeys
from federation.protocol.build.state_change import Answered, Removed
from federation.protocol.keys import multikey_of, pem_of
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT
from tests.hostile.cast import Actor, body_of, now
from tests.hostile.peer import told
from tests.hostile.stage import Stage, introduce
from tests.hostile.trial import Trial
from tests.support.gate import Exchange
from tests.support.person import Room

_NUMBERS = count(1)
SETTINGS = {"history": "invited", "invite": "moderator", "relay": True}


@dataclass(slots=True)
class Seat:
    """An aware person elsewhere and their log in one group.

    Attributes:
        group: The conversation actor's id.
        conversation_id: Its row here.
    """

    stage: Stage
    actor: Actor
    group: str
    conversation_id: str
    log: str
    seq: int = 0
    prev: str = ""

    @property
    def context(self) -> str:
        """By which messages name the group."""
        return f"{self.group}/context"

    def state(self) -> tuple[int, str]:
        """Epoch and hash, as the node has them."""
        (row,) = self.stage.rows(
            "SELECT epoch, state_hash FROM conversation WHERE id = ?", self.conversation_id
        )
        return row["epoch"], row["state_hash"]

    def says(self, text: str = "hello", *, to: Sequence[str] = (), **other: Any) -> dict[str, Any]:
        """A message of theirs with the next number of their log; `other` replaces its terms."""
        people = to or (self.stage.lena.uri, self.stage.otto.uri, self.group)
        create = self.actor.create(*people, text=text)
        note = create["object"]
        note |= {"context": self.context, "conversation": self.context, "directMessage": True}
        note |= {"source": {"content": text, "mediaType": "text/markdown"}}
        note |= other.pop("note", {})
        create["to"] = note["to"]
        return self.entry(create | {"@context": CONTEXT}, **other)

    def entry(self, document: Mapping[str, Any], **terms: Any) -> dict[str, Any]:
        """An activity as an entry of their log in this group, with a proof."""
        epoch, state = self.state()
        self.seq += 1
        whole = {
            **document,
            "context": self.context,
            "chatEpoch": epoch,
            "chatState": state,
            "chatLog": self.log,
            "chatSeq": self.seq,
            **({"chatPrev": self.prev} if self.prev else {}),
            **terms,
        }
        self.prev = whole["id"]
        return self.actor.proven({key: one for key, one in whole.items() if one is not None})

    async def posts(self, document: Mapping[str, Any]) -> int:
        """Send something of theirs; the status."""
        return (await self.stage.send(self.actor.post(document))).status


async def seat(trial: Trial, name: str) -> Seat:
    """A new group of Lena's, with Otto and an aware member of b.test; the case begins after it."""
    stage = trial.stage
    actor = Actor(f"https://b.test/u/{name}-{next(_NUMBERS)}", is_aware=True)
    introduce(stage.peer, actor)
    room = await stage.lena.start_conversation(f"G {actor.name}", stage.otto.acct)
    await stage.otto.accept(room)
    found = await joins(stage, actor, room)
    trial.begin()
    return found


async def joins(stage: Stage, actor: Actor, room: Room) -> Seat:
    """Invite an aware person elsewhere, who accepts."""
    await stage.lena.invite(actor.acct, room)
    await stage.idle()
    (invite,) = [
        one.document
        for one in stage.peer.asked(actor.host)
        if one.type == "Invite"
        and one.document["target"] == actor.uri
        and one.document["object"] == room.uri
    ][-1:]
    log = f"{actor.uri}/log/{next(_NUMBERS)}"
    to = [room.uri, invite["actor"]]
    accept = actor.activity("Accept", invite, to=to, chatLog=log) | {"@context": CONTEXT}
    answer = await stage.send(actor.post(actor.proven(accept)))
    assert answer.status == 202, answer
    await stage.idle()
    (row,) = stage.rows("SELECT id FROM conversation WHERE uri = ?", room.uri)
    assert actor.acct in await stage.lena.roles(room)
    return Seat(stage, actor, room.uri, row["id"], log)


@dataclass(slots=True)
class AwayGroup:
    """A group whose home is b.test.

    Attributes:
        founder: Its admin, who lives there.
        log: Every change, oldest first.
    """

    stage: Stage
    founder: Actor
    home: Actor
    states: list[GroupState] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)

    @property
    def now(self) -> GroupState:
        """Its newest state."""
        return self.states[-1]

    @property
    def room(self) -> Room:
        return Room(uri=self.home.uri)

    def found(self) -> None:
        """Epoch 1, with the founder alone."""
        state = chain.first_state(
            self.home.uri, name="Choir", icon=None, settings=SETTINGS, founder=self.founder.uri
        )
        made = state_change.create(state.to_json(), **self._named(state))
        self.log.append(self.home.proven(made))
        self.states.append(state)
        self.serve()

    def added(
        self, person: str, role: str = "member", *, basis: Sequence[Answered] = ()
    ) -> dict[str, Any]:
        """The Add that gives somebody a role, and with it the next state."""
        state = chain.with_role(self.now, person, role)
        made = state_change.add(state.to_json(), subject=person, basis=basis, **self._named(state))
        return self._next(state, made)

    def removed(self, person: str) -> dict[str, Any]:
        """The Remove of somebody, and with it the next state."""
        state = chain.without(self.now, person)
        gone = Removed(person, self.now.role_of(person), {})
        made = state_change.remove(state.to_json(), removed=gone, basis=(), **self._named(state))
        return self._next(state, made)

    def serve(self) -> None:
        """Let everything about the group be read at its home."""
        peer, state, uri = self.stage.peer, self.now.to_json(), self.home.uri
        identity = Identity(
            self.home.name,
            self.home.host,
            self.founder.uri,
            f"https://{self.home.host}/inbox",
            ActorKeys(
                (f"{uri}#main-key", pem_of(self.home.rsa.public_key())),
                ((f"{uri}#ed25519-key", multikey_of(self.home.ed25519.public_key())),),
            ),
            now(),
        )
        peer.serve(uri, build.actor(state, identity=identity, updated_at=now()))
        peer.serve(f"{uri}/affiliations", build.affiliations(state))
        path = f"/{uri.split('/', 3)[3]}"
        peer.act(self.home.host, f"{path}/inbox", told(202))
        peer.act(self.home.host, f"{path}/state", self._state_log)
        empty = build.history_page(uri, Slice("r1.0", [], "r1.0"))
        peer.act(self.home.host, f"{path}/history", told(body=body_of(empty)))

    async def post(self, document: Mapping[str, Any], by: Actor | None = None) -> int:
        """Send something as the conversation actor; the status."""
        return (await self.stage.send((by or self.home).post(document))).status

    async def _state_log(self, exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        after = int(parse_qs(urlsplit(exchange.target).query).get("after", ["0"])[0])
        items = [one for one in self.log if one["chatEpoch"] > after]
        page = build.state_log_page(self.home.uri, Slice(str(after), items, ""))
        await told(body=body_of(page))(exchange, writer)

    def _next(self, state: GroupState, made: Mapping[str, Any]) -> dict[str, Any]:
        proven = self.home.proven(made)
        self.states.append(state)
        self.log.append(proven)
        self.serve()
        return proven

    def _named(self, state: GroupState) -> dict[str, Any]:
        moment = now() + timedelta(milliseconds=state.epoch)
        return {"change_id": f"{self.home.uri}/state/{state.epoch}", "published": moment}


async def away_group(trial: Trial, *, members: Sequence[Actor] = ()) -> AwayGroup:
    """A group at b.test of which Lena has become a member; the case begins after it."""
    stage, number = trial.stage, next(_NUMBERS)
    founder = Actor(f"https://b.test/u/founder-{number}", is_aware=True)
    home = Actor(f"https://b.test/c/{number}", is_aware=True)
    for actor in (founder, *members):
        introduce(stage.peer, actor)
    group = AwayGroup(stage, founder, home)
    group.found()
    for member in members:
        group.added(member.uri)
    invite = invitation(group, stage.lena.uri)
    assert (await stage.send(founder.post(invite))).status == 202
    await stage.idle()
    await stage.lena.accept(group.room)
    await stage.idle()
    accept = [one.document for one in stage.peer.asked("b.test") if one.type == "Accept"][-1]
    basis = [
        Answered(accept["id"], "Accept", stage.lena.uri),
        Answered(invite["id"], "Invite", founder.uri),
    ]
    assert await group.post(group.added(stage.lena.uri, basis=basis)) == 202
    await stage.idle()
    assert await stage.lena.state_in(group.room) == "joined"
    trial.begin()
    return group


def invitation(group: AwayGroup, person: str) -> dict[str, Any]:
    """The founder's Invite of somebody."""
    ends = format_time(now() + timedelta(days=14))
    invite = group.founder.activity(
        "Invite", group.home.uri, target=person, to=[person, group.home.uri], endTime=ends
    )
    return group.founder.proven(invite | {"@context": CONTEXT})

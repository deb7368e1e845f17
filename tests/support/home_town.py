"""A node with one group, one direct conversation, and people of other servers in every standing.

Seconds after `START`, on the group's home:

     0  epoch 1: alice          40  note two, epoch 2
    10  epoch 2: frank          50  epoch 3: bob
    20  note one, epoch 2       60  note three, epoch 3
    30  bob is invited          70  epoch 4: frank is removed
                                80  note four, epoch 4;  90 ivy is invited
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.groups import chain
from federation.groups.state import GroupState
from federation.keyring import new_pairs
from federation.protocol.build import state_change
from federation.protocol.build.state_change import Removed
from federation.protocol.keys import spki_of
from federation.protocol.namespace import Namespace
from federation.protocol.vocabulary import CONTEXT
from storage import actors, remote_keys
from storage import changes as c
from storage.actors import RemoteProfile
from storage.database import transaction
from storage.remote_keys import ListedKey
from storage.sealing import Sealer
from storage.write import write
from tests.support.signing import ed25519_key, rsa_key

SPACE = Namespace("https://home.test", "home.test", "home.test")
START = datetime(2026, 9, 2, 12, 0, tzinfo=UTC)
NOW = START + timedelta(minutes=30)
RUN = "5" * 32

GROUP_ID = "01K4B000000000000000000000"
GROUP = SPACE.conversation(GROUP_ID)
GROUP_NAME = "c-k4b07q2m9x5rt8vw"
DIRECT_ID = "01K4D000000000000000000000"
ALICE = SPACE.person("alice")
BOB = "https://member.test/u/bob"
FRANK = "https://former.test/u/frank"
IVY = "https://invitee.test/u/ivy"
DAN = "https://direct.test/u/dan"
SAM = "https://stranger.test/u/sam"
# Knows nothing of our groups, and nobody here.
LEGACY = "https://legacy.test/users/lou"
OTHERS = (BOB, FRANK, IVY, DAN, SAM, LEGACY)

ONE, TWO, THREE, FOUR = (SPACE.note("alice", f"01K4N{n}") for n in "1234")
DIRECT_NOTE = SPACE.note("alice", "01K4N5")
DIRECT_CONTEXT = SPACE.direct_context("alice", "01K4N5")
LOG = SPACE.log("alice", "7QK2")
SETTINGS = {"history": "invited", "invite": "moderator", "relay": True}


class _Keys:
    def rsa_key(self) -> RSAPrivateKey:
        return rsa_key()

    def ed25519_key(self) -> Ed25519PrivateKey:
        return ed25519_key()


def second(number: int) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=number)


async def found_town(*, settings: dict[str, Any] = SETTINGS) -> None:
    """Fill a migrated database."""
    pairs = [
        key
        for uri in (ALICE, SPACE.instance, GROUP)
        for key in await new_pairs(uri, _Keys(), sealer=Sealer(b"\x01" * 32), at=START)
    ]
    async with transaction():
        await write([*_own_actors(), *pairs])
    for uri in OTHERS:
        await meet(uri)
    for changes in (*_group(settings), *_direct()):
        async with transaction():
            await write(changes)


def _own_actors() -> list[c.Change]:
    return [
        _actor(ALICE, "person", "Person", "alice"),
        _actor(SPACE.instance, "server", "Application", "home.test"),
        _actor(GROUP, "conversation", "Group", GROUP_NAME),
        c.AddAccount("alice", ALICE, "Alice A.", "owner", "", START),
    ]


def _actor(uri: str, kind: str, type_: str, username: str) -> c.AddLocalActor:
    return c.AddLocalActor(
        uri=uri,
        host=SPACE.host,
        kind=kind,
        type=type_,
        username=username,
        domain=SPACE.account_domain,
        name=username.title(),
        inbox=f"{uri}/inbox",
        shared_inbox=SPACE.shared_inbox,
        at=START,
    )


async def meet(uri: str, at: datetime = NOW) -> None:
    """Learn of somebody elsewhere, or learn the same again later."""
    name, host = uri.rpartition("/")[2], uri.split("/")[2]
    profile = RemoteProfile(
        uri=uri,
        host=host,
        kind="person",
        type="Person",
        username=name,
        domain=host,
        name=name.title(),
        inbox=f"{uri}/inbox",
        shared_inbox=f"https://{host}/inbox",
        followers=f"{uri}/followers",
        outbox=f"{uri}/outbox",
        aware=uri != LEGACY,
        document="{}",
    )
    await actors.put_remote_actor(profile, at)
    rsa, ed25519 = spki_of(rsa_key().public_key()), spki_of(ed25519_key().public_key())
    listed = [
        ListedKey(f"{uri}#main-key", "rsa", rsa, for_proofs=False, for_requests=True),
        ListedKey(f"{uri}#ed25519-key", "ed25519", ed25519, for_proofs=True, for_requests=True),
    ]
    await remote_keys.put_keys(uri, listed, at)


def _group(settings: dict[str, Any]) -> Iterator[list[c.Change]]:
    one = chain.first_state(GROUP, name="Book club", icon=None, settings=settings, founder=ALICE)
    two = chain.with_role(one, FRANK, "member")
    three = chain.with_role(two, BOB, "member")
    four = chain.without(three, FRANK)
    yield [
        _conversation(GROUP_ID, GROUP, "group", f"{GROUP}/context"),
        *_entered(one, state_change.create(one.to_json(), **_named(one, 0)), 0),
        *joined(ALICE, 1, 0, ""),
    ]
    yield [*_entered(two, _added(two, FRANK, 10), 10), *joined(FRANK, 2, 10, "")]
    yield said(ONE, 20, 1, epoch=2)
    yield _invited(BOB, 30)
    yield said(TWO, 40, 2, epoch=2)
    yield [
        *_entered(three, _added(three, BOB, 50), 50),
        *joined(BOB, 3, 50, _invite_id(BOB)),
        c.SetInvitation(_invite_id(BOB), "spent", second(50)),
    ]
    yield said(THREE, 60, 3, epoch=3)
    removed = Removed(FRANK, "member", {})
    document = state_change.remove(four.to_json(), removed=removed, basis=(), **_named(four, 70))
    yield [
        *_entered(four, document, 70),
        c.CloseSpan(GROUP_ID, FRANK, 4),
        _stands(FRANK, "", "removed", 70),
    ]
    yield said(FOUR, 80, 4, epoch=4)
    yield _invited(IVY, 90)


def _state(epoch: int, hash_: str, state: str, at: int) -> c.SetState:
    return c.SetState(
        conversation_id=GROUP_ID,
        epoch=epoch,
        hash=hash_,
        state=state,
        title="Book club",
        closed=False,
        activity_id=f"{GROUP}/state/{epoch}",
        published_at=second(at),
        at=second(at),
    )


def _named(state: GroupState, at: int) -> dict[str, Any]:
    return {"change_id": f"{GROUP}/state/{state.epoch}", "published": second(at)}


def _added(state: GroupState, person: str, at: int) -> dict[str, Any]:
    return state_change.add(state.to_json(), subject=person, basis=(), **_named(state, at))


def _entered(state: GroupState, document: dict[str, Any], at: int) -> list[c.Change]:
    return [
        c.KeepActivity(document["id"], GROUP, json.dumps(document), second(at)),
        _state(state.epoch, state.hash, json.dumps(state.to_json()), at),
    ]


def joined(person: str, epoch: int, at: int, invitation: str) -> list[c.Change]:
    """Somebody becomes a member."""
    return [
        c.OpenSpan(GROUP_ID, person, epoch),
        _stands(person, "member", "joined", at, invitation=invitation),
    ]


def _stands(
    person: str,
    role: str,
    state: str,
    at: int,
    *,
    conversation: str = GROUP_ID,
    invitation: str = "",
) -> c.PutMembership:
    return c.PutMembership(
        conversation_id=conversation,
        person=person,
        local=person == ALICE,
        role=role,
        state=state,
        at=second(at),
        invitation_id=invitation,
    )


def _conversation(id_: str, uri: str, kind: str, context: str) -> c.AddConversation:
    return c.AddConversation(
        id=id_,
        uri=uri,
        kind=kind,
        is_home=bool(uri),
        home_host=SPACE.host if uri else "",
        title="Book club" if uri else "",
        context=context,
        thread="",
        people_hash="" if uri else "f" * 64,
        at=START,
    )


def numbered_state(epoch: int, at: int) -> list[c.Change]:
    """An epoch of which nothing matters but its number."""
    state = json.dumps({"epoch": epoch, "settings": SETTINGS, "members": {}})
    document = json.dumps({"chatEpoch": epoch})
    return [
        c.KeepActivity(f"{GROUP}/state/{epoch}", GROUP, document, second(at)),
        _state(epoch, "z", state, at),
    ]


def _invite_id(person: str) -> str:
    return SPACE.activity("alice", f"inv-{person.rpartition('/')[2]}")


def _invited(person: str, at: int) -> list[c.Change]:
    invite, ends_at = _invite_id(person), second(at) + timedelta(days=14)
    return [
        c.KeepActivity(invite, ALICE, json.dumps({"id": invite, "type": "Invite"}), second(at)),
        c.PutInvitation(invite, GROUP, ALICE, person, "open", second(at), ends_at, second(at)),
        _stands(person, "", "invited", at, invitation=invite),
    ]


def _direct() -> Iterator[list[c.Change]]:
    yield [
        _conversation(DIRECT_ID, "", "direct", DIRECT_CONTEXT),
        _stands(ALICE, "member", "joined", 0, conversation=DIRECT_ID),
        _stands(DAN, "member", "joined", 0, conversation=DIRECT_ID),
    ]
    yield said(DIRECT_NOTE, 5, 1, epoch=None)


def said(note: str, at: int, seq: int, *, epoch: int | None) -> list[c.Change]:
    """Alice writes: in the group, or without epoch in the direct conversation."""
    create = create_document(note)
    conversation = GROUP_ID if epoch else DIRECT_ID
    return [
        c.KeepActivity(create["id"], ALICE, json.dumps(create), second(at)),
        c.AddMessage(
            id=note.rpartition("/")[2],
            uri=note,
            conversation_id=conversation,
            author=ALICE,
            activity_id=create["id"],
            type="Note",
            published_at=second(at),
            t=second(at),
            arrived_at=second(at),
            epoch=epoch,
            in_reply_to="",
            reply_to="",
            media_type="text/html",
            html="<p>Hello</p>",
            text="Hello",
            summary=None,
            provenance="verified",
            late=False,
            addressed_to=(),
        ),
        c.NoteEntry(
            log=f"{LOG}-{conversation}",
            conversation_id=conversation,
            author=ALICE,
            local=True,
            seq=seq,
            activity_id=create["id"],
            at=second(at),
        ),
    ]


def create_document(note: str) -> dict[str, Any]:
    """The Create of a note, as it was signed."""
    return {
        "@context": CONTEXT,
        "id": f"{note}/create",
        "type": "Create",
        "actor": ALICE,
        "object": {"id": note, "type": "Note", "attributedTo": ALICE, "content": "<p>Hello</p>"},
        "proof": {"type": "DataIntegrityProof", "proofValue": "z3FXQ"},
    }

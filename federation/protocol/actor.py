"""An actor's document becomes a record, with the keys by which that actor may speak."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from federation.protocol.activity import EPOCH_MAX
from federation.protocol.capability import is_aware
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import as_list, id_of, ids_of
from federation.protocol.keys import PublicKey, public_from_multikey, public_from_pem
from federation.protocol.uri import LINK_CHARS_MAX, canonical, find_on_origin, without_fragment
from federation.protocol.vocabulary import PROFILE

ACTOR_TYPES = frozenset({"Application", "Group", "Organization", "Person", "Service"})
MAX_KEYS = 10
MAX_NAME_CHARS = 200
MAX_ALIASES = 32
MAX_ICONS = 8


@dataclass(frozen=True, slots=True)
class RemoteActor:
    """What an actor's document says; "" means absent, or not on the actor's origin.

    Attributes:
        uri: Canonical, like the other ids.
        username: `preferredUsername`: a claim, until WebFinger agrees.
        aware: Whether it advertises our profile, or is a conversation actor.
        keys: Of `publicKey` and `assertionMethod`, those that we accept, each id once.
        proof_methods: Ids of the keys in `assertionMethod`.
        is_conversation: Whether it is a Group of our profile.
        also_known_as: Ids of other accounts that it says are the same person's, at most 32.
        moved_to: The account as which the person goes on.
        icon: Where a picture of it is, on whatever host.
    """

    uri: str
    type: str
    username: str
    name: str
    inbox: str
    shared_inbox: str
    followers: str
    outbox: str
    aware: bool
    keys: tuple[PublicKey, ...]
    proof_methods: frozenset[str]
    is_conversation: bool
    document: Mapping[str, Any]
    also_known_as: tuple[str, ...] = ()
    moved_to: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class ConversationActor:
    """What a conversation actor's document says besides what groups/description.py reads.

    Attributes:
        affiliations: Its list of members, an id on its origin; likewise the next two.
        epoch: From 1.
        state: The state's hash.
    """

    actor: RemoteActor
    affiliations: str
    context: str
    history: str
    epoch: int
    state: str


def parse_actor(document: Mapping[str, Any], *, allow_http: bool = False) -> RemoteActor:
    """Read an actor's document. A key that is not accepted spoils itself alone.

    The caller has compared its id with the URL it came from.

    Raises:
        RemoteProtocolError: No id, no single actor type, or no inbox on its own origin.

    Source: security.md 3 and 4.3
    """
    uri = without_fragment(canonical(document.get("id"), allow_http=allow_http))
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in ACTOR_TYPES:
        raise RemoteProtocolError("not an actor", repr(kind)[:80])
    inbox = find_on_origin(id_of(document.get("inbox")), uri)
    if not inbox:
        raise RemoteProtocolError("an actor without an inbox on its origin", uri)
    endpoints = document.get("endpoints")
    shared = endpoints.get("sharedInbox") if isinstance(endpoints, dict) else None
    request_keys, proof_keys = _keys(document, uri)
    keys = {key.key_id: key for key in (*request_keys, *proof_keys)}
    return RemoteActor(
        uri=uri,
        type=kind,
        username=_name(document.get("preferredUsername")),
        name=_name(document.get("name")),
        inbox=inbox,
        shared_inbox=find_on_origin(shared, uri),
        followers=find_on_origin(id_of(document.get("followers")), uri),
        outbox=find_on_origin(id_of(document.get("outbox")), uri),
        aware=is_aware(document),
        keys=tuple(keys.values()),
        proof_methods=frozenset(key.key_id for key in proof_keys),
        is_conversation=kind == "Group" and document.get("chatProfile") == PROFILE,
        document=document,
        also_known_as=ids_of(document.get("alsoKnownAs"))[:MAX_ALIASES],
        moved_to=id_of(document.get("movedTo")),
        icon=_icon(document.get("icon"), allow_http=allow_http),
    )


def _icon(value: object, *, allow_http: bool) -> str:
    """The first picture that has a URL; one that cannot be read is none, and spoils nothing."""
    for entry in as_list(value)[:MAX_ICONS]:
        url = entry.get("url") if isinstance(entry, Mapping) else entry
        for link in as_list(url)[:1]:
            href = link.get("href") if isinstance(link, Mapping) else link
            try:
                return canonical(href, allow_http=allow_http, chars_max=LINK_CHARS_MAX)
            except RemoteProtocolError:
                continue
    return ""


def parse_conversation_actor(
    document: Mapping[str, Any], *, allow_http: bool = False
) -> ConversationActor:
    """Read a conversation actor's document.

    Raises:
        RemoteProtocolError: It is none of our profile, or lacks what a member's node needs.

    Source: groups-protocol.md 3.1
    """
    actor = parse_actor(document, allow_http=allow_http)
    links = [
        find_on_origin(id_of(document.get(name)), actor.uri)
        for name in ("affiliations", "context", "contextHistory")
    ]
    epoch, state = document.get("chatEpoch"), document.get("chatState")
    if not actor.is_conversation or not all(links):
        raise RemoteProtocolError("not a conversation actor", actor.uri)
    if type(epoch) is not int or not 1 <= epoch <= EPOCH_MAX or not isinstance(state, str):
        raise RemoteProtocolError("a conversation actor without a state", actor.uri)
    affiliations, context, history = links
    return ConversationActor(actor, affiliations, context, history, epoch, state)


def find_proof_key(actor: RemoteActor, method: str) -> PublicKey | None:
    """Answer the key that makes the actor's proofs under this id, or None."""
    if method not in actor.proof_methods:
        return None
    return next(key for key in actor.keys if key.key_id == method)


def _keys(document: Mapping[str, Any], actor: str) -> tuple[list[PublicKey], list[PublicKey]]:
    """Answer the keys of `publicKey` and those of `assertionMethod`; none if there are too many."""
    public, methods = as_list(document.get("publicKey")), as_list(document.get("assertionMethod"))
    if len(public) + len(methods) > MAX_KEYS:
        return [], []
    return list(_accepted(public, actor, "owner")), list(_accepted(methods, actor, "controller"))


def _accepted(entries: list[Any], actor: str, owner_name: str) -> Iterator[PublicKey]:
    for entry in entries:
        if isinstance(entry, dict) and id_of(entry.get(owner_name)) == actor:
            try:
                yield _key(entry, actor, is_multikey=owner_name == "controller")
            except RemoteProtocolError:
                continue


def _key(entry: Mapping[str, Any], actor: str, *, is_multikey: bool) -> PublicKey:
    key_id = find_on_origin(entry.get("id"), actor)
    text = entry.get("publicKeyMultibase" if is_multikey else "publicKeyPem")
    if not key_id or not isinstance(text, str):
        raise RemoteProtocolError("a key without id or value", actor)
    read = public_from_multikey if is_multikey else public_from_pem
    return read(text, key_id=key_id, owner=actor)


def _name(value: object) -> str:
    return value[:MAX_NAME_CHARS] if isinstance(value, str) else ""

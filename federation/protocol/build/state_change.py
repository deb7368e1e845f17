"""What home decided about a group goes out as one activity of the conversation actor.

Here and in conversation.py `state` is the object of groups-protocol.md 4.2, as GroupState.to_json
writes it: `conversation, epoch, icon, members, name, predecessor, prev, settings, successors`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from federation.protocol import canonical_json
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT


@dataclass(frozen=True, slots=True)
class Answered:
    """An activity that a change answers."""

    id: str
    type: str
    actor: str


def create(state: Mapping[str, Any], *, change_id: str, published: datetime) -> dict[str, Any]:
    """Build the Create of epoch 1, without proof.

    Source: groups-protocol.md 4.1
    """
    return {
        **_opening(state, "Create", change_id),
        "object": {
            "id": state["conversation"],
            "type": "Group",
            **description_terms(state),
            "affiliations": {
                "type": "OrderedCollection",
                "orderedItems": [
                    _relationship(state["conversation"], subject, role)
                    for subject, role in state["members"].items()
                ],
            },
        },
        **_closing(state, published),
    }


def add(
    state: Mapping[str, Any],
    *,
    subject: str,
    change_id: str,
    basis: Sequence[Answered],
    published: datetime,
    heads: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Build the Add that gives somebody the role they have in `state`, without proof.

    Args:
        state: The state that the Add makes.
        subject: Whose role it gives.
        change_id: Its id.
        basis: What it answers.
        published: When.
        heads: For a ban: the person's logs, and the last number in each that counts.
    """
    conversation = state["conversation"]
    return {
        **_opening(state, "Add", change_id),
        "object": relationship(conversation, subject, state["members"][subject]),
        "target": affiliations_of(conversation),
        **_basis(basis),
        **({} if heads is None else {"chatHeads": dict(heads)}),
        **_closing(state, published),
    }


@dataclass(frozen=True, slots=True)
class Removed:
    """Who has no role any more.

    Attributes:
        role: What it was until then.
        heads: Their logs, and the last number in each that still belongs to the conversation.
    """

    subject: str
    role: str
    heads: Mapping[str, int]


def remove(
    state: Mapping[str, Any],
    *,
    removed: Removed,
    change_id: str,
    basis: Sequence[Answered],
    published: datetime,
) -> dict[str, Any]:
    """Build the Remove whose result is `state`, without proof."""
    conversation = state["conversation"]
    return {
        **_opening(state, "Remove", change_id),
        "object": relationship(conversation, removed.subject, removed.role),
        "target": affiliations_of(conversation),
        **_basis(basis),
        "chatHeads": dict(removed.heads),
        **_closing(state, published),
    }


def delete(
    state: Mapping[str, Any], *, change_id: str, basis: Sequence[Answered], published: datetime
) -> dict[str, Any]:
    """Build the Delete that closes a group, without proof."""
    return {
        **_opening(state, "Delete", change_id),
        "object": state["conversation"],
        **_basis(basis),
        **_closing(state, published),
    }


def update(
    state: Mapping[str, Any],
    *,
    actor: Mapping[str, Any],
    change_id: str,
    basis: Sequence[Answered],
    published: datetime,
) -> dict[str, Any]:
    """Build the Update to `state`, without proof.

    Args:
        state: The state that the Update makes.
        actor: The complete actor document at that state, as conversation.actor builds it.
        change_id: Its id.
        basis: What it answers.
        published: When.
    """
    return {
        **_opening(state, "Update", change_id),
        "object": {key: value for key, value in actor.items() if key != "@context"},
        **_basis(basis),
        **_closing(state, published),
    }


def move(
    state: Mapping[str, Any],
    *,
    target: str,
    change_id: str,
    basis: Sequence[Answered],
    published: datetime,
) -> dict[str, Any]:
    """Build the Move by which a group goes on as another conversation, without proof."""
    return {
        **_opening(state, "Move", change_id),
        "object": state["conversation"],
        "target": target,
        **_basis(basis),
        **_closing(state, published),
    }


def state_hash(state: Mapping[str, Any]) -> str:
    """Hash a state as `chatState` does (4.2)."""
    return canonical_json.multihash(canonical_json.encode(state))


def affiliations_of(conversation: str) -> str:
    """Answer the address of the member list of a conversation of ours."""
    return f"{conversation}/affiliations"


def description_terms(state: Mapping[str, Any]) -> dict[str, Any]:
    """Write what a Create and the conversation actor say alike of a group."""
    icon = {"icon": {"type": "Image", "url": state["icon"]}} if state["icon"] else {}
    follows = {"chatPredecessor": state["predecessor"]} if state["predecessor"] else {}
    return {
        "name": state["name"],
        **icon,
        "chatSettings": state["settings"],
        "chatSuccessors": state["successors"],
        **follows,
    }


def relationship(conversation: str, subject: str, role: str) -> dict[str, Any]:
    """Write a person's role with an id that stays that person's for ever."""
    name = canonical_json.multihash(subject.encode())
    return {
        "id": f"{affiliations_of(conversation)}/{name}",
        **_relationship(conversation, subject, role),
    }


def _relationship(conversation: str, subject: str, role: str) -> dict[str, Any]:
    return {
        "type": "Relationship",
        "subject": subject,
        "relationship": role,
        "object": conversation,
    }


def _opening(state: Mapping[str, Any], verb: str, change_id: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": change_id,
        "type": verb,
        "actor": state["conversation"],
        "to": [affiliations_of(state["conversation"])],
    }


def _basis(basis: Sequence[Answered]) -> dict[str, Any]:
    if not basis:
        return {}
    return {
        "chatBasis": [{"id": item.id, "type": item.type, "actor": item.actor} for item in basis]
    }


def _closing(state: Mapping[str, Any], published: datetime) -> dict[str, Any]:
    return {
        "chatEpoch": state["epoch"],
        **({"chatPrevState": state["prev"]} if state["prev"] else {}),
        "chatState": state_hash(state),
        "published": format_time(published),
    }

"""PURE: from what a batch loaded, the situation of one of its items."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from federation.activities.known import KnownConversation, KnownInvitation
from federation.activities.situation import Signer, Situation
from federation.groups.order import Held
from federation.pipeline.belonging import belonging_of
from federation.pipeline.doors import NOBODY, Doors
from federation.pipeline.load import Loaded
from federation.pipeline.load_life import Life
from federation.pipeline.needs import Needs
from federation.policy.domains import NO_RULES, Rules
from federation.protocol.namespace import Namespace


# PERF: a struct, as Situation is.
class Road(msgspec.Struct, frozen=True):
    """What an item gets beside what was loaded by its names."""

    now: datetime
    space: Namespace
    new_id: Callable[[], str]
    signers: Mapping[str, Signer]
    doors: Doors = NOBODY
    rules: Rules = NO_RULES


def conversation_of(needs: Needs, loaded: Loaded) -> KnownConversation | None:
    """The conversation an item belongs to, by the first of its names that is known here.

    A group entry is found by its `context`, a direct message by its set of people
    (groups-protocol.md 6.7); what is said about a message is where that is. A legacy message is
    found by belonging.py.
    Any other activity is found by the conversation actor that it names, or by the invitation that
    it answers.
    """
    held = [loaded.messages.get(uri) for uri in sorted(_about(needs, loaded))]
    belonging = belonging_of(needs, loaded)
    if belonging is not None and not any(held):
        of_people = (loaded.by_people.get(key) for key in needs.people)
        return belonging.group or next(of_people, None)
    named = (
        *(loaded.by_id.get(message.conversation_id) for message in held if message is not None),
        *(loaded.by_id.get(key) for key in sorted(needs.conversation_ids)),
        *(loaded.by_context.get(key) for key in sorted(needs.contexts)),
        *(loaded.by_people.get(key) for key in sorted(needs.people)),
        *(loaded.by_uri.get(key) for key in sorted(needs.conversation_uris)),
        *(
            loaded.by_uri.get(loaded.invitations[key].conversation_uri)
            for key in sorted(needs.invitations)
            if key in loaded.invitations
        ),
    )
    return next((found for found in named if found is not None), None)


def _about(needs: Needs, loaded: Loaded) -> frozenset[str]:
    """The messages that an item is about, also those it names by a reaction to them."""
    liked = loaded.life.liked
    return needs.about | {liked[key] for key in needs.likes if key in liked}


def situate(
    needs: Needs, loaded: Loaded, road: Road, *, by_us: bool, owner: str
) -> Situation | None:
    """The situation of one item, or None when nothing is known of the actor who speaks.

    A wish of ours has reached nobody yet; for what arrived, `seen` says whom it has.
    """
    speaker = loaded.actors.get(needs.author)
    if speaker is None:
        return None
    conversation = conversation_of(needs, loaded)
    belonging = belonging_of(needs, loaded)
    situation = Situation(
        now=road.now,
        space=road.space,
        new_id=road.new_id,
        by_us=by_us,
        speaker=speaker,
        actors=loaded.actors,
        fresh=loaded.here | {""},
        inbox_owner=owner,
        conversation=conversation,
        invitation=_invitation(needs, conversation, loaded),
        follow=next(
            (
                follow
                for follow in loaded.follows.values()
                if follow.followed == needs.follow_of and follow.follower in _followers(needs)
            ),
            None,
        ),
        answered={key: loaded.activities[key] for key in needs.activities & set(loaded.activities)},
        messages={**loaded.messages, **{reply.uri: reply for reply in loaded.replies}},
        replies=tuple(
            Held(reply.uri, reply.in_reply_to, reply.published_at, reply.t)
            for reply in loaded.replies
        ),
        known_to=road.doors.open,
        closed_to=road.doors.closed,
        rules=road.rules,
        signers=road.signers,
        aside=belonging.aside if belonging is not None else None,
    )
    return _with_life(situation, loaded.life, whose=needs.said_by)


def _with_life(situation: Situation, life: Life, *, whose: str) -> Situation:
    """The situation with what became of the messages it is about."""
    return replace(
        situation,
        answered={**life.documents, **situation.answered},
        readers=life.readers,
        reactions=life.reactions,
        tombstones=life.tombstones,
        blocked_by=life.blocked.get(whose, frozenset()),
        receipts_to=life.receipts_to,
    )


def _followers(needs: Needs) -> frozenset[str]:
    """Whose follow is meant: the author's own, unless it is the followed person who speaks."""
    is_answer = needs.author == needs.follow_of
    return needs.actors if is_answer else frozenset({needs.author})


def _invitation(
    needs: Needs, conversation: KnownConversation | None, loaded: Loaded
) -> KnownInvitation | None:
    """The invitation that an item names, or that somebody has to the conversation it is about."""
    named = next(
        (loaded.invitations[key] for key in needs.invitations & set(loaded.invitations)), None
    )
    if named is not None or conversation is None or not needs.invitation_of:
        return named
    membership = conversation.memberships.get(needs.invitation_of)
    return loaded.invitations.get(membership.invitation_id) if membership is not None else None

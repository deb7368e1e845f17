"""PURE: which rows an item rests on, so that a batch loads them with one query a table."""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from federation.activities import direct, flag, message
from federation.groups import wishes
from federation.pipeline.item import (
    AnswerFollow,
    AnswerInvitation,
    ChangeGroup,
    ContinueGroup,
    DeleteMessage,
    Draft,
    EditMessage,
    FollowPerson,
    InvitePerson,
    Item,
    JoinByLink,
    LeaveConversation,
    PostMessage,
    ReactTo,
    Received,
    ReportPerson,
    StartDirect,
    StartGroup,
    WithdrawInvitation,
)
from federation.protocol import json_ld, uri
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError

# Verbs by which something is said about a message, and the types that their objects may have.
ABOUT_MESSAGES: Final[Mapping[str, frozenset[str]]] = {
    "Delete": frozenset({"", "Note", "Tombstone"}),
    "EmojiReact": frozenset({"", "Note"}),
    "Like": frozenset({"", "Note"}),
    "Read": frozenset({"", "Note"}),
    "Remove": frozenset({""}),
    "Undo": frozenset({"", "EmojiReact", "Like"}),
}

# What a home wraps.
RELAYED: Final = frozenset({"Create", "Update", "Delete"})


# PERF: a struct, as Situation is.
class Needs(msgspec.Struct, frozen=True):
    """The keys of what one item names, by table.

    Attributes:
        subject: What an item changes or rests on as a whole: items with one subject that change it
            do not share a batch.
        conversation_uris: Conversation actors that may be meant.
        activities: Stored activities that the item answers.
        invitation_of: Whose invitation to that conversation is asked for, or "".
        link: The secret of a join link, or "".
        about: Messages whose later life the item is about; their conversations are loaded.
        likes: Reactions that are named by the ids of their Likes.
        with_documents: Whether what brought their texts is asked for.
        is_receipt: Whether it says how far somebody has read.
        said: What a received message says; None for anything else.
        parents: Messages whose conversations may be the item's.
        words_of: Whose words a home passes on; "" for anything else.
    """

    author: str
    subject: str
    actors: frozenset[str] = frozenset()
    conversation_ids: frozenset[str] = frozenset()
    conversation_uris: frozenset[str] = frozenset()
    contexts: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    invitations: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    answers_to: frozenset[str] = frozenset()
    follow_of: str = ""
    strangers_to: frozenset[str] = frozenset()
    invitation_of: str = ""
    link: str = ""
    about: frozenset[str] = frozenset()
    likes: frozenset[str] = frozenset()
    with_documents: bool = False
    is_receipt: bool = False
    said: message.Message | None = None
    parents: frozenset[str] = frozenset()
    words_of: str = ""

    @property
    def said_by(self) -> str:
        """Whose words the item brings, whoever brings them."""
        return self.words_of or self.author


def needs_of(item: Item) -> Needs:
    """What an item names.

    Raises:
        RemoteProtocolError: A received activity has a meaning that cannot be read.
    """
    return _received(item) if isinstance(item, Received) else _drafted(item)


def _received(item: Received) -> Needs:
    activity = item.activity
    if activity.type in {"Create", "Update"} and activity.object_type == "Note":
        return _note(item)
    needs = of_activity(activity, owner=item.inbox_owner)
    if activity.type == "Flag":
        return replace(needs, actors=needs.actors | set(flag.named_in(activity)))
    if activity.type == "Add" and activity.object_type in RELAYED:
        return _of_a_relay(needs, activity)
    return _about_a_message(needs, activity) if _is_about_a_message(activity) else needs


def _of_a_relay(needs: Needs, activity: Activity) -> Needs:
    """What a home's wrapper holds names a message, and perhaps the one that it answers."""
    inner = activity.object if isinstance(activity.object, Mapping) else {}
    note = inner.get("object")
    named = _canonical(json_ld.id_of(note))
    parent = note.get("inReplyTo") if isinstance(note, Mapping) else None
    about = frozenset({named} - {""})
    return replace(
        needs,
        messages=about | (frozenset({_canonical(json_ld.id_of(parent))}) - {""}),
        answers_to=about,
        about=about,
        words_of=_canonical(json_ld.id_of(inner.get("actor"))),
    )


def _is_about_a_message(activity: Activity) -> bool:
    return activity.object_type in ABOUT_MESSAGES.get(activity.type, frozenset())


def _about_a_message(needs: Needs, activity: Activity) -> Needs:
    """What a deletion, reaction, receipt or removal names besides."""
    inner = activity.object if isinstance(activity.object, Mapping) else {}
    is_undo = activity.type == "Undo"
    named = _canonical(json_ld.id_of(inner.get("object"))) if is_undo else activity.object_id
    about = frozenset({named} - {""})
    return replace(
        needs,
        contexts=frozenset({activity.context, activity.target} - {""}),
        messages=about,
        about=about,
        likes=frozenset({activity.object_id} - {""}) if is_undo else frozenset(),
        is_receipt=activity.type == "Read",
    )


def _canonical(text: str) -> str:
    try:
        return uri.canonical(text, allow_http=True)
    except RemoteProtocolError:
        return ""


def _note(item: Received) -> Needs:
    activity = item.activity
    said = item.said if item.said is not None else message.read(activity)
    people = message.people_of(said)
    named = Needs(
        author=activity.actor,
        subject=activity.context,
        actors=people,
        contexts=frozenset({activity.context}),
        messages=frozenset({said.uri, said.in_reply_to, said.reply_to} - {""}),
        answers_to=frozenset({said.uri}),
        about=frozenset({said.uri} if activity.type == "Update" else ()),
        said=said,
    )
    return named if activity.epoch is not None else _of_no_epoch(named, said, people)


def _of_no_epoch(named: Needs, said: message.Message, people: frozenset[str]) -> Needs:
    """A direct message, or one of an unaware author, which may be a group's in several ways."""
    people_hash = direct.people_hash(people)
    return replace(
        named,
        subject=people_hash,
        people=frozenset({people_hash}),
        strangers_to=people,
        contexts=frozenset({said.context, said.thread} - {""}),
        conversation_uris=frozenset(said.people),
        parents=frozenset({said.in_reply_to} - {""}),
        invitation_of=named.author,
    )


def of_activity(activity: Activity, *, owner: str = "") -> Needs:
    """What an activity other than a message names: every id in it may be the thing that counts."""
    inner = activity.object if isinstance(activity.object, Mapping) else {}
    named = {activity.actor, activity.object_id, activity.target, owner, *activity.to}
    inner_ids = {json_ld.id_of(inner.get(key)) for key in ("actor", "object", "target", "subject")}
    everything = frozenset((named | inner_ids) - {""})
    # A Reject of an Add names its conversation as the actor of the Add.
    inner_places = {json_ld.id_of(inner.get(key)) for key in ("actor", "object")}
    conversations = {activity.actor, activity.object_id, *inner_places}
    if activity.type == "Remove":
        # A request to remove somebody names the group by whom it goes to.
        conversations |= set(activity.to)
    own_id = {activity.id} if activity.type == "Invite" else set()
    answered = {activity.object_id} if activity.type in {"Accept", "Reject", "Undo"} else set()
    return Needs(
        author=activity.actor,
        subject=_subject(activity, inner)[: uri.ID_CHARS_MAX],
        actors=everything,
        conversation_uris=frozenset(conversations - {""}),
        invitations=frozenset((own_id | answered) - {""}),
        activities=frozenset(answered - {""}),
        follow_of=_follow_of(activity, inner),
        strangers_to=frozenset({activity.target} - {""})
        if activity.type == "Invite"
        else frozenset(),
        invitation_of=activity.actor if activity.type == "Block" else "",
        link=_link(activity),
    )


def _link(activity: Activity) -> str:
    """The secret that a link ends in."""
    if activity.type != "Join":
        return ""
    return json_ld.id_of(activity.document.get("instrument")).rpartition("/")[2]


def _subject(activity: Activity, inner: Mapping[str, object]) -> str:
    if activity.type in {"Invite", "Join", "Leave"}:
        return activity.object_id
    if activity.type in {"Accept", "Reject"} and inner.get("type") == "Invite":
        return json_ld.id_of(inner.get("object"))
    if activity.type == "Follow":
        return _follow_subject(activity.actor, activity.object_id)
    if inner.get("type") == "Follow":
        return _follow_subject(
            json_ld.id_of(inner.get("actor")), json_ld.id_of(inner.get("object"))
        )
    if activity.type in {"Undo", "Accept", "Reject"}:
        return f"{activity.type} {activity.object_id}"
    return activity.actor


def _follow_subject(follower: str, followed: str) -> str:
    """A follow, its answer and its end have one subject, so that none overtakes another."""
    return direct.people_hash(frozenset({follower, followed}))


def _follow_of(activity: Activity, inner: Mapping[str, object]) -> str:
    """The followed person of the follow that an activity makes, answers or ends."""
    if activity.type == "Follow":
        return activity.object_id
    if inner.get("type") == "Follow":
        return json_ld.id_of(inner.get("object"))
    return activity.actor if activity.type in {"Accept", "Reject"} else ""


def _drafted(draft: Draft) -> Needs:
    match draft:
        case StartGroup():
            people = frozenset({draft.author, *draft.invitees})
            return Needs(
                draft.author,
                draft.conversation_id,
                actors=people,
                strangers_to=frozenset(draft.invitees),
            )
        case StartDirect():
            people = frozenset({draft.author, *draft.people})
            people_hash = direct.people_hash(people)
            return Needs(
                draft.author,
                people_hash,
                actors=people,
                people=frozenset({people_hash}),
                strangers_to=people,
            )
        case FollowPerson() | AnswerFollow():
            return Needs(
                draft.author,
                _follow_subject(draft.author, draft.person),
                actors=frozenset({draft.author, draft.person}),
                follow_of=draft.person if isinstance(draft, FollowPerson) else draft.author,
            )
        case PostMessage() | InvitePerson() | AnswerInvitation() | LeaveConversation():
            person = {draft.person} if isinstance(draft, InvitePerson) else set()
            reply = {draft.reply_to} if isinstance(draft, PostMessage) else set()
            return Needs(
                draft.author,
                draft.conversation_id,
                actors=frozenset({draft.author} | person),
                conversation_ids=frozenset({draft.conversation_id}),
                messages=frozenset(reply - {""}),
                strangers_to=frozenset(person),
                invitation_of=draft.author if isinstance(draft, AnswerInvitation) else "",
            )
        case EditMessage() | DeleteMessage() | ReactTo():
            return Needs(
                draft.author,
                draft.conversation_id,
                actors=frozenset({draft.author}),
                conversation_ids=frozenset({draft.conversation_id}),
                messages=frozenset({draft.message}),
                about=frozenset({draft.message}),
                with_documents=True,
            )
        case ChangeGroup() | WithdrawInvitation() | JoinByLink() | ContinueGroup() | ReportPerson():
            return _asking(draft)


def _asking(
    draft: ChangeGroup | WithdrawInvitation | JoinByLink | ContinueGroup | ReportPerson,
) -> Needs:
    match draft:
        case ReportPerson():
            people = frozenset({draft.author, draft.person})
            return Needs(draft.author, draft.report_id, actors=people)
        case ChangeGroup():
            subject = wishes.subject_of(draft.wish)
            return Needs(
                draft.author,
                draft.conversation_id,
                actors=frozenset({draft.author, subject} - {""}),
                conversation_ids=frozenset({draft.conversation_id}),
            )
        case ContinueGroup():
            return Needs(
                draft.author,
                draft.predecessor,
                actors=frozenset({draft.author}),
                conversation_ids=frozenset({draft.predecessor}),
            )
        case WithdrawInvitation():
            return Needs(
                draft.author,
                draft.conversation_id,
                actors=frozenset({draft.author, draft.person}),
                conversation_ids=frozenset({draft.conversation_id}),
                invitation_of=draft.person,
            )
        case JoinByLink():
            return Needs(
                draft.author,
                draft.uri,
                actors=frozenset({draft.author, draft.uri}),
                conversation_uris=frozenset({draft.uri}),
                link=draft.link.rpartition("/")[2],
            )

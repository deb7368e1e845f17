"""What can be written, as frozen values; one file per aggregate.

A handler computes changes; `storage/write.py` writes them, one statement per kind and batch.
Times are aware datetimes in UTC, people and conversations are named by their ids (URIs) on the
wire and by our own id in the database (`conversation_id`, `message_id`).
"""

from storage.changes.accounts import AddAccount, AddKey, AddLocalActor, RememberKey
from storage.changes.activities import KeepActivity
from storage.changes.conversations import (
    AddConversation,
    FollowHome,
    MarkDisputed,
    ReadAnew,
    SetState,
    SetThread,
    Touch,
)
from storage.changes.deliveries import CancelAbout, CancelSends, Send
from storage.changes.departures import DeleteActor, DeleteOwnActor, MoveActor
from storage.changes.edits import (
    AddVersion,
    EraseMessage,
    HideMessage,
    PutTombstone,
    ReviseMessage,
)
from storage.changes.events import Tell
from storage.changes.follows import DropFollow, PutFollow
from storage.changes.invitations import PutInvitation, SetInvitation
from storage.changes.links import UseLink
from storage.changes.logs import CloseLog, KeepHeld, NoteEntry, OpenLog
from storage.changes.media import AddMedia, AttachMedia, DropMedia, DropPicture
from storage.changes.memberships import CloseSpan, OpenSpan, PutMembership
from storage.changes.messages import (
    AddMessage,
    AddRecipient,
    Attachment,
    MoveMessage,
    ShowEarlier,
    TakeBack,
)
from storage.changes.reactions import PutReaction, PutReceipt, UndoReaction
from storage.changes.relays import PutRelay, TakeOriginal
from storage.changes.repairs import Ask, HastenRepairs
from storage.changes.reports import AddReport, ReportedMessage
from storage.changes.requests import HushRequest, PutRequest, SettleRequest
from storage.changes.successions import AbandonGroup, HearSuccessor, MoveAway

Change = (
    AddAccount
    | AddKey
    | AddLocalActor
    | RememberKey
    | KeepActivity
    | AddConversation
    | SetState
    | SetThread
    | MarkDisputed
    | ReadAnew
    | Touch
    | PutMembership
    | OpenSpan
    | CloseSpan
    | PutInvitation
    | SetInvitation
    | OpenLog
    | NoteEntry
    | KeepHeld
    | CloseLog
    | AddMessage
    | AddRecipient
    | AddMedia
    | AttachMedia
    | DropMedia
    | DropPicture
    | ShowEarlier
    | MoveMessage
    | TakeBack
    | TakeOriginal
    | ReviseMessage
    | AddVersion
    | EraseMessage
    | HideMessage
    | HushRequest
    | PutTombstone
    | PutReaction
    | UndoReaction
    | PutReceipt
    | PutRelay
    | PutRequest
    | SettleRequest
    | UseLink
    | DeleteActor
    | DeleteOwnActor
    | MoveActor
    | AbandonGroup
    | HearSuccessor
    | MoveAway
    | AddReport
    | PutFollow
    | DropFollow
    | CancelSends
    | CancelAbout
    | Send
    | Ask
    | FollowHome
    | HastenRepairs
    | Tell
)

__all__ = [
    "AbandonGroup",
    "AddAccount",
    "AddConversation",
    "AddKey",
    "AddLocalActor",
    "AddMedia",
    "AddMessage",
    "AddRecipient",
    "AddReport",
    "AddVersion",
    "Ask",
    "AttachMedia",
    "Attachment",
    "CancelAbout",
    "CancelSends",
    "Change",
    "CloseLog",
    "CloseSpan",
    "DeleteActor",
    "DeleteOwnActor",
    "DropFollow",
    "DropMedia",
    "DropPicture",
    "EraseMessage",
    "FollowHome",
    "HastenRepairs",
    "HearSuccessor",
    "HideMessage",
    "HushRequest",
    "KeepActivity",
    "KeepHeld",
    "MarkDisputed",
    "MoveActor",
    "MoveAway",
    "MoveMessage",
    "NoteEntry",
    "OpenLog",
    "OpenSpan",
    "PutFollow",
    "PutInvitation",
    "PutMembership",
    "PutReaction",
    "PutReceipt",
    "PutRelay",
    "PutRequest",
    "PutTombstone",
    "ReadAnew",
    "RememberKey",
    "ReportedMessage",
    "ReviseMessage",
    "Send",
    "SetInvitation",
    "SetState",
    "SetThread",
    "SettleRequest",
    "ShowEarlier",
    "TakeBack",
    "TakeOriginal",
    "Tell",
    "Touch",
    "UndoReaction",
    "UseLink",
]

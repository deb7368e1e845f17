"""PURE: which uploads a message of ours shows, and what says so on the wire."""

from typing import Final

from federation.activities.known import KnownUpload
from federation.activities.situation import Situation
from federation.pipeline.compose_note import Place
from federation.pipeline.item import PostMessage
from federation.protocol.verdict import Refused

ATTACHMENTS_MAX: Final = 10
# With somebody whose node does not take part: what other servers show.
ATTACHMENTS_UNAWARE_MAX: Final = 4

# SECURITY: somebody else's upload, one that is sent already and none at all answer alike;
# tests/media/test_attaching.py.
NO_SUCH_UPLOAD: Final = Refused("There is no such upload to attach.", 422)
TWICE: Final = Refused("A message shows an upload once.", 422)


def choose(
    draft: PostMessage, place: Place, situation: Situation
) -> tuple[KnownUpload, ...] | Refused:
    """The uploads that a message is to show, in its order: its author's own, unsent and not many.

    Source: groups-protocol.md 6.2.8; security.md 8
    """
    if not draft.media_ids:
        return ()
    all_aware = all(situation.actors[one.uri].aware for one in place.people)
    most = ATTACHMENTS_MAX if all_aware else ATTACHMENTS_UNAWARE_MAX
    if len(draft.media_ids) > most:
        return Refused(f"A message in this conversation shows at most {most} files.", 422)
    if len(set(draft.media_ids)) != len(draft.media_ids):
        return TWICE
    name = situation.space.local_name(draft.author)
    free = {
        upload.id: upload
        for upload in situation.uploads
        if upload.account == name and not upload.shown_by
    }
    if not set(draft.media_ids) <= set(free):
        return NO_SUCH_UPLOAD
    return tuple(free[media_id] for media_id in draft.media_ids)

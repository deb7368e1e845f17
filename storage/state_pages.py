"""The state changes of a group, page by page, as far as one person was a member when they came."""

from typing import Final

from storage.database import Row, fetch

# Nobody is told what became of a group before they came or after they went. The first picture, set
# before anybody has come, is what the group was founded with, and no change of it.
_BEFORE: Final = """
SELECT link.epoch, link.title, COALESCE(earlier.title, '') AS title_before,
  link.icon <> COALESCE(earlier.icon, link.icon) AS has_other_icon, activity.document
FROM state_link AS link
JOIN activity ON activity.id = link.activity_id
LEFT JOIN state_link AS earlier
  ON earlier.conversation_id = link.conversation_id AND earlier.epoch = link.epoch - 1
WHERE link.conversation_id = $1 AND link.epoch < $3 AND EXISTS (
  SELECT 1 FROM member_span AS span
  WHERE span.conversation_id = $1 AND span.actor_uri = $2 AND span.from_epoch <= link.epoch
    AND (span.to_epoch IS NULL OR link.epoch <= span.to_epoch))
  AND NOT (link.icon <> '' AND COALESCE(earlier.icon, link.icon) = ''
    AND link.title = earlier.title
    AND NOT EXISTS (SELECT 1 FROM member_span AS other
      WHERE other.conversation_id = $1 AND other.from_epoch > 1
        AND other.from_epoch <= link.epoch)
    AND NOT EXISTS (SELECT 1 FROM state_link AS former
      WHERE former.conversation_id = $1 AND former.epoch < link.epoch AND former.icon <> ''))
ORDER BY link.epoch DESC LIMIT $4
"""


async def before(conversation_id: str, person: str, epoch: int, *, limit: int) -> list[Row]:
    """The newest changes below an epoch that this person may know of, newest first.

    Rows of `epoch`, `title`, `title_before`, `has_other_icon` and `document`.
    """
    return await fetch(_BEFORE, conversation_id, person, epoch, limit)

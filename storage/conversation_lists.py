"""A person's conversations with what is unread in each, by queries whose number does not grow."""

from collections.abc import Collection
from typing import Final

from storage.database import Row, fetch

# Sorts after every id.
NO_CURSOR: Final = "~"

_IS_OUT: Final = "me.state IN ('left', 'removed', 'banned', 'refused')"

# The last epoch that somebody who is out was a member in; NULL for who never was.
_LAST: Final = """COALESCE(CASE WHEN me.state = 'left' THEN me.left_epoch END,
  (SELECT MAX(COALESCE(span.to_epoch - 1, c.epoch)) FROM member_span AS span
   WHERE span.conversation_id = c.id AND span.actor_uri = me.actor_uri))"""

# What a group was called then. Who was asked at most knows what it was called when that ended, as
# far back as this node does.
_TITLE: Final = """CASE WHEN c.kind = 'group' AND <is out> THEN COALESCE(
  (SELECT link.title FROM state_link AS link
   WHERE link.conversation_id = c.id AND link.epoch <= <last>
   ORDER BY link.epoch DESC LIMIT 1),
  (SELECT link.title FROM state_link AS link
   WHERE link.conversation_id = c.id AND link.published_at <= me.updated_at
   ORDER BY link.epoch DESC LIMIT 1),
  (SELECT link.title FROM state_link AS link
   WHERE link.conversation_id = c.id ORDER BY link.epoch LIMIT 1),
  c.title) ELSE c.title END""".replace("<is out>", _IS_OUT).replace("<last>", _LAST)

# Unread, of which no more than 100 are counted, and last message are among those that the person
# was sent.
_MINE: Final = (
    """
SELECT c.id, c.uri, c.kind, <title> AS title,
  CASE WHEN <is out> THEN COALESCE(<last>, 0) ELSE c.epoch END AS epoch,
  c.state AS group_state, c.shown_settings, c.closed_at, c.home_host, c.gone_at, c.moved_to,
  c.disputed,
  me.actor_uri AS person, me.role, me.state, me.inviter, me.muted_at,
  me.muted_until, me.mutes_mentions, me.pinned_at, me.marked_unread,
  me.archived_t IS NOT NULL AND (me.muted_at IS NOT NULL OR c.newest_t <= me.archived_t)
    AS archived,
  d.text AS draft_text, d.reply_to AS draft_reply_to, d.media_ids AS draft_media_ids,
  d.updated_at AS draft_updated_at,
  COALESCE(i.username, '') AS inviter_username, COALESCE(i.domain, '') AS inviter_domain,
  COALESCE(i.name, '') AS inviter_name, COALESCE(i.state, '') AS inviter_actor_state,
  (SELECT COUNT(*) FROM (
     SELECT 1 AS one FROM message AS m WHERE m.conversation_id = c.id AND m.t > me.read_up_to
     AND m.author_uri <> me.actor_uri AND m.deleted_at IS NULL AND m.removed_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM block AS b
       WHERE b.account_uri = me.actor_uri AND b.blocked_uri = m.author_uri)
     AND NOT EXISTS (SELECT 1 FROM host_block AS h JOIN actor AS ha ON ha.host = h.host
       WHERE h.account_uri = me.actor_uri AND ha.uri = m.author_uri)
     AND NOT EXISTS (SELECT 1 FROM mute AS q
       WHERE q.account_uri = me.actor_uri AND q.muted_uri = m.author_uri)
     AND EXISTS (SELECT 1 FROM recipient AS r
       WHERE r.message_id = m.id AND r.actor_uri = me.actor_uri)
     LIMIT 100) AS counted) AS unread,
  COALESCE((SELECT m.id FROM message AS m WHERE m.conversation_id = c.id
     AND EXISTS (SELECT 1 FROM recipient AS r
       WHERE r.message_id = m.id AND r.actor_uri = me.actor_uri)
     ORDER BY m.t DESC, m.uri COLLATE "C" DESC LIMIT 1), '') AS last_message_id
FROM membership AS me
JOIN conversation AS c ON c.id = me.conversation_id
LEFT JOIN actor AS i ON me.inviter <> '' AND i.uri = me.inviter
LEFT JOIN draft AS d ON d.conversation_id = c.id AND d.actor_uri = me.actor_uri
""".replace("<title>", _TITLE)
    .replace("<is out>", _IS_OUT)
    .replace("<last>", _LAST)
)

# What somebody asks whom the person has blocked is shown nowhere.
_ASKED_BY_BLOCKED: Final = """(me.state IN ('invited', 'requested') AND EXISTS (
  SELECT 1 FROM block AS b WHERE b.account_uri = me.actor_uri AND b.blocked_uri = me.inviter
  UNION ALL
  SELECT 1 FROM host_block AS h JOIN actor AS ha ON ha.host = h.host
  WHERE h.account_uri = me.actor_uri AND ha.uri = me.inviter))"""

# The page is found first: SQLite counts what is unread in all that it sorts.
LISTED: Final = (
    _MINE
    + """
WHERE me.id IN (
  SELECT me.id FROM membership AS me
  WHERE me.actor_uri = $1 AND me.state = ANY($2) AND me.conversation_id < $3
    AND NOT <asked by blocked>
  ORDER BY me.conversation_id DESC LIMIT $4)
ORDER BY c.id DESC
""".replace("<asked by blocked>", _ASKED_BY_BLOCKED)
)

# Whom nobody has written to knows nothing of the conversation that was opened with them.
_UNHEARD: Final = "state <> 'unheard'"

OF_PEOPLE: Final = f"""{_MINE}
WHERE me.actor_uri = ANY($1) AND c.id = ANY($2) AND me.{_UNHEARD} AND NOT {_ASKED_BY_BLOCKED}"""

# Everybody who has or had to do with a conversation, in the order in which that began.
PEOPLE: Final = """
SELECT m.conversation_id, m.actor_uri, m.role, m.state, m.inviter, m.invitation_id,
  COALESCE(a.username, '') AS username,
  COALESCE(a.domain, '') AS domain, COALESCE(a.name, '') AS name,
  COALESCE(a.icon, '') AS icon,
  COALESCE(a.aware, FALSE) AS aware, COALESCE(p.software, '') AS software,
  COALESCE(a.state, '') AS actor_state, COALESCE(a.host, '') AS host,
  m.updated_at, a.deleted_at, a.moved_at, COALESCE(a.moved_to, '') AS new_uri,
  COALESCE(n.username, '') AS new_username, COALESCE(n.domain, '') AS new_domain,
  COALESCE(n.name, '') AS new_name, COALESCE(n.state, '') AS new_actor_state
FROM membership AS m LEFT JOIN actor AS a ON a.uri = m.actor_uri
LEFT JOIN actor AS n ON a.moved_to <> '' AND n.uri = a.moved_to
LEFT JOIN peer AS p ON p.host = a.host
WHERE m.conversation_id = ANY($1) ORDER BY m.id
"""

# Groups by our ids or their conversation actors, as far as these people have a place in them.
NAMED: Final = """
SELECT me.actor_uri AS person, c.id, c.uri, <title> AS title FROM membership AS me
JOIN conversation AS c ON c.id = me.conversation_id
WHERE me.actor_uri = ANY($1) AND (c.id = ANY($2) OR c.uri = ANY($2)) AND c.kind = 'group'
""".replace("<title>", _TITLE)


# A page of them is found first, as in LISTED.
TITLES: Final = """
SELECT c.id, <title> AS title FROM membership AS me
JOIN conversation AS c ON c.id = me.conversation_id
WHERE c.kind = 'group' AND me.id IN (
  SELECT me.id FROM membership AS me
  WHERE me.actor_uri = $1 AND me.state = ANY($2) AND NOT <asked by blocked>
  ORDER BY me.conversation_id DESC LIMIT $3)
ORDER BY c.id DESC
""".replace("<asked by blocked>", _ASKED_BY_BLOCKED).replace("<title>", _TITLE)


async def titles(person: str, states: Collection[str], *, limit: int) -> list[Row]:
    """Groups in which a person stands so, newest first: rows of `id` and their `title`."""
    return await fetch(TITLES, person, list(states), limit)


async def named(people: Collection[str], names: Collection[str]) -> list[Row]:
    """Groups that these people know, by id or actor: rows of `person`, `id`, `uri`, `title`."""
    return await fetch(NAMED, list(people), list(names))


STANDING: Final = """
SELECT state FROM membership
WHERE conversation_id = $1 AND actor_uri = $2 AND state <> 'unheard'
"""


async def listed(person: str, states: Collection[str], *, before: str, limit: int) -> list[Row]:
    """A person's conversations in these states with a smaller id, newest first."""
    return await fetch(LISTED, person, list(states), before or NO_CURSOR, limit)


async def of_people(people: Collection[str], ids: Collection[str]) -> list[Row]:
    """These conversations as each of these people has them, in no order."""
    return await fetch(OF_PEOPLE, list(people), list(ids))


async def people_of(ids: Collection[str]) -> list[Row]:
    """The people of these conversations, in the order in which each came to it."""
    return await fetch(PEOPLE, list(ids))


async def find_standing(conversation_id: str, person: str) -> str | None:
    """The state of a person's membership, or None for who has none."""
    rows = await fetch(STANDING, conversation_id, person)
    return str(rows[0]["state"]) if rows else None

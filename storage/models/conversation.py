"""A conversation, in the newest state that this node holds."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Conversation(Model):
    """A conversation, its `state` the JSON of a GroupState, or empty if it is direct."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=2048, null=True, unique=True)
    kind = fields.CharField(max_length=32)
    is_home = fields.BooleanField()
    home_host = fields.CharField(max_length=300, db_default="")
    title = fields.TextField(db_default="")
    epoch = fields.IntField(db_default=0)
    state_hash = fields.CharField(max_length=128, db_default="")
    state = fields.TextField(db_default="")
    context = fields.CharField(max_length=2048, db_default="")
    thread = fields.CharField(max_length=2048, db_default="")
    context_t = fields.BigIntField(db_default=0)
    thread_t = fields.BigIntField(db_default=0)
    people_hash = fields.CharField(max_length=128, null=True, unique=True)
    newest_t = fields.BigIntField(db_default=0)
    last_message_id = fields.CharField(max_length=26, db_default="")
    disputed = fields.BooleanField(db_default=False)
    closed_at = fields.BigIntField(null=True)
    gone_at = fields.BigIntField(null=True)
    moved_to = fields.CharField(max_length=2048, db_default="")
    created_at = fields.BigIntField()
    changed_at = fields.BigIntField()
    history_cursor = fields.CharField(max_length=2048, db_default="")
    history_epoch = fields.IntField(db_default=0)
    history_read_at = fields.BigIntField(null=True)
    recovering = fields.BooleanField(db_default=False)
    checked_at = fields.BigIntField(null=True)
    shown_settings = fields.TextField(db_default="")
    number = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "conversation"
        indexes = (
            Index(fields=("context",), name="conversation_context"),
            Index(fields=("home_host",), name="conversation_home"),
            Index(fields=("number",), name="conversation_number"),
        )

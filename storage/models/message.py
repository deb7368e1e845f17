"""A message: what people see, and its place in the order of its conversation."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Message(Model):
    """A message, ordered in its conversation by (t, id), ids by their bytes."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    conversation_id = fields.CharField(max_length=26)
    author_uri = fields.CharField(max_length=2048)
    activity_id = fields.CharField(max_length=2048)
    type = fields.CharField(max_length=64)
    published_at = fields.BigIntField()
    t = fields.BigIntField()
    arrived_at = fields.BigIntField()
    epoch = fields.IntField(null=True)
    in_reply_to = fields.CharField(max_length=2048, db_default="")
    reply_to = fields.CharField(max_length=2048, db_default="")
    media_type = fields.CharField(max_length=128)
    html = fields.TextField(null=True)
    text = fields.TextField(null=True)
    summary = fields.TextField(null=True)
    provenance = fields.CharField(max_length=32)
    late = fields.BooleanField(db_default=False)
    addressed_to = fields.TextField(db_default="")
    attachments = fields.TextField(db_default="")
    edited_at = fields.BigIntField(null=True)
    deleted_at = fields.BigIntField(null=True)
    taken_back_at = fields.BigIntField(null=True)
    removed_at = fields.BigIntField(null=True)
    latest_id = fields.CharField(max_length=2048, db_default="")
    notices = fields.TextField(db_default="")
    number = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "message"
        indexes = (
            Index(fields=("conversation_id", "t", "id"), name="message_order"),
            Index(fields=("author_uri", "arrived_at"), name="message_author"),
            Index(fields=("activity_id",), name="message_activity"),
            Index(fields=("latest_id",), name="message_latest"),
            Index(fields=("in_reply_to",), name="message_replies"),
            Index(fields=("number",), name="message_number"),
        )

"""A signed state change of a conversation, by its epoch."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class StateLink(Model):
    """One epoch of a conversation, whose signed bytes are in `activity`."""

    id = fields.BigIntField(primary_key=True)
    conversation_id = fields.CharField(max_length=26)
    epoch = fields.IntField()
    hash = fields.CharField(max_length=128)
    activity_id = fields.CharField(max_length=2048)
    published_at = fields.BigIntField()
    history = fields.CharField(max_length=32, db_default="")
    title = fields.TextField(db_default="")
    icon = fields.CharField(max_length=2048, db_default="")

    class Meta:
        """The table, its keys and its indexes."""

        table = "state_link"
        unique_together = (("conversation_id", "epoch"),)
        indexes = (Index(fields=("activity_id",), name="state_link_activity"),)

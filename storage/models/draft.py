"""What somebody has begun to write, until they send it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Draft(Model):
    """The draft of a local person in a conversation, `media_ids` a JSON list of uploads."""

    id = fields.BigIntField(primary_key=True)
    conversation_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=2048)
    text = fields.TextField()
    reply_to = fields.CharField(max_length=26, db_default="")
    media_ids = fields.TextField(db_default="[]")
    updated_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "draft"
        unique_together = (("conversation_id", "actor_uri"),)
        indexes = (
            Index(fields=("actor_uri",), name="draft_actor"),
            Index(fields=("updated_at",), name="draft_updated"),
        )

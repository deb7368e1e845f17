"""How far somebody has read, as they let others know."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Receipt(Model):
    """A person's newest receipt in a conversation: up to which message they have read."""

    id = fields.BigIntField(primary_key=True)
    conversation_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=2048)
    message_id = fields.CharField(max_length=26)
    published_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "receipt"
        unique_together = (("conversation_id", "actor_uri"),)
        indexes = (Index(fields=("published_at",), name="receipt_age"),)

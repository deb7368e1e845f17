"""A local person whom a message is for, and in which folder it lies."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Recipient(Model):
    """A local person a message is for."""

    id = fields.BigIntField(primary_key=True)
    message_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=2048)
    conversation_id = fields.CharField(max_length=26)
    folder = fields.CharField(max_length=32, db_default="inbox")
    limited_by = fields.TextField(db_default="")

    class Meta:
        """The table, its keys and its indexes."""

        table = "recipient"
        unique_together = (("message_id", "actor_uri"),)
        indexes = (
            Index(fields=("actor_uri", "folder", "message_id"), name="recipient_folder"),
            Index(fields=("conversation_id", "actor_uri"), name="recipient_place"),
        )

"""What a local account is told of, in order."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Event(Model):
    """An event of a stream, with ids that grow in the order in which they become visible."""

    id = fields.BigIntField(primary_key=True)
    account_uri = fields.CharField(max_length=2048)
    type = fields.CharField(max_length=64)
    conversation_id = fields.CharField(max_length=26, db_default="")
    message_id = fields.CharField(max_length=26, db_default="")
    data = fields.TextField(db_default="")
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "event"
        indexes = (
            Index(fields=("account_uri", "id"), name="event_account"),
            Index(fields=("created_at",), name="event_age"),
        )

"""A promise to deliver an activity to one target on one host."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Delivery(Model):
    """A delivery, whose inbox and key are looked up when it is sent."""

    id = fields.CharField(max_length=26, primary_key=True)
    activity_id = fields.CharField(max_length=2048)
    actor_uri = fields.CharField(max_length=2048)
    host = fields.CharField(max_length=300)
    target = fields.CharField(max_length=2048)
    recipients = fields.TextField(db_default="[]")
    conversation_id = fields.CharField(max_length=26, db_default="")
    object_uri = fields.CharField(max_length=2048, db_default="")
    aware = fields.BooleanField(db_default=False)
    message_id = fields.CharField(max_length=26, db_default="")
    state = fields.CharField(max_length=32, db_default="pending")
    attempts = fields.IntField(db_default=0)
    tries = fields.IntField(db_default=0)
    due_at = fields.BigIntField()
    last_status = fields.IntField(db_default=0)
    reason = fields.TextField(db_default="")
    survives = fields.BooleanField(db_default=False)
    claim = fields.CharField(max_length=64, db_default="")
    created_at = fields.BigIntField()
    settled_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "delivery"
        unique_together = (("activity_id", "host", "target"),)
        indexes = (
            Index(fields=("host", "state", "id", "due_at"), name="delivery_lane"),
            Index(fields=("host", "object_uri", "state", "id"), name="delivery_object"),
            Index(fields=("message_id",), name="delivery_message"),
            Index(fields=("state", "settled_at"), name="delivery_settled"),
        )

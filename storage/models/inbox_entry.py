"""A verified request to an inbox, as it came, until it has taken effect."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class InboxEntry(Model):
    """An accepted request, in order with others by the same actor about one `subject`."""

    id = fields.CharField(max_length=26, primary_key=True)
    actor_uri = fields.CharField(max_length=2048)
    activity_id = fields.CharField(max_length=2048)
    inbox = fields.CharField(max_length=2048)
    body = fields.BinaryField()
    key_id = fields.CharField(max_length=2048, db_default="")
    signer = fields.CharField(max_length=2048, db_default="")
    proven = fields.BooleanField(db_default=False)
    subject = fields.CharField(max_length=2048, db_default="")
    state = fields.CharField(max_length=32, db_default="pending")
    attempts = fields.IntField(db_default=0)
    due_at = fields.BigIntField()
    lease_until = fields.BigIntField(null=True)
    waits_for = fields.CharField(max_length=2048, db_default="")
    reason = fields.TextField(db_default="")
    received_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "inbox_entry"
        unique_together = (("actor_uri", "activity_id", "inbox"),)
        indexes = (
            Index(fields=("state", "id"), name="inbox_entry_due"),
            Index(fields=("actor_uri", "subject", "id"), name="inbox_entry_order"),
            Index(fields=("waits_for",), name="inbox_entry_waits"),
        )

"""Something to be fetched or filled in, until it is."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Repair(Model):
    """A fetch or gap fill that is due."""

    id = fields.CharField(max_length=26, primary_key=True)
    kind = fields.CharField(max_length=32)
    subject = fields.CharField(max_length=2048)
    state = fields.CharField(max_length=32, db_default="pending")
    attempts = fields.IntField(db_default=0)
    due_at = fields.BigIntField()
    lease_until = fields.BigIntField(null=True)
    reason = fields.TextField(db_default="")
    created_at = fields.BigIntField()
    asked = fields.CharField(max_length=255, db_default="")
    cause = fields.CharField(max_length=255, db_default="")

    class Meta:
        """The table, its keys and its indexes."""

        table = "repair"
        unique_together = (("kind", "subject"),)
        indexes = (
            Index(fields=("state", "due_at", "id"), name="repair_due"),
            Index(fields=("cause",), name="repair_cause"),
        )

"""What a rule holds for a moderator."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class PolicyHeld(Model):
    """An activity that waits for a moderator, for one person here or, with "", as a whole.

    The body is there while it waits. A decided one is remembered, so that it is not held again.
    """

    id = fields.CharField(max_length=26, primary_key=True)
    actor_uri = fields.CharField(max_length=2048)
    activity_id = fields.CharField(max_length=2048)
    person = fields.CharField(max_length=2048, db_default="")
    host = fields.CharField(max_length=300)
    rule_id = fields.CharField(max_length=300, db_default="")
    type = fields.CharField(max_length=64)
    facts = fields.TextField(db_default="")
    inbox = fields.CharField(max_length=2048, db_default="")
    body = fields.BinaryField(null=True)
    key_id = fields.CharField(max_length=2048, db_default="")
    subject = fields.CharField(max_length=2048, db_default="")
    state = fields.CharField(max_length=32, db_default="waiting")
    reports_max = fields.IntField(null=True)
    due_at = fields.BigIntField(null=True)
    held_at = fields.BigIntField()
    decided_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "policy_held"
        unique_together = (("actor_uri", "activity_id", "person"),)
        indexes = (
            Index(fields=("state", "id"), name="policy_held_waiting"),
            Index(fields=("state", "due_at"), name="policy_held_due"),
        )

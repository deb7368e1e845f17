"""What rules have decided, for whoever asks why."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class PolicyDecision(Model):
    """One judgement that let something not simply in, or in which a rule only observed."""

    id = fields.CharField(max_length=26, primary_key=True)
    at = fields.BigIntField()
    activity_id = fields.CharField(max_length=2048)
    actor_uri = fields.CharField(max_length=2048)
    host = fields.CharField(max_length=300)
    person = fields.CharField(max_length=2048, db_default="")
    stage = fields.CharField(max_length=32)
    action = fields.CharField(max_length=32)
    rule_id = fields.CharField(max_length=300, db_default="")
    because = fields.TextField()
    tried = fields.TextField()
    facts = fields.TextField()
    version = fields.CharField(max_length=64, db_default="")

    class Meta:
        """The table, its keys and its indexes."""

        table = "policy_decision"
        indexes = (
            Index(fields=("at",), name="policy_decision_age"),
            Index(fields=("activity_id",), name="policy_decision_activity"),
            Index(fields=("host", "id"), name="policy_decision_host"),
        )

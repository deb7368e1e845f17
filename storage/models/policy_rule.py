"""What the operator keeps out."""

from tortoise import fields
from tortoise.models import Model


class PolicyRule(Model):
    """A domain that nothing goes to and nothing comes from."""

    id = fields.CharField(max_length=26, primary_key=True)
    domain = fields.CharField(max_length=253, unique=True)
    public_reason = fields.TextField(db_default="")
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "policy_rule"

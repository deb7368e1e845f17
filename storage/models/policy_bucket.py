"""How many tokens of a rule's limit are left for somebody."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class PolicyBucket(Model):
    """A bucket of a rule with a limit, in thousandths of a token."""

    id = fields.BigIntField(primary_key=True)
    rule_id = fields.CharField(max_length=300)
    owner = fields.CharField(max_length=2048)
    milli = fields.BigIntField()
    at = fields.BigIntField()
    full_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "policy_bucket"
        unique_together = (("rule_id", "owner"),)
        indexes = (Index(fields=("full_at",), name="policy_bucket_full"),)

"""Servers that rules keep out, with what began it and since when."""

from tortoise import fields
from tortoise.models import Model


class KeptOut(Model):
    """A server that people here knew before a rule kept it out."""

    host = fields.CharField(max_length=300, primary_key=True)
    rule_id = fields.CharField(max_length=300)
    public_reason = fields.TextField(db_default="")
    # Whether members are told of it in their conversations.
    told = fields.BooleanField(db_default=False)
    since = fields.BigIntField()
    # When what was here from there was purged; null while it was not.
    purged_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "kept_out"

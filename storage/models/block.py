"""Whom a local person does not want to hear of."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Block(Model):
    """A local person who hides another, of which nobody else is told."""

    id = fields.BigIntField(primary_key=True)
    account_uri = fields.CharField(max_length=2048)
    blocked_uri = fields.CharField(max_length=2048)
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "block"
        unique_together = (("account_uri", "blocked_uri"),)
        indexes = (Index(fields=("blocked_uri",), name="block_blocked"),)

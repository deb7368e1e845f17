"""Whom a local person wants to hear quietly."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Mute(Model):
    """A local person who is told nothing of what another writes, of which nobody else is told."""

    id = fields.BigIntField(primary_key=True)
    account_uri = fields.CharField(max_length=2048)
    muted_uri = fields.CharField(max_length=2048)
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "mute"
        unique_together = (("account_uri", "muted_uri"),)
        indexes = (Index(fields=("muted_uri",), name="mute_muted"),)

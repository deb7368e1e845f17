"""Which servers a local person wants to hear nothing of."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class HostBlock(Model):
    """A local person who hides everybody of a server, of which nobody else is told."""

    id = fields.BigIntField(primary_key=True)
    account_uri = fields.CharField(max_length=2048)
    host = fields.CharField(max_length=255)
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "host_block"
        unique_together = (("account_uri", "host"),)
        # Each message that comes asks who hides its author's server.
        indexes = (Index(fields=("host",), name="host_block_host"),)

"""A remote host's lane: its health, its back-off and who serves it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Peer(Model):
    """A remote host, and the right to send to it for who leases the row."""

    host = fields.CharField(max_length=300, primary_key=True)
    state = fields.CharField(max_length=32, db_default="ok")
    failing_since = fields.BigIntField(null=True)
    step = fields.IntField(db_default=0)
    due_at = fields.BigIntField(null=True)
    last_ok_at = fields.BigIntField(null=True)
    heard_at = fields.BigIntField(null=True)
    woken_at = fields.BigIntField(null=True)
    reached_at = fields.BigIntField(null=True)
    missed_at = fields.BigIntField(null=True)
    missed_days = fields.IntField(db_default=0)
    scheme = fields.CharField(max_length=32, db_default="")
    software = fields.CharField(max_length=100, db_default="")
    software_version = fields.CharField(max_length=100, db_default="")
    software_at = fields.BigIntField(null=True)
    width = fields.IntField(db_default=0)
    lease_token = fields.CharField(max_length=64, db_default="")
    lease_until = fields.BigIntField(null=True)
    last_error = fields.TextField(db_default="")

    class Meta:
        """The table, its keys and its indexes."""

        table = "peer"
        indexes = (Index(fields=("due_at",), name="peer_due"),)

"""What a client's idempotency key has already made."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Idempotency(Model):
    """The key a client sent, and what it made."""

    id = fields.BigIntField(primary_key=True)
    account = fields.CharField(max_length=64)
    key = fields.CharField(max_length=255)
    request_hash = fields.CharField(max_length=128)
    resource = fields.TextField()
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "idempotency"
        unique_together = (("account", "key"),)
        indexes = (Index(fields=("created_at",), name="idempotency_age"),)

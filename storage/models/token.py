"""A bearer token; it is known by its hash alone."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Token(Model):
    """A bearer token of an account."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    account = fields.CharField(max_length=64)
    scope = fields.TextField()
    created_at = fields.BigIntField()
    used_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "token"
        indexes = (Index(fields=("account",), name="token_account"),)

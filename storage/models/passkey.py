"""A key pair on somebody's device opens their account; here is its public half."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Passkey(Model):
    """A passkey of an account."""

    id = fields.CharField(max_length=64, primary_key=True)
    account = fields.CharField(max_length=64)
    credential = fields.TextField()
    public_key = fields.BinaryField()
    sign_count = fields.BigIntField()
    name = fields.CharField(max_length=60)
    created_at = fields.BigIntField()
    used_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "passkey"
        indexes = (Index(fields=("account",), name="passkey_account"),)

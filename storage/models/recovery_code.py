"""A code that stands in for an authenticator once; it is known by its hash alone."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class RecoveryCode(Model):
    """A recovery code that is not used yet."""

    code_hash = fields.CharField(max_length=64, primary_key=True)
    account = fields.CharField(max_length=64)

    class Meta:
        """The table, its keys and its indexes."""

        table = "recovery_code"
        indexes = (Index(fields=("account",), name="recovery_code_account"),)

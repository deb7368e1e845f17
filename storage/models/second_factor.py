"""What an account asks for beside its password: the secret of an authenticator, sealed."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class SecondFactor(Model):
    """The authenticator of an account."""

    account = fields.CharField(max_length=64, primary_key=True)
    sealed = fields.BinaryField()
    is_on = fields.BooleanField(db_default=False)
    last_step = fields.BigIntField(db_default=0)
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "second_factor"
        indexes = (Index(fields=("is_on", "created_at"), name="second_factor_age"),)

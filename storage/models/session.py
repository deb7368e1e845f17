"""A browser that is signed in; the cookie is known by its hash alone."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Session(Model):
    """A signed-in browser."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    account = fields.CharField(max_length=64)
    csrf = fields.CharField(max_length=64)
    user_agent = fields.TextField(db_default="")
    address = fields.TextField(db_default="")
    created_at = fields.BigIntField()
    used_at = fields.BigIntField()
    expires_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "session"
        indexes = (
            Index(fields=("account",), name="session_account"),
            Index(fields=("expires_at",), name="session_expiry"),
        )

"""A bearer token; it is known by its hash alone."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Token(Model):
    """A bearer token of an account, or of an app alone."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    account = fields.CharField(max_length=64)
    scope = fields.TextField()
    created_at = fields.BigIntField()
    used_at = fields.BigIntField(null=True)
    # Empty for what the command line has made.
    app_id = fields.CharField(max_length=512, db_default="")
    # Empty for what an app has for itself: such a token has no account either.
    consent_id = fields.CharField(max_length=26, db_default="")
    expires_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "token"
        indexes = (
            Index(fields=("account",), name="token_account"),
            Index(fields=("app_id",), name="token_app"),
            Index(fields=("consent_id",), name="token_consent"),
            Index(fields=("expires_at",), name="token_expiry"),
        )

"""A person's yes to an app: the code that it gave, and what keeps it going, as hashes alone."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Consent(Model):
    """What one authorization has granted, which its tokens name."""

    id = fields.CharField(max_length=26, primary_key=True)
    app_id = fields.CharField(max_length=512)
    account = fields.CharField(max_length=64)
    scope = fields.TextField()
    redirect_uri = fields.TextField()
    challenge = fields.CharField(max_length=64, db_default="")
    code_hash = fields.CharField(max_length=64, unique=True)
    code_until = fields.BigIntField()
    is_used = fields.BooleanField(db_default=False)
    # The refresh token that is good, and the one before it, which is good no more.
    refresh_hash = fields.CharField(max_length=64, db_default="")
    former_hash = fields.CharField(max_length=64, db_default="")
    # Until when a row without tokens stays.
    keep_until = fields.BigIntField()
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "consent"
        indexes = (
            Index(fields=("account", "app_id"), name="consent_account"),
            Index(fields=("app_id",), name="consent_app"),
            Index(fields=("refresh_hash",), name="consent_refresh"),
            Index(fields=("former_hash",), name="consent_former"),
            Index(fields=("keep_until",), name="consent_age"),
        )

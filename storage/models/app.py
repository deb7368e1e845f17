"""A program that may ask people for access to their accounts; its secret is known by its hash."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class App(Model):
    """A client of the OAuth server."""

    # Its client id: ours, or the URL of its own document.
    id = fields.CharField(max_length=512, primary_key=True)
    number = fields.BigIntField()
    kind = fields.CharField(max_length=16)
    secret_hash = fields.CharField(max_length=64, db_default="")
    name = fields.TextField()
    website = fields.TextField(db_default="")
    # Parted by line breaks.
    redirect_uris = fields.TextField()
    scope = fields.TextField()
    refreshes = fields.BooleanField(db_default=False)
    created_at = fields.BigIntField()
    # When it was registered, used, or its document read.
    seen_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "app"
        indexes = (Index(fields=("kind", "seen_at"), name="app_age"),)

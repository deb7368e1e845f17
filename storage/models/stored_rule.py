"""Rules of the operator that stand in no file."""

from tortoise import fields
from tortoise.models import Model


class StoredRule(Model):
    """A rule that a command or the API has made, as it was written down."""

    id = fields.CharField(max_length=64, primary_key=True)
    # The table that a file would have, as JSON.
    written = fields.TextField()
    created_at = fields.BigIntField()
    changed_at = fields.BigIntField()
    # When it was noted that it is over; null while it is not.
    over_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "stored_rule"

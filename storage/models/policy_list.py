"""Lists of other servers that the operator has subscribed to."""

from tortoise import fields
from tortoise.models import Model


class PolicyList(Model):
    """What a list said when it was read last, and what of it was adopted.

    The list itself stands in the configuration; this is what is remembered of it.
    """

    id = fields.CharField(max_length=64, primary_key=True)
    # Tells whether the configuration names another place now.
    source = fields.CharField(max_length=64, db_default="")
    etag = fields.CharField(max_length=1024, db_default="")
    modified = fields.CharField(max_length=256, db_default="")
    # Where a list of changes goes on.
    cursor = fields.CharField(max_length=2048, db_default="")
    # Entries, as compressed JSON; what is withheld takes too much back at once.
    offered = fields.BinaryField(null=True)
    withheld = fields.BinaryField(null=True)
    adopted = fields.BinaryField(null=True)
    declined = fields.BinaryField(null=True)
    memory = fields.BinaryField(null=True)
    offered_count = fields.IntField(db_default=0)
    adopted_count = fields.IntField(db_default=0)
    draft_count = fields.IntField(db_default=0)
    # Why it could not be read, or is not applied.
    trouble = fields.TextField(db_default="")
    failures = fields.IntField(db_default=0)
    phase = fields.CharField(max_length=200, db_default="")
    version = fields.BigIntField(db_default=0)
    tried_at = fields.BigIntField(null=True)
    read_at = fields.BigIntField(null=True)
    changed_at = fields.BigIntField(null=True)
    due_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "policy_list"

"""What was done to run this node, each row chained to the one before."""

from tortoise import fields
from tortoise.models import Model


class Audit(Model):
    """A deed of somebody who runs this node. No row is ever changed."""

    n = fields.BigIntField(primary_key=True)
    at = fields.BigIntField()
    who = fields.CharField(max_length=2048, db_default="")
    face = fields.CharField(max_length=16)
    act = fields.CharField(max_length=32)
    about = fields.CharField(max_length=2048)
    detail = fields.TextField()
    prev_hash = fields.CharField(max_length=64, db_default="")
    hash = fields.CharField(max_length=64)

    class Meta:
        """The table, its keys and its indexes."""

        table = "audit"

"""Who follows whom, as far as it is asked or answered."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Follow(Model):
    """A follow, asked or answered."""

    id = fields.BigIntField(primary_key=True)
    follower = fields.CharField(max_length=2048)
    followed = fields.CharField(max_length=2048)
    activity_id = fields.CharField(max_length=2048, db_default="")
    state = fields.CharField(max_length=32)
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "follow"
        unique_together = (("follower", "followed"),)
        indexes = (
            Index(fields=("followed", "state"), name="follow_followed"),
            Index(fields=("activity_id",), name="follow_activity"),
        )

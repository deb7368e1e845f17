"""What was deleted by its author, or removed by a group's moderators, before it came."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Tombstone(Model):
    """The word of `actor_uri`, its author or its group, that a message is not to be shown."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048)
    actor_uri = fields.CharField(max_length=2048)
    conversation_id = fields.CharField(max_length=26, db_default="")
    activity_id = fields.CharField(max_length=2048)
    deleted_at = fields.BigIntField()
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "tombstone"
        unique_together = (("uri", "actor_uri"),)
        indexes = (
            Index(fields=("created_at",), name="tombstone_age"),
            Index(fields=("activity_id",), name="tombstone_activity"),
        )

"""Who has answered a message with which emoji."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Reaction(Model):
    """A person's reaction, shown unless it was undone after `liked_at` or by its id."""

    id = fields.BigIntField(primary_key=True)
    message_uri = fields.CharField(max_length=2048)
    actor_uri = fields.CharField(max_length=2048)
    emoji = fields.CharField(max_length=128)
    icon = fields.CharField(max_length=2048, db_default="")
    activity_id = fields.CharField(max_length=2048, db_default="")
    liked_at = fields.BigIntField(db_default=0)
    undone_id = fields.CharField(max_length=2048, db_default="")
    undone_at = fields.BigIntField(db_default=0)

    class Meta:
        """The table, its keys and its indexes."""

        table = "reaction"
        unique_together = (("message_uri", "actor_uri", "emoji"),)
        indexes = (Index(fields=("activity_id",), name="reaction_activity"),)

"""That an activity has taken effect for a recipient."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Seen(Model):
    """An activity that has taken effect for a local person, or for nobody in particular."""

    id = fields.BigIntField(primary_key=True)
    actor_uri = fields.CharField(max_length=2048)
    activity_id = fields.CharField(max_length=2048)
    recipient = fields.CharField(max_length=2048, db_default="")
    hash = fields.CharField(max_length=128, db_default="")
    seen_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "seen"
        unique_together = (("actor_uri", "activity_id", "recipient"),)
        indexes = (Index(fields=("seen_at",), name="seen_age"),)

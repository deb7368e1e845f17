"""The exact bytes of an activity, once."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Activity(Model):
    """An activity as it was signed."""

    id = fields.CharField(max_length=2048, primary_key=True)
    actor_uri = fields.CharField(max_length=2048)
    document = fields.TextField()
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "activity"
        indexes = (Index(fields=("created_at",), name="activity_age"),)

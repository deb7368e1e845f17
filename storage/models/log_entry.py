"""A number of an author's log, and the activity that carries it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class LogEntry(Model):
    """A number of a log, where two activities under one number are an equivocation."""

    id = fields.BigIntField(primary_key=True)
    log_uri = fields.CharField(max_length=2048)
    seq = fields.BigIntField()
    activity_id = fields.CharField(max_length=2048)

    class Meta:
        """The table, its keys and its indexes."""

        table = "log_entry"
        unique_together = (("log_uri", "seq", "activity_id"),)
        indexes = (Index(fields=("activity_id",), name="log_entry_activity"),)

"""What somebody has reported, with the texts that they chose to show."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Report(Model):
    """A report about somebody, for the people who run this node."""

    id = fields.CharField(max_length=26, primary_key=True)
    reporter_uri = fields.CharField(max_length=2048)
    accused_uri = fields.CharField(max_length=2048)
    local = fields.BooleanField()
    comment = fields.TextField()
    messages = fields.TextField()
    forwarded = fields.BooleanField()
    created_at = fields.BigIntField()
    closed_at = fields.BigIntField(null=True)
    closed_by = fields.CharField(max_length=2048, db_default="")

    class Meta:
        """The table, its keys and its indexes."""

        table = "report"
        indexes = (
            Index(fields=("reporter_uri", "created_at"), name="report_reporter"),
            Index(fields=("closed_at", "created_at"), name="report_closed"),
        )

"""What a message said before it was edited."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class MessageVersion(Model):
    """A former text of a message, brought by `activity_id` and written at `written_at`."""

    id = fields.BigIntField(primary_key=True)
    message_id = fields.CharField(max_length=26)
    activity_id = fields.CharField(max_length=2048)
    written_at = fields.BigIntField()
    html = fields.TextField(null=True)
    text = fields.TextField(null=True)
    summary = fields.TextField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "message_version"
        indexes = (
            Index(fields=("message_id", "written_at"), name="message_version_order"),
            Index(fields=("activity_id",), name="message_version_activity"),
        )

"""What a member asked of a group's home, and what came of it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class GroupRequest(Model):
    """A member's request, at their own node and at home: waiting, applied, refused or expired."""

    id = fields.CharField(max_length=2048, primary_key=True)
    conversation_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=2048)
    wish = fields.CharField(max_length=32)
    subject = fields.CharField(max_length=2048, db_default="")
    state = fields.CharField(max_length=32)
    notice = fields.CharField(max_length=32, db_default="")
    quiet = fields.BooleanField(db_default=False)
    published_at = fields.BigIntField()
    created_at = fields.BigIntField()
    settled_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "group_request"
        indexes = (
            Index(fields=("conversation_id", "actor_uri", "created_at"), name="group_request_rate"),
            Index(fields=("state", "published_at"), name="group_request_end"),
        )

"""The epochs during which a person was a member."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class MemberSpan(Model):
    """A span of epochs as a member, `to_epoch` exclusive, and null while it lasts."""

    id = fields.BigIntField(primary_key=True)
    conversation_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=2048)
    from_epoch = fields.IntField()
    to_epoch = fields.IntField(null=True)
    stamp = fields.BigIntField(db_default=0)

    class Meta:
        """The table, its keys and its indexes."""

        table = "member_span"
        indexes = (
            Index(fields=("conversation_id", "actor_uri", "from_epoch"), name="member_span_place"),
            # Summed for every message.
            Index(fields=("conversation_id", "stamp"), name="member_span_stamp"),
        )

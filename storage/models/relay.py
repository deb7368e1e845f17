"""What a home has wrapped of unaware members' messages: who may read it, and whom it went to."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Relay(Model):
    """A wrapper, for `readers` or, if that is empty, all members, and sent to `passed_to`."""

    id = fields.CharField(max_length=2048, primary_key=True)
    conversation_id = fields.CharField(max_length=26)
    message_uri = fields.CharField(max_length=2048)
    is_end = fields.BooleanField(db_default=False)
    readers = fields.TextField(db_default="")
    passed_to = fields.TextField(db_default="")

    class Meta:
        """The table, its keys and its indexes."""

        table = "relay"
        indexes = (
            Index(fields=("message_uri",), name="relay_message"),
            Index(fields=("conversation_id",), name="relay_place"),
            Index(fields=("is_end",), name="relay_end"),
        )

"""A file somebody here has uploaded, and the message that shows it, or whom it shows."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Media(Model):
    """An upload of a local person, whose `message_id` is empty until a message shows it.

    The picture of a person or group has the actor's id as its `subject`, and no message.
    """

    id = fields.CharField(max_length=26, primary_key=True)
    account = fields.CharField(max_length=64)
    token = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=128)
    media_type = fields.CharField(max_length=128)
    digest = fields.CharField(max_length=64)
    thumbnail_digest = fields.CharField(max_length=64, db_default="")
    size = fields.BigIntField()
    thumbnail_size = fields.BigIntField(db_default=0)
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)
    blurhash = fields.CharField(max_length=128, db_default="")
    description = fields.TextField(db_default="")
    message_id = fields.CharField(max_length=26, db_default="")
    subject = fields.CharField(max_length=2048, db_default="")
    created_at = fields.BigIntField()
    number = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "media"
        indexes = (
            Index(fields=("account",), name="media_account"),
            Index(fields=("message_id", "created_at"), name="media_message"),
            Index(fields=("number",), name="media_number"),
        )

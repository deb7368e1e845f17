"""Where a group whose home is gone goes on, as its successors say."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Succession(Model):
    """A successor's Move, whose signed bytes are in `activity`: heard, followed or refused."""

    id = fields.CharField(max_length=2048, primary_key=True)
    conversation_id = fields.CharField(max_length=26)
    mover_uri = fields.CharField(max_length=2048)
    target_uri = fields.CharField(max_length=2048)
    state = fields.CharField(max_length=32)
    before = fields.TextField(db_default="")
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "succession"
        indexes = (Index(fields=("conversation_id",), name="succession_place"),)

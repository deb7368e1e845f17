"""A link by which people may join a group of ours."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class JoinLink(Model):
    """A link into a group, of whose secret only the hash is kept."""

    id = fields.CharField(max_length=26, primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    conversation_id = fields.CharField(max_length=26)
    maker_uri = fields.CharField(max_length=2048)
    uses_left = fields.IntField()
    created_at = fields.BigIntField()
    ends_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "join_link"
        indexes = (
            Index(fields=("conversation_id",), name="join_link_place"),
            Index(fields=("ends_at",), name="join_link_end"),
        )

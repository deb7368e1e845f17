"""A link by which people who have none may make an account here."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class SignUpLink(Model):
    """An invitation to this node, of whose secret only the hash is kept."""

    id = fields.CharField(max_length=26, primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    uses = fields.IntField()
    uses_left = fields.IntField()
    created_at = fields.BigIntField()
    ends_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "sign_up_link"
        indexes = (Index(fields=("ends_at",), name="sign_up_link_end"),)

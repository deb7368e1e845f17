"""How far somebody has come in a list of their clients."""

from tortoise import fields
from tortoise.models import Model


class ClientMark(Model):
    """A place in a list that all clients of an account share, three for each account at most."""

    id = fields.BigIntField(primary_key=True)
    account = fields.CharField(max_length=64)
    timeline = fields.CharField(max_length=32)
    place = fields.BigIntField()
    version = fields.IntField(db_default=0)
    updated_at = fields.BigIntField()

    class Meta:
        """The table and its keys."""

        table = "client_mark"
        unique_together = (("account", "timeline"),)

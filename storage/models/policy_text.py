"""What is kept of a stranger's message to find others like it; its text cannot be read there."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class PolicyText(Model):
    """The fingerprint of a stranger's message, for one person whom it was for."""

    id = fields.BigIntField(primary_key=True)
    at = fields.BigIntField()
    person = fields.CharField(max_length=2048)
    actor_uri = fields.CharField(max_length=2048)
    activity_id = fields.CharField(max_length=2048)
    exact = fields.CharField(max_length=32)
    simhash = fields.CharField(max_length=16, db_default="")
    media = fields.TextField(db_default="")
    links = fields.TextField(db_default="")

    class Meta:
        """The table, its keys and its indexes."""

        table = "policy_text"
        indexes = (Index(fields=("at",), name="policy_text_age"),)

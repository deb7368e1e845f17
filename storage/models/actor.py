"""An actor, of this node or of another: where it is and what its node can do."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Actor(Model):
    """An actor as last seen, its `document` raw if it is remote and empty if it is ours."""

    uri = fields.CharField(max_length=2048, primary_key=True)
    host = fields.CharField(max_length=300)
    local = fields.BooleanField()
    kind = fields.CharField(max_length=32)
    type = fields.CharField(max_length=64, db_default="")
    username = fields.CharField(max_length=300, db_default="")
    domain = fields.CharField(max_length=300, db_default="")
    name = fields.TextField(db_default="")
    icon = fields.CharField(max_length=2048, db_default="")
    inbox = fields.CharField(max_length=2048, db_default="")
    shared_inbox = fields.CharField(max_length=2048, db_default="")
    followers = fields.CharField(max_length=2048, db_default="")
    outbox = fields.CharField(max_length=2048, db_default="")
    aware = fields.BooleanField(db_default=False)
    state = fields.CharField(max_length=32, db_default="active")
    document = fields.TextField(db_default="")
    fetched_at = fields.BigIntField(null=True)
    created_at = fields.BigIntField()
    gone_days = fields.IntField(db_default=0)
    gone_at = fields.BigIntField(null=True)
    deleted_at = fields.BigIntField(null=True)
    moved_to = fields.CharField(max_length=2048, db_default="")
    moved_at = fields.BigIntField(null=True)
    number = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "actor"
        indexes = (
            Index(fields=("username", "domain"), name="actor_handle"),
            Index(fields=("host", "uri"), name="actor_host"),
            Index(fields=("number",), name="actor_number"),
        )

"""A local account: who may sign in here, and as which person."""

from tortoise import fields
from tortoise.models import Model


class Account(Model):
    """A local account, which speaks as the person `actor_uri`; `details` are JSON pairs.

    Its quiet hours are minutes after midnight in its zone.
    """

    name = fields.CharField(max_length=64, primary_key=True)
    actor_uri = fields.CharField(max_length=2048, unique=True)
    display_name = fields.TextField(db_default="")
    role = fields.CharField(max_length=32)
    password_hash = fields.TextField(db_default="")
    state = fields.CharField(max_length=32, db_default="active")
    receipts = fields.BooleanField(db_default=False)
    typing = fields.BooleanField(db_default=True)
    presence = fields.BooleanField(db_default=True)
    previews = fields.BooleanField(db_default=True)
    bio = fields.TextField(db_default="")
    details = fields.TextField(db_default="[]")
    language = fields.CharField(max_length=32, db_default="")
    theme = fields.CharField(max_length=32, db_default="")
    text_size = fields.CharField(max_length=32, db_default="")
    density = fields.CharField(max_length=32, db_default="")
    motion = fields.CharField(max_length=32, db_default="")
    send_key = fields.CharField(max_length=32, db_default="")
    writers = fields.CharField(max_length=32, db_default="requests")
    inviters = fields.CharField(max_length=32, db_default="requests")
    trusts_followed = fields.BooleanField(db_default=True)
    mates_ask = fields.BooleanField(db_default=False)
    quiet_from = fields.IntField(null=True)
    quiet_to = fields.IntField(null=True)
    zone = fields.CharField(max_length=64, db_default="")
    approves_followers = fields.BooleanField(db_default=False)
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "account"

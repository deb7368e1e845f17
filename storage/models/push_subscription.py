"""Where a browser or an app that is signed in wants to be told of messages."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class PushSubscription(Model):
    """The push subscription of one session or token, whose hash is `credential`."""

    id = fields.BigIntField(primary_key=True)
    credential = fields.CharField(max_length=64, unique=True)
    account = fields.CharField(max_length=64)
    person = fields.CharField(max_length=2048)
    endpoint = fields.CharField(max_length=2048)
    p256dh = fields.CharField(max_length=128)
    auth = fields.CharField(max_length=32)
    standard = fields.BooleanField(db_default=True)
    shows_text = fields.BooleanField(db_default=False)
    alerts = fields.TextField(db_default="")
    policy = fields.CharField(max_length=32, db_default="")
    token = fields.TextField(db_default="")
    created_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "push_subscription"
        indexes = (
            Index(fields=("person",), name="push_subscription_person"),
            Index(fields=("endpoint",), name="push_subscription_endpoint"),
        )

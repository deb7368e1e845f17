"""What apps of Mastodon's API want to be told of, and the token that their pushes name."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0044_client_marks")]

    initial = False

    operations = [
        ops.AddField(
            model_name="PushSubscription",
            name="alerts",
            field=fields.TextField(db_default="", unique=False),
        ),
        ops.AddField(
            model_name="PushSubscription",
            name="policy",
            field=fields.CharField(max_length=32, db_default=""),
        ),
        ops.AddField(
            model_name="PushSubscription",
            name="token",
            field=fields.TextField(db_default="", unique=False),
        ),
    ]

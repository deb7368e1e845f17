"""Where people who are signed in want to be told of messages."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0024_find_what_was_stamped")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PushSubscription",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("credential", fields.CharField(unique=True, max_length=64)),
                ("account", fields.CharField(max_length=64)),
                ("person", fields.CharField(max_length=2048)),
                ("endpoint", fields.CharField(max_length=2048)),
                ("p256dh", fields.CharField(max_length=128)),
                ("auth", fields.CharField(max_length=32)),
                ("standard", fields.BooleanField(db_default=True)),
                ("shows_text", fields.BooleanField(db_default=False)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "push_subscription",
                "app": "models",
                "indexes": [
                    Index(fields=["person"], name="push_subscription_person"),
                    Index(fields=["endpoint"], name="push_subscription_endpoint"),
                ],
                "pk_attr": "id",
                "table_description": "The push subscription of one session or token, whose hash is `credential`.",
            },
            bases=["Model"],
        ),
    ]

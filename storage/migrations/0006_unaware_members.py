"""What unaware members of groups need: their software, what home relays, notices on messages."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0005_keep_the_epoch_of_a_cursor")]

    operations = [
        ops.CreateModel(
            name="Relay",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=2048),
                ),
                ("conversation_id", fields.CharField(max_length=26)),
                ("message_uri", fields.CharField(max_length=2048)),
                ("is_end", fields.BooleanField(db_default=False)),
                ("readers", fields.TextField(db_default="", unique=False)),
                ("passed_to", fields.TextField(db_default="", unique=False)),
            ],
            options={
                "table": "relay",
                "app": "models",
                "indexes": [Index(fields=["message_uri"], name="relay_message")],
                "pk_attr": "id",
                "table_description": "A wrapper, for `readers` or, if that is empty, all members, and sent to `passed_to`.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Conversation",
            name="checked_at",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="GroupRequest",
            name="quiet",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Message",
            name="notices",
            field=fields.TextField(db_default="", unique=False),
        ),
        ops.AddField(
            model_name="Peer",
            name="software",
            field=fields.CharField(db_default="", max_length=100),
        ),
        ops.AddField(
            model_name="Peer",
            name="software_at",
            field=fields.BigIntField(null=True),
        ),
    ]

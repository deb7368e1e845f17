from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0004_follow_departed_accounts")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Conversation",
            name="history_epoch",
            field=fields.IntField(db_default=0),
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0002_complete_groups")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Conversation",
            name="context_t",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddField(
            model_name="Conversation",
            name="thread_t",
            field=fields.BigIntField(db_default=0),
        ),
    ]

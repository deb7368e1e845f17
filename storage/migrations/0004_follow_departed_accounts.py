from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0003_keep_where_threads_came_from")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Actor",
            name="deleted_at",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Actor",
            name="gone_at",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Actor",
            name="gone_days",
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name="Actor",
            name="moved_at",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Actor",
            name="moved_to",
            field=fields.CharField(db_default="", max_length=2048),
        ),
    ]

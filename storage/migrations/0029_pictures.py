"""Pictures of people and groups: where each is, and whom an upload shows."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0028_who_may_reach")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Actor",
            name="icon",
            field=fields.CharField(db_default="", max_length=2048),
        ),
        ops.AddField(
            model_name="Media",
            name="subject",
            field=fields.CharField(db_default="", max_length=2048),
        ),
        ops.AddField(
            model_name="StateLink",
            name="icon",
            field=fields.CharField(db_default="", max_length=2048),
        ),
    ]

"""Who may write to a person and invite them, and whether followers need their yes."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0027_looks")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Account",
            name="approves_followers",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Account",
            name="inviters",
            field=fields.CharField(db_default="requests", max_length=32),
        ),
        ops.AddField(
            model_name="Account",
            name="mates_ask",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Account",
            name="trusts_followed",
            field=fields.BooleanField(db_default=True),
        ),
        ops.AddField(
            model_name="Account",
            name="writers",
            field=fields.CharField(db_default="requests", max_length=32),
        ),
    ]

"""What people say of themselves, and how they want their pages to look."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0022_preferences_and_drafts")]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name="Account",
            options={
                "table": "account",
                "app": "models",
                "pk_attr": "name",
                "table_description": "A local account, which speaks as the person `actor_uri`; `details` are JSON pairs.",
            },
        ),
        ops.AddField(
            model_name="Account",
            name="bio",
            field=fields.TextField(db_default="", unique=False),
        ),
        ops.AddField(
            model_name="Account",
            name="details",
            field=fields.TextField(db_default="[]", unique=False),
        ),
        ops.AddField(
            model_name="Account",
            name="language",
            field=fields.CharField(db_default="", max_length=32),
        ),
        ops.AddField(
            model_name="Account",
            name="text_size",
            field=fields.CharField(db_default="", max_length=32),
        ),
        ops.AddField(
            model_name="Account",
            name="theme",
            field=fields.CharField(db_default="", max_length=32),
        ),
    ]

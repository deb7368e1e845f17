"""What home shows of a group's settings to whoever is invited."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0008_repairs_on_account")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Conversation",
            name="shown_settings",
            field=fields.TextField(db_default="", unique=False),
        ),
    ]

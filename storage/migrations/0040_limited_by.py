"""Which rules change how a person sees a message."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0039_policy_texts")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Recipient",
            name="limited_by",
            field=fields.TextField(db_default="", unique=False),
        ),
    ]

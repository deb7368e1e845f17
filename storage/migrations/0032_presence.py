"""Whether others see that somebody is active."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0031_host_blocks")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Account",
            name="presence",
            field=fields.BooleanField(db_default=True),
        ),
    ]

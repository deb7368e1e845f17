"""Which version a host says it runs."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0040_limited_by")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Peer",
            name="software_version",
            field=fields.CharField(db_default="", max_length=100),
        ),
    ]

"""Who hides a server is found by its name, for each message that comes from there."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0032_presence")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name="HostBlock",
            index=Index(fields=["host"], name="host_block_host"),
        ),
    ]

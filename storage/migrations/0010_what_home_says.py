"""What home says besides its state changes is found by its group."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0009_settings_shown")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name="Relay",
            index=Index(fields=["conversation_id"], name="relay_place"),
        ),
        ops.AddIndex(
            model_name="Tombstone",
            index=Index(fields=["actor_uri"], name="tombstone_actor"),
        ),
    ]

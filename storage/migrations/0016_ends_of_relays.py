"""The ends of what home has wrapped are found, and wrappers of which nothing is left go."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0015_stamps")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name="Relay",
            index=Index(fields=["is_end"], name="relay_end"),
        ),
        # What home says is found by its id.
        ops.RemoveIndex(model_name="Tombstone", name="tombstone_actor", fields=None),
        ops.RunSQL(
            "DELETE FROM relay WHERE NOT EXISTS ("
            "SELECT 1 FROM activity WHERE activity.id = relay.id)"
        ),
        ops.RunSQL("UPDATE relay SET passed_to = '[]' WHERE is_end = TRUE"),
    ]

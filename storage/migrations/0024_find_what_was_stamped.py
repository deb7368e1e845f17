"""The logs that have been written since are found by their stamps, which are summed as well."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0023_profiles_and_appearance")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name="AuthorLog",
            index=Index(fields=["conversation_id", "stamp"], name="author_log_stamp"),
        ),
    ]
